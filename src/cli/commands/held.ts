import type { HeldInfo } from '../../client/index.js';
import { moderationOf } from '../moderation-of.js';
import { showList } from '../render/list.js';
import { heldLine } from '../render/moderation-lines.js';
import { table } from '../render/table.js';
import { localTime } from '../render/time.js';
import { examples, type Verb } from '../verb.js';

export const heldVerb: Verb = (program, runner) => {
  program
    .command('held')
    .description('list the articles of new members that wait for approval; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .option('--mine', 'your own, and why one was refused; for every member')
    .addHelpText('after', examples('moot held Hamlet --json', 'moot held Hamlet --mine'))
    .action(
      runner<{ readonly mine?: boolean }>(async (session, { mine = false }, server = '') => {
        session.doing = `cannot list what is held in ${server}`;
        const { signal } = session;
        const holder = mine
          ? await (await session.moot()).community(server, { signal })
          : await moderationOf(session, server);
        const none = mine ? `no article of yours is held in ${holder.name}` : `nothing is held in ${holder.name}`;
        await showList(session, holder.held({ signal }), { line: heldLine, table: heldTable, none });
      }),
    );
};

function heldTable(held: readonly HeldInfo[], columns: number): string {
  return table<HeldInfo>(
    [
      { head: 'SINCE', text: ({ heldAtMs }) => localTime(heldAtMs) },
      { head: 'MEMBER', text: ({ member }) => member.memberName },
      { head: 'TOPIC', text: ({ draft }) => draft.topic },
      { head: 'TEXT', text: ({ draft }) => (draft.title ?? draft.body).slice(0, 80) },
      { head: 'STATE', text: ({ refused }) => (refused ? `refused by ${refused.by}` : 'waits') },
      { head: 'REASON', text: ({ refused }) => refused?.reason || '–' },
      { head: 'ID', text: ({ id }) => id },
    ],
    held,
    columns,
  );
}
