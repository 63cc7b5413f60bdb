import type { ActInfo } from '../../client/index.js';
import { moderationOf } from '../moderation-of.js';
import { parseDate } from '../parse/date.js';
import { showList } from '../render/list.js';
import { actLine } from '../render/moderation-lines.js';
import { table } from '../render/table.js';
import { localTime } from '../render/time.js';
import { examples, type Verb } from '../verb.js';

export const auditVerb: Verb = (program, runner) => {
  program
    .command('audit')
    .description('show who did what in a community, when and why; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .option('--since <date>', 'only what was done from then on')
    .addHelpText('after', examples('moot audit Hamlet', 'moot audit Hamlet --since 2026-11-01 --json'))
    .action(
      runner<{ readonly since?: string }>(async (session, { since }, server = '') => {
        const sinceMs = since === undefined ? undefined : parseDate('--since', since);
        session.doing = `cannot read the log of ${server}`;
        const moderation = await moderationOf(session, server);
        await showList(session, moderation.audit({ sinceMs, signal: session.signal }), {
          line: actLine,
          table: actTable,
          none: `nothing was done in ${moderation.name}`,
        });
      }),
    );
};

function actTable(acts: readonly ActInfo[], columns: number): string {
  return table<ActInfo>(
    [
      { head: 'WHEN', text: ({ atMs }) => localTime(atMs) },
      { head: 'WHO', text: ({ by }) => by.memberName },
      { head: 'WHAT', text: ({ kind }) => kind },
      { head: 'ABOUT', text: ({ about, aboutName }) => aboutName || `${about.slice(0, 12)}…` },
      { head: 'REASON', text: ({ reason }) => reason || '–' },
    ],
    acts,
    columns,
  );
}
