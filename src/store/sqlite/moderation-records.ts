import type { Database } from 'better-sqlite3';
import type { Act, ActKind, Ban, Change, Invite, JoinRequest, NotedAct, Role } from '../../core/moderation.js';
import { foldName } from '../../core/name.js';
import { inviteOver } from '../refusals.js';
import type { recordWrites } from './records.js';

/** What changes who may join, and notes what was done: each call is one transaction. */
export function moderationWrites(database: Database, records: ReturnType<typeof recordWrites>) {
  const setRole = database.prepare<[Role, string]>('UPDATE members SET role = ? WHERE id = ? AND left_at IS NULL');
  const setToken = database.prepare<[Uint8Array, number, string]>(
    'UPDATE members SET token_hash = ?, token_at = ?, seen_at = NULL WHERE id = ? AND left_at IS NULL',
  );
  const see = database.prepare<[number, string]>('UPDATE members SET seen_at = ? WHERE id = ?');
  const addInvite = database.prepare(
    `INSERT INTO invites (id, code_hash, made_by, made_at, expires_at, uses, used, member, revoked_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const useInvite = database.prepare<[string, number]>(
    'UPDATE invites SET used = used + 1 WHERE id = ? AND used < uses AND revoked_at IS NULL AND expires_at > ?',
  );
  const revokeInvite = database.prepare<[number, string]>('UPDATE invites SET revoked_at = ? WHERE id = ?');
  const putRequest = database.prepare(
    `INSERT INTO requests (id, name, token_hash, asked_at, refused_at, reason) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET refused_at = excluded.refused_at, reason = excluded.reason`,
  );
  const removeRequest = database.prepare<[string]>('DELETE FROM requests WHERE id = ?');
  const putBan = database.prepare(
    `INSERT OR REPLACE INTO bans (folded_name, name, member, since, until, reason, made_by)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const removeBan = database.prepare<[string]>('DELETE FROM bans WHERE folded_name = ?');
  const note = database.prepare(
    'INSERT INTO acts (at, by_id, by_name, kind, about, about_name, reason) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );

  function carryOut(change: Change): unknown {
    switch (change.kind) {
      case 'add-member':
        return records.addMember(change.member);
      case 'remove-member':
        return records.removeMember(change.id, change.atMs);
      case 'set-role':
        return setRole.run(change.role, change.id);
      case 'set-token':
        return setToken.run(change.tokenHash, change.atMs, change.id);
      case 'see':
        return see.run(change.atMs, change.id);
      case 'add-invite': {
        const { id, codeHash, madeBy, madeAtMs, expiresAtMs, uses, used, memberId = null } = change.invite;
        const { revokedAtMs = null } = change.invite;
        return addInvite.run(id, codeHash, madeBy, madeAtMs, expiresAtMs, uses, used, memberId, revokedAtMs);
      }
      case 'use-invite':
        if (useInvite.run(change.id, change.atMs).changes === 0) throw inviteOver();
        return undefined;
      case 'revoke-invite':
        return revokeInvite.run(change.atMs, change.id);
      case 'put-request': {
        const { id, name, tokenHash, askedAtMs, refusedAtMs = null, reason } = change.request;
        return putRequest.run(id, name, tokenHash, askedAtMs, refusedAtMs, reason);
      }
      case 'remove-request':
        return removeRequest.run(change.id);
      case 'put-ban': {
        const { name, memberId, sinceMs, untilMs = null, reason, madeBy } = change.ban;
        return putBan.run(foldName(name), name, memberId, sinceMs, untilMs, reason, madeBy);
      }
      case 'remove-ban':
        return removeBan.run(foldName(change.name));
    }
  }

  return {
    change: database.transaction((changes: readonly Change[], act?: Act): void => {
      for (const change of changes) carryOut(change);
      if (!act) return;
      const { atMs, by, kind, about, aboutName, reason } = act;
      note.run(atMs, by.memberId, by.memberName, kind, about, aboutName, reason);
    }).immediate,
  };
}

interface ActRow extends Omit<NotedAct, 'by'> {
  readonly byId: string;
  readonly byName: string;
}

/** A row, whose columns are NULL where a record has nothing. */
type Row<T, Optional extends keyof T> = Omit<T, Optional> & { readonly [K in Optional]: NonNullable<T[K]> | null };

/** What reads them. */
export function moderationReads(database: Database) {
  const invites = database.prepare<[], Row<Invite, 'memberId' | 'revokedAtMs'>>(
    `SELECT id, code_hash AS codeHash, made_by AS madeBy, made_at AS madeAtMs, expires_at AS expiresAtMs, uses, used,
       member AS memberId, revoked_at AS revokedAtMs FROM invites ORDER BY number`,
  );
  const requests = database.prepare<[], Row<JoinRequest, 'refusedAtMs'>>(
    `SELECT id, name, token_hash AS tokenHash, asked_at AS askedAtMs, refused_at AS refusedAtMs, reason
     FROM requests ORDER BY number`,
  );
  const bans = database.prepare<[], Row<Ban, 'untilMs'>>(
    `SELECT name, member AS memberId, since AS sinceMs, until AS untilMs, reason, made_by AS madeBy
     FROM bans ORDER BY number`,
  );
  const acts = database.prepare<[number, number, number], ActRow & { readonly kind: ActKind }>(
    `SELECT number, at AS atMs, by_id AS byId, by_name AS byName, kind, about, about_name AS aboutName, reason
     FROM acts WHERE number > ? AND at >= ? ORDER BY number LIMIT ?`,
  );
  return {
    invites: (): Invite[] =>
      invites.all().map(({ memberId, revokedAtMs, ...invite }) => {
        return { ...invite, memberId: memberId ?? undefined, revokedAtMs: revokedAtMs ?? undefined };
      }),
    requests: (): JoinRequest[] =>
      requests.all().map(({ refusedAtMs, ...request }) => ({ ...request, refusedAtMs: refusedAtMs ?? undefined })),
    bans: (): Ban[] => bans.all().map(({ untilMs, ...ban }) => ({ ...ban, untilMs: untilMs ?? undefined })),
    acts: (after: number, sinceMs: number, limit: number): NotedAct[] =>
      acts.all(after, sinceMs, limit).map(({ byId, byName, ...act }) => {
        return { ...act, by: { memberId: byId, memberName: byName } };
      }),
  };
}
