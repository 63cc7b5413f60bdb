import Sqlite, { type Database } from 'better-sqlite3';
import { MootError } from '../../core/errors.js';

/** "Moot" in ASCII: says in the file's header whose it is. */
const applicationId = 0x4d6f6f74;

/**
 * Forward only; what stands here is never edited, only added to. `place` is the order of arrival. The indexes of a search
 * hold what a search may find and no more. Ties in date are broken by id, which SQLite sorts as it meets them: an index
 * that held ids would cost every commit. Finding by id and by word is the business of `words`, filled after the commit.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE members (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, folded_name TEXT NOT NULL, token_hash BLOB NOT NULL,
    joined_at INTEGER NOT NULL, left_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX members_by_name ON members (folded_name) WHERE left_at IS NULL;
  CREATE TABLE links (
    number INTEGER PRIMARY KEY, peer TEXT NOT NULL UNIQUE, name TEXT NOT NULL, address TEXT NOT NULL,
    since INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE origins (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE topics (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE authors (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE topic_counts (
    origin INTEGER NOT NULL REFERENCES origins, topic INTEGER NOT NULL REFERENCES topics, articles INTEGER NOT NULL,
    PRIMARY KEY (origin, topic)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE commits (
    origin INTEGER NOT NULL REFERENCES origins, epoch INTEGER NOT NULL, first_seq INTEGER NOT NULL,
    size INTEGER NOT NULL, root BLOB NOT NULL, previous BLOB NOT NULL, public_key BLOB NOT NULL,
    signature BLOB NOT NULL, stored_at INTEGER NOT NULL,
    PRIMARY KEY (origin, epoch, first_seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE entries (
    place INTEGER PRIMARY KEY, origin INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL,
    kind INTEGER NOT NULL, topic INTEGER NOT NULL, author INTEGER NOT NULL, published_at INTEGER NOT NULL,
    stored_at INTEGER NOT NULL, bytes BLOB
  ) STRICT;
  CREATE UNIQUE INDEX entries_by_seq ON entries (origin, epoch, seq);
  CREATE INDEX entries_by_date ON entries (origin, published_at) WHERE kind = 1 AND bytes IS NOT NULL;
  CREATE INDEX entries_by_topic ON entries (origin, topic, published_at) WHERE kind = 1 AND bytes IS NOT NULL;
  CREATE INDEX entries_by_author ON entries (origin, author, published_at) WHERE kind = 1 AND bytes IS NOT NULL;
  CREATE TABLE keys (
    member TEXT NOT NULL, key TEXT NOT NULL, place INTEGER NOT NULL, digest BLOB NOT NULL,
    PRIMARY KEY (member, key)
  ) STRICT, WITHOUT ROWID;
  CREATE VIRTUAL TABLE words USING fts5 (
    tokens, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'"
  );
  INSERT INTO meta (name, value) VALUES ('indexed', 0);
  `,
];

/** Brings the tables up to this version. @throws MootError `damaged` for a file of a newer version or of another program. */
export function migrate(database: Database): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > migrations.length)
    throw new MootError(
      'damaged',
      `the database has format ${version}; this version of moot knows ${migrations.length}`,
      {
        hint: 'run the version of moot that wrote it, or a newer one',
      },
    );
  if (version === 0 && database.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined)
    throw new MootError('damaged', 'the database belongs to another program', { hint: 'name another file' });
  run(database, version);
  if (tables(database) !== tables(run(new Sqlite(':memory:'), 0)))
    throw new MootError('damaged', 'the tables of the database are damaged', {
      hint: 'stop the server and put a copy in its place',
    });
}

function run(database: Database, version: number): Database {
  migrations.slice(version).forEach((sql, at) => {
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`application_id = ${applicationId}`);
      database.pragma(`user_version = ${version + at + 1}`);
    })();
  });
  return database;
}

function tables(database: Database): string {
  return JSON.stringify(database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all());
}
