import { limits } from '../core/limits.js';
import type { MemberEntry } from '../core/stores.js';
import { shortText, toDateMs } from './check.js';
import type { Member } from './gen/moot/v1/community.js';

export function toWireMember({ id, name, joinedAtMs, role }: MemberEntry): Member {
  return { id, name, joinedAtMs: BigInt(joinedAtMs), role };
}

/** @throws MootError `invalid` naming the field. */
export function fromWireMember({ id, name, joinedAtMs, role }: Member): MemberEntry {
  return {
    id: shortText(id, 'id', limits.nameCharacters),
    // A code point may take two characters.
    name: shortText(name, 'name', 2 * limits.nameCharacters),
    joinedAtMs: toDateMs(joinedAtMs, 'joinedAt'),
    role: role === 'moderator' ? 'moderator' : 'member',
  };
}
