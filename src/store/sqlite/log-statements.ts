import type { Database, Statement } from 'better-sqlite3';
import type { DailyUse } from '../../core/quota.js';
import { lastCommitOf, type SealRow } from './seal-row.js';

interface KeyRow {
  readonly id: Uint8Array;
  readonly epoch: number;
  readonly seq: number;
  readonly publishedAtMs: number;
  readonly digest: Uint8Array;
}

/** What the writer says to SQLite. */
export interface LogStatements {
  readonly begin: Statement<[]>;
  readonly commit: Statement<[]>;
  readonly rollback: Statement<[]>;
  readonly owner: Statement<[], string>;
  readonly own: Statement<[string]>;
  readonly lastPlace: Statement<[], number | null>;
  /** Of an origin and epoch. */
  readonly lastSeq: Statement<[number, number], number | null>;
  readonly lastCommit: Statement<[number], SealRow>;
  /** Place, origin, epoch, seq, id, kind, topic, author, date, when it is stored, bytes, why they are gone, what it answers. */
  readonly addEntry: Statement<
    [
      ...places: [number, number, number, number],
      id: Uint8Array,
      ...columns: [number, number, number, number, number],
      bytes: Uint8Array | null,
      gone: number | null,
      replyTo: Uint8Array | null,
    ]
  >;
  /** Origin, epoch, first seq, size, root, previous, key, signature, when it is stored, who brought it. */
  readonly addCommit: Statement<
    [number, number, number, number, Uint8Array, Uint8Array, Uint8Array, Uint8Array, number, number | null]
  >;
  /** Member, key, place, digest. */
  readonly addKey: Statement<[string, string, number, Uint8Array]>;
  readonly findKey: Statement<[string, string], KeyRow>;
  /** Of a day and member. */
  readonly findUse: Statement<[number, string], DailyUse>;
  /** Day, member, articles, bytes. */
  readonly putUse: Statement<[number, string, number, number]>;
  /** Of the days before. */
  readonly dropUses: Statement<[number]>;
  /** Origin, topic, articles more. */
  readonly count: Statement<[number, number, number]>;
}

export function logStatements(database: Database): LogStatements {
  return {
    begin: database.prepare<[]>('BEGIN IMMEDIATE'),
    commit: database.prepare<[]>('COMMIT'),
    rollback: database.prepare<[]>('ROLLBACK'),
    owner: database.prepare<[], string>("SELECT value FROM meta WHERE name = 'own'").pluck(),
    own: database.prepare<[string]>("INSERT INTO meta (name, value) VALUES ('own', ?)"),
    // What the word index has come to counts as well: a place that it has passed is never given again.
    lastPlace: database
      .prepare<[], number | null>(
        `SELECT max(coalesce((SELECT max(place) FROM entries), 0), value) FROM meta WHERE name = 'indexed'`,
      )
      .pluck(),
    lastSeq: database
      .prepare<[number, number], number | null>('SELECT max(seq) FROM entries WHERE origin = ? AND epoch = ?')
      .pluck(),
    lastCommit: lastCommitOf(database),
    addEntry: database.prepare(
      `INSERT INTO entries (place, origin, epoch, seq, id, kind, topic, author, published_at, stored_at, bytes,
       gone, reply_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    addCommit: database.prepare(
      `INSERT INTO commits (origin, epoch, first_seq, size, root, previous, public_key, signature, stored_at, via)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    addKey: database.prepare('INSERT INTO keys (member, key, place, digest) VALUES (?, ?, ?, ?)'),
    findKey: database.prepare<[string, string], KeyRow>(
      `SELECT id, epoch, seq, published_at AS publishedAtMs, digest FROM keys JOIN entries USING (place)
       WHERE member = ? AND key = ?`,
    ),
    findUse: database.prepare('SELECT articles, bytes FROM daily_uses WHERE day = ? AND member = ?'),
    putUse: database.prepare('REPLACE INTO daily_uses (day, member, articles, bytes) VALUES (?, ?, ?, ?)'),
    dropUses: database.prepare('DELETE FROM daily_uses WHERE day < ?'),
    count: database.prepare(
      `INSERT INTO topic_counts (origin, topic, articles) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET articles = articles + excluded.articles`,
    ),
  };
}
