import { MootError } from '../../core/errors.js';
import { foldName } from '../../core/name.js';
import type { Member, MemberEntry, MemberStore } from '../../core/stores.js';
import { nameTaken } from '../refusals.js';
import type { Ask, Database } from './database.js';
import type { RecordChanges } from './record-changes.js';

/** Members, in their table; `own` is the number of the own log. */
export function memberStore(database: Database, changes: RecordChanges, own: number): MemberStore {
  return {
    add: (member) => changes.change(['members'], (ask) => addMember(ask, member)),
    remove: (id, leftAtMs) => changes.change(['members', 'held'], (ask) => removeMember(ask, own, id, leftAtMs)),
    all: async () => {
      const rows = await database.read<Omit<Member, 'seenAtMs'> & { seenAtMs: number | null }>(
        `SELECT id, name, token_hash AS "tokenHash", joined_at AS "joinedAtMs", role, token_at AS "tokenAtMs",
           seen_at AS "seenAtMs" FROM members WHERE left_at IS NULL ORDER BY number`,
      );
      return rows.map(({ seenAtMs, ...member }) => ({ ...member, seenAtMs: seenAtMs ?? undefined }));
    },
    page: (after, limit) =>
      database.read<MemberEntry>(
        `SELECT id, name, joined_at AS "joinedAtMs", role FROM members WHERE left_at IS NULL AND id > $1
         ORDER BY id LIMIT $2`,
        [after, limit],
      ),
  };
}

/** Within a change of members. @throws MootError `already_exists`. */
export async function addMember(ask: Ask, member: Member): Promise<void> {
  const { id, name, tokenHash, joinedAtMs, role, tokenAtMs, seenAtMs = null } = member;
  const folded = foldName(name);
  const [known] = await ask('SELECT 1 AS one FROM members WHERE id = $1', [id]);
  if (known) throw new MootError('already_exists', 'that member id was given before', { field: 'id' });
  const [named] = await ask('SELECT 1 AS one FROM members WHERE folded_name = $1 AND left_at IS NULL', [folded]);
  if (named) throw nameTaken(name);
  await ask(
    `INSERT INTO members (number, id, name, folded_name, token_hash, joined_at, role, token_at, seen_at)
     SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8 FROM members`,
    [id, name, folded, tokenHash, joinedAtMs, role, tokenAtMs, seenAtMs],
  );
}

/** Within a change of members and of what is held. */
export async function removeMember(ask: Ask, own: number, id: string, leftAtMs: number): Promise<boolean> {
  const gone = await ask('DELETE FROM held WHERE member = $1 RETURNING number', [id]);
  // Who appends has looked at what is held.
  if (gone.length > 0) await ask('UPDATE logs SET version = version + 1 WHERE origin = $1', [own]);
  const left = await ask('UPDATE members SET left_at = $1 WHERE id = $2 AND left_at IS NULL RETURNING number', [
    leftAtMs,
    id,
  ]);
  return left.length > 0;
}
