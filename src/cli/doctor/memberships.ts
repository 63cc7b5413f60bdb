import type { Joined, Moot } from '../../client/index.js';
import { placeOf } from '../../core/address.js';
import { type Check, failed } from './check.js';
import type { Listed } from './registries.js';

/** Each membership that is kept, with the server where it is listed now, else where it was last found. */
export async function checkMemberships(moot: Moot, listed: ReadonlyMap<string, Listed>): Promise<readonly Check[]> {
  try {
    const kept = await moot.memberships();
    return await Promise.all(
      kept.map((joined) => checkMembership(moot, { ...joined, ...place(listed.get(joined.id)) })),
    );
  } catch (error) {
    return [failed('membership', error)];
  }
}

async function checkMembership(moot: Moot, joined: Joined): Promise<Check> {
  const { name, address, member } = joined;
  const check = 'membership';
  try {
    await moot.checkMembership(joined);
    return { check, status: 'ok', detail: `${name}: member as ${member}` };
  } catch (error) {
    const { detail: why, hint, code } = failed(check, error);
    if (code !== 'unavailable' && code !== 'timed_out') return { check, status: 'FAIL', detail: why, hint, code };
    const detail = `${name}: member as ${member} when it was last asked; ${placeOf(address)} does not answer`;
    return { check, status: 'warning', detail, hint: 'start that server, or ask again when it is back' };
  }
}

function place(listed: Listed | undefined): Partial<Joined> {
  return listed ? { address: listed.address, name: listed.name } : {};
}
