import { parseWhole } from '../parse/number.js';
import { requireTerminal } from '../require-terminal.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly count?: string;
}

const keys = `
Keys: r a m u l n sort by rate, articles, members, queries, lag and name, pressed again from the other end; arrows scroll; q quits.
Subscribers and queries are known of communities that you have joined, lag also of those that you run. SLOW LINKS names links
that are down or 2 s behind.
`;

export const topVerb: Verb = (program, runner) => {
  program
    .command('top')
    .description('watch the network as it is now, on the whole terminal; with --json one object each second')
    .option('--count <count>', 'with --json: end after so many')
    .addHelpText('after', keys + examples('moot top', 'moot top --json --count 1'))
    .action(
      runner<Flags>(async (session, { count }) => {
        const most = Number.MAX_SAFE_INTEGER;
        const lines = count === undefined ? most : parseWhole('--count', count, 1, most);
        if (session.settings.json) {
          session.doing = 'cannot watch the network';
          return (await import('../top/give-top.js')).giveTop(session, lines);
        }
        if (count !== undefined) throw usage('--count', '--count is for --json', 'moot top --json --count 1');
        const terminal = requireTerminal(session, 'moot top --json --count 1, or moot map', 'cannot watch the network');
        return (await import('../top/run-top.js')).runTop(session, terminal);
      }),
    );
};
