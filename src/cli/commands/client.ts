import { requireTerminal } from '../require-terminal.js';
import { examples, type Verb } from '../verb.js';

export const clientVerb: Verb = (program, runner) => {
  program
    .command('client')
    .description('a menu: join and leave communities, read and publish articles')
    .addHelpText('after', examples('moot client', 'moot client --registry localhost:50051'))
    .action(
      runner(async (session) => {
        const terminal = requireTerminal(session, 'moot query SERVER, or another of the commands in moot --help');
        // What asks questions is only loaded by the commands that do.
        const [{ Prompts }, { runClient }] = await Promise.all([
          import('../menu/prompts.js'),
          import('../menu/client-menu.js'),
        ]);
        await runClient(session, new Prompts(terminal, session.signal));
      }),
    );
};
