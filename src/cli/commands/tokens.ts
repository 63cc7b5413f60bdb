import type { TokenInfo } from '../../client/index.js';
import { codeOf } from '../../core/errors.js';
import { moderationOf } from '../moderation-of.js';
import { showList } from '../render/list.js';
import { tokenLine } from '../render/moderation-lines.js';
import { table } from '../render/table.js';
import { localTime } from '../render/time.js';
import type { Session } from '../session.js';
import { usage } from '../usage.js';
import { examples, type Verb } from '../verb.js';

interface Flags {
  readonly renew?: boolean;
  readonly revoke?: string;
}

export const tokensVerb: Verb = (program, runner) => {
  program
    .command('tokens')
    .description(
      'show your token of a community, or as its moderator or operator those of all members; never their text',
    )
    .argument('<server>', 'a name, the start of an id, or HOST:PORT')
    .option('--renew', 'get a new token in place of yours, which is refused from then on')
    .option('--revoke <member>', 'end the token of a member; a code is shown with which they get a new one')
    .addHelpText(
      'after',
      examples('moot tokens Hamlet', 'moot tokens Hamlet --renew', 'moot tokens Hamlet --revoke ada'),
    )
    .action(
      runner<Flags>(async (session, { renew = false, revoke }, server = '') => {
        if (renew && revoke !== undefined)
          throw usage('--revoke', '--renew is about yours, --revoke about another one’s');
        session.doing = `cannot ${renew ? 'renew' : revoke === undefined ? 'list' : 'revoke'} tokens of ${server}`;
        if (revoke !== undefined) return await revokeToken(session, server, revoke);
        const tokens = renew ? [await renewed(session, server)] : await listed(session, server);
        await showList(session, tokens, { line: tokenLine, table: tokenTable, none: 'nobody is a member' });
      }),
    );
};

async function revokeToken(session: Session, server: string, who: string): Promise<void> {
  const moderation = await moderationOf(session, server);
  const { member, code } = await moderation.revokeToken(who, { signal: session.signal });
  const { id, name } = member;
  await session.give({ id, name, code });
  await session.say(`${code}\n`);
  await session.note(
    `the token of ${name} is revoked; they get a new one within a week: moot join ${moderation.name} --as ${name} --invite ${code}\n`,
  );
}

async function renewed(session: Session, server: string): Promise<TokenInfo> {
  const { signal } = session;
  const community = await (await session.moot()).community(server, { signal });
  return (await community.renewToken({ signal })).membershipThere({ signal });
}

/** All, for who may see them; else our own. */
async function listed(session: Session, server: string): Promise<readonly TokenInfo[]> {
  const { signal } = session;
  const tokens: TokenInfo[] = [];
  try {
    for await (const token of (await moderationOf(session, server)).tokens({ signal })) tokens.push(token);
    return tokens;
  } catch (error) {
    if (!['denied', 'unauthenticated'].includes(codeOf(error))) throw error;
    return [await (await (await session.moot()).community(server, { signal })).membershipThere({ signal })];
  }
}

function tokenTable(tokens: readonly TokenInfo[], columns: number): string {
  return table<TokenInfo>(
    [
      { head: 'TOKEN', text: ({ tokenId }) => (tokenId === undefined ? 'revoked' : `${tokenId}…`) },
      { head: 'MEMBER', text: ({ name }) => name },
      { head: 'ROLE', text: ({ role }) => role },
      { head: 'MADE', text: ({ tokenAtMs }) => localTime(tokenAtMs) },
      { head: 'LAST USED', text: ({ seenAtMs }) => (seenAtMs === undefined ? '–' : localTime(seenAtMs)) },
    ],
    tokens,
    columns,
  );
}
