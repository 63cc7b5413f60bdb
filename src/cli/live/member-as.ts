import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../client/file-lock.js';
import { type Community, MootError } from '../../client/index.js';
import { wakingClock } from '../../client/waking-clock.js';
import { codeOf, isMootError } from '../../core/errors.js';
import { foldName } from '../../core/name.js';
import type { Session } from '../session.js';
import { usage } from '../usage.js';
import { memberHome } from './member-home.js';

export interface Membership {
  readonly community: Community;
  /** It was made now. */
  readonly isNew: boolean;
}

/**
 * The community `server`, as its member `name`: by the membership kept under that name, else by one that is made now and
 * kept. So one person may be many members, and whoever comes back under the same name has the same token.
 * @throws MootError `already_exists` when somebody else has that name there, `denied` while nobody has let us in.
 */
export async function memberAs(session: Session, server: string, name: string): Promise<Membership> {
  const { signal } = session;
  const moot = await session.moot();
  const { id, name: there } = await moot.find(server, { signal });
  const joined = (await moot.memberships()).find((membership) => membership.id === id);
  if (joined && foldName(joined.member) === foldName(name))
    return { community: await moot.community(server, { signal }), isNew: false };
  const home = memberHome(session.settings.home, name);
  const own = await session.mootAt(home);
  await mkdir(home, { recursive: true, mode: 0o700 });
  // Two programs that begin under one new name at the same time join once.
  return withLock(join(home, 'joining.lock'), wakingClock, async () => {
    const isMember = (await own.memberships()).some((membership) => membership.id === id);
    if (isMember) return { community: await own.community(server, { signal }), isNew: false };
    try {
      const community = await own.join(server, { as: name, signal });
      if (!community.isWaiting) return { community, isNew: true };
      throw new MootError('denied', `${name} asked to join ${there}, and waits for approval`, {
        hint: 'the same later',
      });
    } catch (cause) {
      if (!isMootError(cause) || codeOf(cause) !== 'already_exists') throw cause;
      const hint = 'another name; or with the --home where its membership is kept';
      throw new MootError('already_exists', `the name ${name} is in use in ${there}`, { cause, hint });
    }
  });
}

/** The name by which this system knows who is typing. @throws UsageError, with `flag` as its hint, when it knows none. */
export function loginName(flag: string): string {
  try {
    return userInfo().username;
  } catch (cause) {
    throw usage(flag, 'this system has no login name', `give a name with ${flag}`, cause);
  }
}
