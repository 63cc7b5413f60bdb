import { moderationOf } from '../moderation-of.js';
import { parseDuration } from '../parse/duration.js';
import { parseWhole } from '../parse/number.js';
import { inviteLine } from '../render/moderation-lines.js';
import { localTime } from '../render/time.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly uses?: string;
  readonly expires?: string;
  readonly revoke?: string;
}

export const inviteVerb: Verb = (program, runner) => {
  program
    .command('invite')
    .description('make a code with which somebody may join; for moderators and the operator')
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .option('--uses <count>', 'how many may join with it (default: 1)')
    .option('--expires <duration>', 'how long it holds, at most 24d (default: 7d)')
    .option('--revoke <id>', 'instead, end the invitation with this id')
    .addHelpText('after', examples('moot invite Hamlet', 'moot invite Hamlet --uses 20 --expires 2d'))
    .action(
      runner<Flags>(async (session, { uses, expires, revoke }, server = '') => {
        const { signal } = session;
        if (revoke !== undefined && (uses ?? expires) !== undefined)
          throw usage('--revoke', '--revoke ends an invitation; --uses and --expires make one');
        const terms = {
          uses: uses === undefined ? undefined : parseWhole('--uses', uses, 1, 10_000),
          expiresInMs: expires === undefined ? undefined : parseDuration('--expires', expires),
        };
        session.doing =
          revoke === undefined ? `cannot invite to ${server}` : `cannot revoke the invitation to ${server}`;
        const moderation = await moderationOf(session, server);
        const { name } = moderation;
        if (revoke !== undefined) {
          const ended = await moderation.revokeInvite(revoke, { signal });
          await session.give(inviteLine(ended));
          return await session.say(`revoked: invitation ${ended.id} to ${name}\n`);
        }
        const { code, ...made } = await moderation.invite({ ...terms, signal });
        await session.give({ ...inviteLine(made), code });
        await session.say(`${code}\n`);
        const who = made.uses === 1 ? 'one may join' : `${made.uses} may join`;
        await session.note(`${who} until ${localTime(made.expiresAtMs)}: moot join ${name} --invite ${code}\n`);
      }),
    );
};
