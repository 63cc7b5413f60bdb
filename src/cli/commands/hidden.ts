import type { HiddenInfo } from '../../client/index.js';
import { moderationOf } from '../moderation-of.js';
import { showList } from '../render/list.js';
import { hiddenLine } from '../render/moderation-lines.js';
import { table } from '../render/table.js';
import { localTime } from '../render/time.js';
import { examples, type Verb } from '../verb.js';

export const hiddenVerb: Verb = (program, runner) => {
  program
    .command('hidden')
    .description('list what is hidden of other communities, and by whom; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .addHelpText('after', examples('moot hidden Hamlet', 'moot hidden Hamlet --json'))
    .action(
      runner(async (session, _flags, server = '') => {
        session.doing = `cannot list what is hidden in ${server}`;
        const moderation = await moderationOf(session, server);
        await showList(session, await moderation.hidden({ signal: session.signal }), {
          line: hiddenLine,
          table: hiddenTable,
          none: `nothing is hidden in ${moderation.name}`,
        });
      }),
    );
};

function hiddenTable(hidden: readonly HiddenInfo[], columns: number): string {
  return table<HiddenInfo>(
    [
      { head: 'SINCE', text: ({ atMs }) => localTime(atMs) },
      { head: 'BY', text: ({ by }) => by },
      { head: 'REASON', text: ({ reason }) => reason || '–' },
      { head: 'FROM', text: ({ origin }) => `${origin.slice(0, 12)}…` },
      { head: 'ID', text: ({ id }) => id },
    ],
    hidden,
    columns,
  );
}
