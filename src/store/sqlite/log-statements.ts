import type { Database, Statement } from 'better-sqlite3';
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
  /** Place, origin, epoch, seq, id, topic, author, date, when it is stored, bytes. */
  readonly addEntry: Statement<
    [number, number, number, number, Uint8Array, number, number, number, number, Uint8Array]
  >;
  readonly addCommit: Statement<
    [number, number, number, number, Uint8Array, Uint8Array, Uint8Array, Uint8Array, number]
  >;
  /** Member, key, place, digest. */
  readonly addKey: Statement<[string, string, number, Uint8Array]>;
  readonly findKey: Statement<[string, string], KeyRow>;
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
    lastPlace: database.prepare<[], number | null>('SELECT max(place) FROM entries').pluck(),
    lastSeq: database
      .prepare<[number, number], number | null>('SELECT max(seq) FROM entries WHERE origin = ? AND epoch = ?')
      .pluck(),
    lastCommit: lastCommitOf(database),
    addEntry: database.prepare(
      `INSERT INTO entries (place, origin, epoch, seq, id, kind, topic, author, published_at, stored_at, bytes)
       VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)`,
    ),
    addCommit: database.prepare(
      `INSERT INTO commits (origin, epoch, first_seq, size, root, previous, public_key, signature, stored_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    addKey: database.prepare('INSERT INTO keys (member, key, place, digest) VALUES (?, ?, ?, ?)'),
    findKey: database.prepare<[string, string], KeyRow>(
      `SELECT id, epoch, seq, published_at AS publishedAtMs, digest FROM keys JOIN entries USING (place)
       WHERE member = ? AND key = ?`,
    ),
    count: database.prepare(
      `INSERT INTO topic_counts (origin, topic, articles) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET articles = articles + excluded.articles`,
    ),
  };
}
