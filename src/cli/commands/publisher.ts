import type { PublisherFlags } from '../roles/publisher.js';
import { addRoleFlags } from '../roles/role-flags.js';
import { examples, type Verb } from '../verb.js';

export const publisherVerb: Verb = (program, runner) => {
  addRoleFlags(program.command('publisher'))
    .description('publish by commands from a file, then what is typed; `quit` or `terminate` ends it')
    .option('--topic <topic>', 'without a file: the topic of the lines that are typed', 'broadcast')
    .addHelpText(
      'after',
      `
A command is SECONDS pub TOPIC WORDS…: SECONDS counts from the command before. Each is acknowledged with OK and the id of its
article. Blank lines and lines that begin with # are left out. Without a file every line that is typed goes out as it is.
${examples('moot publisher -i p1 -H localhost -p 50052 -f publisher1.cmd', 'moot publisher -p 50052')}`,
    )
    .action(
      runner<PublisherFlags>(async (session, flags) => {
        const { runPublisher } = await import('../roles/publisher.js');
        await runPublisher(session, flags);
      }),
    );
};
