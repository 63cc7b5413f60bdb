import type { Database } from 'better-sqlite3';
import { MootError } from '../../core/errors.js';
import { foldName } from '../../core/name.js';
import type { Link, Member, MemberEntry } from '../../core/stores.js';
import { nameTaken } from '../refusals.js';

/** What changes members, links and settings: each call is one transaction. */
export function recordWrites(database: Database) {
  const named = database.prepare('SELECT 1 FROM members WHERE folded_name = ? AND left_at IS NULL');
  const known = database.prepare('SELECT 1 FROM members WHERE id = ?');
  const addMember = database.prepare(
    `INSERT INTO members (id, name, folded_name, token_hash, joined_at, role, token_at, seen_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const leave = database.prepare('UPDATE members SET left_at = ? WHERE id = ? AND left_at IS NULL');
  const dropHeld = database.prepare('DELETE FROM held WHERE member = ?');
  const putLink = database.prepare(
    `INSERT INTO links (peer, name, address, since) VALUES (?, ?, ?, ?)
     ON CONFLICT (peer) DO UPDATE SET name = excluded.name, address = excluded.address`,
  );
  const removeLink = database.prepare('DELETE FROM links WHERE peer = ?');
  const set = database.prepare(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  return {
    addMember: database.transaction((member: Member): void => {
      const { id, name, tokenHash, joinedAtMs, role, tokenAtMs, seenAtMs = null } = member;
      if (known.get(id)) throw new MootError('already_exists', 'that member id was given before', { field: 'id' });
      if (named.get(foldName(name))) throw nameTaken(name);
      addMember.run(id, name, foldName(name), tokenHash, joinedAtMs, role, tokenAtMs, seenAtMs);
    }).immediate,
    removeMember: database.transaction((id: string, leftAtMs: number): boolean => {
      dropHeld.run(id);
      return leave.run(leftAtMs, id).changes > 0;
    }).immediate,
    putLink: ({ peer, name, address, sinceMs }: Link): void => void putLink.run(peer, name, address, sinceMs),
    removeLink: (peer: string): boolean => removeLink.run(peer).changes > 0,
    setSetting: (key: string, value: string): void => void set.run(key, value),
  };
}

/** What reads them. */
export function recordReads(database: Database) {
  const members = database.prepare<[], Omit<Member, 'seenAtMs'> & { readonly seenAtMs: number | null }>(
    `SELECT id, name, token_hash AS tokenHash, joined_at AS joinedAtMs, role, coalesce(token_at, joined_at) AS tokenAtMs,
       seen_at AS seenAtMs
     FROM members WHERE left_at IS NULL ORDER BY rowid`,
  );
  const memberPage = database.prepare<[string, number], MemberEntry>(
    `SELECT id, name, joined_at AS joinedAtMs, role FROM members WHERE left_at IS NULL AND id > ? ORDER BY id LIMIT ?`,
  );
  const links = database.prepare<[], Link>('SELECT peer, name, address, since AS sinceMs FROM links ORDER BY number');
  const setting = database.prepare<[string], string>('SELECT value FROM settings WHERE key = ?').pluck();
  return {
    members: (): Member[] =>
      members.all().map(({ seenAtMs, ...member }) => ({ ...member, seenAtMs: seenAtMs ?? undefined })),
    memberPage: (after: string, limit: number): MemberEntry[] => memberPage.all(after, limit),
    links: (): Link[] => links.all(),
    setting: (key: string): string | undefined => setting.get(key),
  };
}
