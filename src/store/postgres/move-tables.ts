import type { Database as SqliteDatabase } from 'better-sqlite3';

type ColumnType = 'bigint' | 'text' | 'bytea';

/** A table as it is copied: what SQLite is asked, whose columns are those of PostgreSQL, in their order. */
export interface MovedTable {
  readonly table: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** In one order each time. */
  readonly from: string;
}

const place = { origin: 'bigint', epoch: 'bigint' } as const;
const name = (column: string): string => `(SELECT name FROM ${column}s WHERE ${column}s.number = ${column})`;

/** All but entries, which are written as new ones are, and the ends of logs, which are worked out from them. */
export const movedTables: readonly MovedTable[] = [
  { table: 'settings', columns: { key: 'text', value: 'text' }, from: 'settings ORDER BY key' },
  {
    table: 'members',
    columns: {
      number: 'bigint',
      id: 'text',
      name: 'text',
      folded_name: 'text',
      token_hash: 'bytea',
      joined_at: 'bigint',
      left_at: 'bigint',
      role: 'text',
      token_at: 'bigint',
      seen_at: 'bigint',
    },
    from: `(SELECT rowid AS number, id, name, folded_name, token_hash, joined_at, left_at, role,
      coalesce(token_at, joined_at) AS token_at, seen_at FROM members) ORDER BY number`,
  },
  {
    table: 'invites',
    columns: {
      number: 'bigint',
      id: 'text',
      code_hash: 'bytea',
      made_by: 'text',
      made_at: 'bigint',
      expires_at: 'bigint',
      uses: 'bigint',
      used: 'bigint',
      member: 'text',
      revoked_at: 'bigint',
    },
    from: 'invites ORDER BY number',
  },
  {
    table: 'requests',
    columns: {
      number: 'bigint',
      id: 'text',
      name: 'text',
      token_hash: 'bytea',
      asked_at: 'bigint',
      refused_at: 'bigint',
      reason: 'text',
    },
    from: 'requests ORDER BY number',
  },
  {
    table: 'bans',
    columns: {
      number: 'bigint',
      folded_name: 'text',
      name: 'text',
      member: 'text',
      since: 'bigint',
      until: 'bigint',
      reason: 'text',
      made_by: 'text',
    },
    from: 'bans ORDER BY number',
  },
  {
    table: 'acts',
    columns: {
      number: 'bigint',
      at: 'bigint',
      by_id: 'text',
      by_name: 'text',
      kind: 'text',
      about: 'text',
      about_name: 'text',
      reason: 'text',
    },
    from: 'acts ORDER BY number',
  },
  {
    table: 'links',
    columns: { number: 'bigint', peer: 'text', name: 'text', address: 'text', since: 'bigint' },
    from: 'links ORDER BY number',
  },
  {
    table: 'levels',
    columns: { peer: 'text', name: 'text', level: 'text', reason: 'text', since: 'bigint', until: 'bigint' },
    from: 'levels ORDER BY peer',
  },
  {
    table: 'link_requests',
    columns: { peer: 'text', name: 'text', first: 'bigint', last: 'bigint' },
    from: 'link_requests ORDER BY peer',
  },
  {
    table: 'held',
    columns: {
      number: 'bigint',
      id: 'text',
      member: 'text',
      member_name: 'text',
      key: 'text',
      digest: 'bytea',
      draft: 'text',
      held_at: 'bigint',
      refused_at: 'bigint',
      refused_by: 'text',
      reason: 'text',
    },
    from: 'held ORDER BY number',
  },
  {
    table: 'daily_uses',
    columns: { day: 'bigint', member: 'text', articles: 'bigint', bytes: 'bigint' },
    from: 'daily_uses ORDER BY day, member',
  },
  { table: 'origins', columns: { number: 'bigint', name: 'text' }, from: 'origins ORDER BY number' },
  {
    table: 'gaps',
    columns: { ...place, from_seq: 'bigint', to_seq: 'bigint', reason: 'text' },
    from: 'gaps ORDER BY origin, epoch, from_seq',
  },
  {
    table: 'heads',
    columns: {
      ...place,
      seq: 'bigint',
      last_seal: 'bytea',
      as_of: 'bigint',
      public_key: 'bytea',
      signature: 'bytea',
    },
    from: 'heads ORDER BY origin',
  },
  {
    table: 'retractions',
    columns: {
      origin: 'bigint',
      id: 'bytea',
      epoch: 'bigint',
      seq: 'bigint',
      by_epoch: 'bigint',
      by_seq: 'bigint',
    },
    from: `(SELECT r.origin, r.id, r.epoch, r.seq, e.epoch AS by_epoch, e.seq AS by_seq
      FROM retractions r JOIN entries e USING (place)) ORDER BY origin, id`,
  },
  {
    table: 'hidden',
    columns: {
      origin: 'bigint',
      id: 'bytea',
      number: 'bigint',
      epoch: 'bigint',
      seq: 'bigint',
      since: 'bigint',
      made_by: 'text',
      reason: 'text',
      bytes: 'bytea',
    },
    from: 'hidden ORDER BY number',
  },
  {
    table: 'topic_counts',
    columns: { origin: 'bigint', topic: 'text', articles: 'bigint' },
    from: `(SELECT origin, ${name('topic')} AS topic, articles FROM topic_counts) ORDER BY origin, topic`,
  },
  {
    table: 'keys',
    columns: {
      member: 'text',
      key: 'text',
      epoch: 'bigint',
      seq: 'bigint',
      id: 'bytea',
      published_at: 'bigint',
      digest: 'bytea',
    },
    from: '(SELECT member, key, epoch, seq, id, published_at, digest FROM keys JOIN entries USING (place)) ORDER BY member, key',
  },
  {
    table: 'commits',
    columns: {
      ...place,
      first_seq: 'bigint',
      size: 'bigint',
      root: 'bytea',
      previous: 'bytea',
      public_key: 'bytea',
      signature: 'bytea',
      stored_at: 'bigint',
      via: 'bigint',
      bytes: 'bigint',
    },
    from: `(SELECT c.*, (SELECT sum(32 + coalesce(length(e.bytes), 0)) FROM entries e WHERE e.origin = c.origin
      AND e.epoch = c.epoch AND e.seq >= c.first_seq AND e.seq < c.first_seq + c.size) AS bytes FROM commits c)
      ORDER BY origin, epoch, first_seq`,
  },
];

/** A page of entries past a place, as columns of PostgreSQL have them, but for the words. */
export const movedEntries = `SELECT place, origin, epoch, seq, (SELECT max(first_seq) FROM commits c
    WHERE c.origin = e.origin AND c.epoch = e.epoch AND c.first_seq <= e.seq) AS firstSeq,
  id AS hash, kind, coalesce(${name('topic')}, '') AS topic, coalesce(${name('author')}, '') AS author,
  published_at AS publishedAtMs, stored_at AS storedAtMs, reply_to AS replyTo, bytes, gone
  FROM entries e WHERE place > ? ORDER BY place LIMIT ?`;

export function rowsIn(sqlite: SqliteDatabase): number {
  const tables = [...movedTables.map(({ table }) => table), 'entries'];
  return tables.reduce((sum, table) => sum + Number(sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get()), 0);
}
