import { requireTerminal } from '../require-terminal.js';
import { examples, type Verb } from '../verb.js';

export const connectorVerb: Verb = (program, runner) => {
  program
    .command('connector')
    .description('a menu: the servers and their links, "Server A joins Server B", and links taken away')
    .addHelpText('after', examples('moot connector'))
    .action(
      runner(async (session) => {
        const terminal = requireTerminal(session, 'moot connect A B, or moot disconnect A B');
        const [{ Prompts }, { runConnector }] = await Promise.all([
          import('../menu/prompts.js'),
          import('../menu/connector-menu.js'),
        ]);
        await runConnector(session, new Prompts(terminal, session.signal));
      }),
    );
};
