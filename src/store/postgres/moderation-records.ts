import type { ActKind, Ban, Change, Invite, JoinRequest, ModerationStore, NotedAct } from '../../core/moderation.js';
import { foldName } from '../../core/name.js';
import type { RecordKind } from '../../core/stores.js';
import { inviteOver } from '../refusals.js';
import type { Ask, Database } from './database.js';
import { addMember, removeMember } from './member-records.js';
import type { RecordChanges } from './record-changes.js';

/** A row, whose columns are NULL where a record has nothing. */
type Row<T, Optional extends keyof T> = Omit<T, Optional> & { readonly [K in Optional]: NonNullable<T[K]> | null };

interface ActRow extends Omit<NotedAct, 'by'> {
  readonly kind: ActKind;
  readonly byId: string;
  readonly byName: string;
}

/** Invitations, requests, bans and acts, in their tables; `own` is the number of the own log. */
export function moderationStore(database: Database, changes: RecordChanges, own: number): ModerationStore {
  return {
    change: (all, act) =>
      changes.change(kindsOf(all), async (ask) => {
        for (const change of all) await carryOut(ask, own, change);
        if (!act) return;
        const { atMs, by, kind, about, aboutName, reason } = act;
        await ask(
          `INSERT INTO acts (number, at, by_id, by_name, kind, about, about_name, reason)
           SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM acts`,
          [atMs, by.memberId, by.memberName, kind, about, aboutName, reason],
        );
      }),
    invites: async () => {
      const rows = await database.read<Row<Invite, 'memberId' | 'revokedAtMs'>>(
        `SELECT id, code_hash AS "codeHash", made_by AS "madeBy", made_at AS "madeAtMs", expires_at AS "expiresAtMs",
           uses, used, member AS "memberId", revoked_at AS "revokedAtMs" FROM invites ORDER BY number`,
      );
      return rows.map(({ memberId, revokedAtMs, ...invite }) => {
        return { ...invite, memberId: memberId ?? undefined, revokedAtMs: revokedAtMs ?? undefined };
      });
    },
    requests: async () => {
      const rows = await database.read<Row<JoinRequest, 'refusedAtMs'>>(
        `SELECT id, name, token_hash AS "tokenHash", asked_at AS "askedAtMs", refused_at AS "refusedAtMs", reason
         FROM requests ORDER BY number`,
      );
      return rows.map(({ refusedAtMs, ...request }) => ({ ...request, refusedAtMs: refusedAtMs ?? undefined }));
    },
    bans: async () => {
      const rows = await database.read<Row<Ban, 'untilMs'>>(
        `SELECT name, member AS "memberId", since AS "sinceMs", until AS "untilMs", reason, made_by AS "madeBy"
         FROM bans ORDER BY number`,
      );
      return rows.map(({ untilMs, ...ban }) => ({ ...ban, untilMs: untilMs ?? undefined }));
    },
    acts: async (after, sinceMs, limit) => {
      const rows = await database.read<ActRow>(
        `SELECT number, at AS "atMs", by_id AS "byId", by_name AS "byName", kind, about, about_name AS "aboutName", reason
         FROM acts WHERE number > $1 AND at >= $2 ORDER BY number LIMIT $3`,
        [after, Math.floor(sinceMs), limit],
      );
      return rows.map(({ byId, byName, ...act }) => ({ ...act, by: { memberId: byId, memberName: byName } }));
    },
  };
}

const memberKinds: ReadonlySet<Change['kind']> = new Set(['add-member', 'remove-member', 'set-role', 'set-token']);

/** When a member was seen is no news to anybody, and is noted often. */
function kindsOf(changes: readonly Change[]): RecordKind[] {
  const isOf = (kind: (one: Change['kind']) => boolean): boolean => changes.some((change) => kind(change.kind));
  const kinds: RecordKind[] = [];
  if (isOf((kind) => memberKinds.has(kind))) kinds.push('members');
  if (changes.length === 0 || isOf((kind) => !memberKinds.has(kind) && kind !== 'see')) kinds.push('moderation');
  else if (kinds.length > 0) kinds.push('moderation');
  if (isOf((kind) => kind === 'remove-member')) kinds.push('held');
  return kinds;
}

async function carryOut(ask: Ask, own: number, change: Change): Promise<unknown> {
  switch (change.kind) {
    case 'add-member':
      return await addMember(ask, change.member);
    case 'remove-member':
      return await removeMember(ask, own, change.id, change.atMs);
    case 'set-role':
      return await ask('UPDATE members SET role = $1 WHERE id = $2 AND left_at IS NULL', [change.role, change.id]);
    case 'set-token':
      return await ask(
        `UPDATE members SET token_hash = $1, token_at = $2, seen_at = NULL WHERE id = $3 AND left_at IS NULL`,
        [change.tokenHash, change.atMs, change.id],
      );
    case 'see':
      return await ask('UPDATE members SET seen_at = $1 WHERE id = $2', [change.atMs, change.id]);
    case 'add-invite': {
      const { id, codeHash, madeBy, madeAtMs, expiresAtMs, uses, used, memberId = null } = change.invite;
      const { revokedAtMs = null } = change.invite;
      return await ask(
        `INSERT INTO invites (number, id, code_hash, made_by, made_at, expires_at, uses, used, member, revoked_at)
         SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9 FROM invites`,
        [id, codeHash, madeBy, madeAtMs, expiresAtMs, uses, used, memberId, revokedAtMs],
      );
    }
    case 'use-invite': {
      const used = await ask(
        `UPDATE invites SET used = used + 1 WHERE id = $1 AND used < uses AND revoked_at IS NULL AND expires_at > $2
         RETURNING number`,
        [change.id, change.atMs],
      );
      if (used.length === 0) throw inviteOver();
      return undefined;
    }
    case 'revoke-invite':
      return await ask('UPDATE invites SET revoked_at = $1 WHERE id = $2', [change.atMs, change.id]);
    case 'put-request': {
      const { id, name, tokenHash, askedAtMs, refusedAtMs = null, reason } = change.request;
      return await ask(
        `INSERT INTO requests (number, id, name, token_hash, asked_at, refused_at, reason)
         SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6 FROM requests
         ON CONFLICT (id) DO UPDATE SET refused_at = excluded.refused_at, reason = excluded.reason`,
        [id, name, tokenHash, askedAtMs, refusedAtMs, reason],
      );
    }
    case 'remove-request':
      return await ask('DELETE FROM requests WHERE id = $1', [change.id]);
    case 'put-ban': {
      const { name, memberId, sinceMs, untilMs = null, reason, madeBy } = change.ban;
      await ask('DELETE FROM bans WHERE folded_name = $1', [foldName(name)]);
      return await ask(
        `INSERT INTO bans (number, folded_name, name, member, since, until, reason, made_by)
         SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM bans`,
        [foldName(name), name, memberId, sinceMs, untilMs, reason, madeBy],
      );
    }
    case 'remove-ban':
      return await ask('DELETE FROM bans WHERE folded_name = $1', [foldName(change.name)]);
  }
}
