import { addRoleFlags, type RoleFlags } from '../roles/role-flags.js';
import { examples, type Verb } from '../verb.js';

export const subscriberVerb: Verb = (program, runner) => {
  addRoleFlags(program.command('subscriber'))
    .description('show what arrives, by commands from a file, then as is typed; `quit` or `terminate` ends it')
    .addHelpText(
      'after',
      `
A command is SECONDS sub TOPIC, or SECONDS unsub TOPIC: SECONDS counts from the command before, and may be left out where it is
typed. Blank lines and lines that begin with # are left out. Until it is told a topic it shows everything.
${examples('moot subscriber -i s1 -H localhost -p 50052 -f subscriber1.cmd', 'moot subscriber -p 50052')}`,
    )
    .action(
      runner<RoleFlags>(async (session, flags) => {
        const { runSubscriber } = await import('../roles/subscriber.js');
        await runSubscriber(session, flags);
      }),
    );
};
