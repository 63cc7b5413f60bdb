import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly file?: string;
}

export const shellVerb: Verb = (program, runner) => {
  program
    .command('shell')
    .description('one prompt: CONNECT, PUBLISH, SUBSCRIBE and more; HELP lists them')
    .option('-f, --file <file>', 'commands to begin with, one a line')
    .addHelpText(
      'after',
      `
Subscriptions are kept: who ends without DISCONNECT and comes back under the same name gets them back, and what came meanwhile.
${examples('moot shell', "printf 'CONNECT 50052 ada\\nPUBLISH sports.chess 1. b4\\n' | moot shell")}`,
    )
    .action(
      runner<Flags>(async (session, { file }) => {
        if (session.settings.json) throw usage('--json', 'moot shell has no --json', 'moot subscribe SERVER --json');
        const [{ readLines }, { runShell }] = await Promise.all([
          import('../roles/command-file.js'),
          import('../shell/shell.js'),
        ]);
        const script = file === undefined ? [] : await readLines(file);
        session.doing = 'cannot run the shell';
        await runShell(session, script);
      }),
    );
};
