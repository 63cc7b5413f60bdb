import type { InviteInfo } from '../../client/index.js';
import { moderationOf } from '../moderation-of.js';
import { showList } from '../render/list.js';
import { inviteLine } from '../render/moderation-lines.js';
import { table } from '../render/table.js';
import { localTime } from '../render/time.js';
import { examples, type Verb } from '../verb.js';

export const invitesVerb: Verb = (program, runner) => {
  program
    .command('invites')
    .description('list the invitations of a community, without their codes; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .addHelpText('after', examples('moot invites Hamlet', 'moot invites Hamlet --json'))
    .action(
      runner(async (session, _flags, server = '') => {
        session.doing = `cannot list the invitations of ${server}`;
        const moderation = await moderationOf(session, server);
        const invites = await moderation.invites({ signal: session.signal });
        await showList(session, invites, {
          line: inviteLine,
          table: inviteTable,
          none: `${moderation.name} has no invitations`,
        });
      }),
    );
};

function inviteTable(invites: readonly InviteInfo[], columns: number): string {
  const nowMs = Date.now();
  const stateOf = ({ revokedAtMs, expiresAtMs, used, uses }: InviteInfo): string => {
    if (revokedAtMs !== undefined) return 'revoked';
    if (used >= uses) return 'used up';
    return expiresAtMs <= nowMs ? 'over' : 'open';
  };
  return table<InviteInfo>(
    [
      { head: 'STATE', text: stateOf },
      { head: 'USED', text: ({ used, uses }) => `${used} of ${uses}`, right: true },
      { head: 'UNTIL', text: ({ expiresAtMs }) => localTime(expiresAtMs) },
      { head: 'MADE BY', text: ({ madeBy }) => madeBy },
      { head: 'FOR', text: ({ memberId }) => (memberId === undefined ? 'anyone' : `member ${memberId}`) },
      { head: 'ID', text: ({ id }) => id },
    ],
    invites,
    columns,
  );
}
