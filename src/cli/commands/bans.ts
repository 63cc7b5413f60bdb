import type { BanInfo } from '../../client/index.js';
import { moderationOf } from '../moderation-of.js';
import { showList } from '../render/list.js';
import { banLine } from '../render/moderation-lines.js';
import { table } from '../render/table.js';
import { localTime } from '../render/time.js';
import { examples, type Verb } from '../verb.js';

export const bansVerb: Verb = (program, runner) => {
  program
    .command('bans')
    .description('list the names under which nobody may join a community; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .addHelpText('after', examples('moot bans Hamlet', 'moot unban Hamlet ada'))
    .action(
      runner(async (session, _flags, server = '') => {
        session.doing = `cannot list who is banned from ${server}`;
        const moderation = await moderationOf(session, server);
        const bans = await moderation.bans({ signal: session.signal });
        await showList(session, bans, {
          line: banLine,
          table: banTable,
          none: `nobody is banned from ${moderation.name}`,
        });
      }),
    );
};

function banTable(bans: readonly BanInfo[], columns: number): string {
  return table<BanInfo>(
    [
      { head: 'NAME', text: ({ name }) => name },
      { head: 'SINCE', text: ({ sinceMs }) => localTime(sinceMs) },
      { head: 'UNTIL', text: ({ untilMs }) => (untilMs === undefined ? '–' : localTime(untilMs)) },
      { head: 'BY', text: ({ madeBy }) => madeBy },
      { head: 'REASON', text: ({ reason }) => reason || '–' },
      { head: 'ID', text: ({ memberId }) => memberId },
    ],
    bans,
    columns,
  );
}
