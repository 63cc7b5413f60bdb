import Sqlite, { type Database } from 'better-sqlite3';
import { decodeEntry } from '../../core/entry-codec.js';
import { MootError } from '../../core/errors.js';
import { answeredId } from './entry-scanner.js';

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
  // `gone`: 1 retracted, 2 hidden; NULL where the bytes must be there. `via`: the peer that brought it, as an origin.
  // `dropped`: the place up to which nothing is kept. A retraction stands under the id of what it takes back.
  `
  ALTER TABLE entries ADD COLUMN gone INTEGER;
  ALTER TABLE commits ADD COLUMN via INTEGER;
  CREATE TABLE mirrors (
    origin INTEGER PRIMARY KEY REFERENCES origins, via INTEGER NOT NULL REFERENCES origins,
    dropped_epoch INTEGER NOT NULL, dropped_seq INTEGER NOT NULL, end_epoch INTEGER NOT NULL, end_seq INTEGER NOT NULL,
    last_seal BLOB NOT NULL, entries INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE gaps (
    origin INTEGER NOT NULL REFERENCES origins, epoch INTEGER NOT NULL, from_seq INTEGER NOT NULL,
    to_seq INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (origin, epoch, from_seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE heads (
    origin INTEGER PRIMARY KEY REFERENCES origins, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    last_seal BLOB NOT NULL, as_of INTEGER NOT NULL, public_key BLOB NOT NULL, signature BLOB NOT NULL
  ) STRICT;
  CREATE TABLE retractions (
    origin INTEGER NOT NULL REFERENCES origins, id BLOB NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (origin, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX retractions_by_seq ON retractions (origin, epoch, seq);
  CREATE INDEX retractions_by_place ON retractions (place);
  `,
  // `token_at` of a member from before is NULL: their token is as old as their membership. The text of what is hidden is set
  // aside in `hidden`; without one, it is hidden when it comes. What was done is added to, and never changed.
  `
  ALTER TABLE members ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
  ALTER TABLE members ADD COLUMN token_at INTEGER;
  ALTER TABLE members ADD COLUMN seen_at INTEGER;
  CREATE TABLE invites (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, code_hash BLOB NOT NULL UNIQUE, made_by TEXT NOT NULL,
    made_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, uses INTEGER NOT NULL, used INTEGER NOT NULL, member TEXT,
    revoked_at INTEGER
  ) STRICT;
  CREATE TABLE requests (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, token_hash BLOB NOT NULL,
    asked_at INTEGER NOT NULL, refused_at INTEGER, reason TEXT NOT NULL
  ) STRICT;
  CREATE TABLE bans (
    number INTEGER PRIMARY KEY, folded_name TEXT NOT NULL UNIQUE, name TEXT NOT NULL, member TEXT NOT NULL,
    since INTEGER NOT NULL, until INTEGER, reason TEXT NOT NULL, made_by TEXT NOT NULL
  ) STRICT;
  CREATE TABLE acts (
    number INTEGER PRIMARY KEY, at INTEGER NOT NULL, by_id TEXT NOT NULL, by_name TEXT NOT NULL, kind TEXT NOT NULL,
    about TEXT NOT NULL, about_name TEXT NOT NULL, reason TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER acts_stay BEFORE UPDATE ON acts BEGIN SELECT raise(ABORT, 'what was done is not changed'); END;
  CREATE TRIGGER acts_are_kept BEFORE DELETE ON acts BEGIN SELECT raise(ABORT, 'what was done is not forgotten'); END;
  CREATE TABLE hidden (
    number INTEGER PRIMARY KEY, origin INTEGER NOT NULL REFERENCES origins, id BLOB NOT NULL, epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL, since INTEGER NOT NULL, made_by TEXT NOT NULL, reason TEXT NOT NULL, bytes BLOB
  ) STRICT;
  CREATE UNIQUE INDEX hidden_by_id ON hidden (origin, id);
  CREATE INDEX hidden_by_seq ON hidden (origin, epoch, seq);
  `,
  // What the operator has said of other servers, and who would link here.
  `
  CREATE TABLE levels (
    peer TEXT PRIMARY KEY, name TEXT NOT NULL, level TEXT NOT NULL, reason TEXT NOT NULL, since INTEGER NOT NULL,
    until INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE link_requests (
    peer TEXT PRIMARY KEY, name TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // What each member has published on a day, counted in days since 1970 (UTC). Rows of days that are over are dropped.
  `
  CREATE TABLE daily_uses (
    day INTEGER NOT NULL, member TEXT NOT NULL, articles INTEGER NOT NULL, bytes INTEGER NOT NULL,
    PRIMARY KEY (day, member)
  ) STRICT, WITHOUT ROWID;
  `,
  // What an article answers, for its thread: `answered_by` below reads it from those that are here.
  `
  ALTER TABLE entries ADD COLUMN reply_to BLOB;
  UPDATE entries SET reply_to = answered_by(bytes)
    WHERE kind = 1 AND bytes IS NOT NULL AND answered_by(bytes) IS NOT NULL;
  CREATE INDEX entries_by_reply ON entries (reply_to, origin, published_at)
    WHERE kind = 1 AND bytes IS NOT NULL AND reply_to IS NOT NULL;
  `,
  // Articles of new members that wait for approval, or were refused it: in no log, and `number` is never given again.
  `
  CREATE TABLE held (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, member TEXT NOT NULL, member_name TEXT NOT NULL,
    key TEXT NOT NULL, digest BLOB NOT NULL, draft TEXT NOT NULL, held_at INTEGER NOT NULL, refused_at INTEGER,
    refused_by TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT ''
  ) STRICT;
  CREATE INDEX held_by_member ON held (member, number);
  CREATE UNIQUE INDEX held_by_key ON held (member, key) WHERE key <> '';
  `,
];

/** The format that this version of moot writes; those before it are brought up to it. */
export const newestFormat = migrations.length;

/** Brings the tables up to this version. @throws MootError `damaged` for a file of a newer version or of another program. */
export function migrate(database: Database): void {
  bringUp(database, formatOf(database));
  refuseOtherTables(database);
}

/** 0 for an empty file. @throws MootError `damaged` for a file of a newer version or of another program. */
export function formatOf(database: Database): number {
  const version = Number(database.pragma('user_version', { simple: true }));
  const isForeign = database.pragma('application_id', { simple: true }) !== applicationId;
  const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if ((version === 0 && !isEmpty) || (version > newestFormat && isForeign))
    throw new MootError('damaged', 'the database belongs to another program', { hint: 'name another file' });
  if (version > newestFormat)
    throw new MootError('damaged', `the database has format ${version}; this version of moot knows ${newestFormat}`, {
      hint: 'run the version of moot that wrote it, or a newer one',
    });
  return version;
}

/** @throws MootError `damaged` unless the tables are those of the newest format. */
export function refuseOtherTables(database: Database): void {
  if (tables(database) !== tables(bringUp(new Sqlite(':memory:'), 0)))
    throw new MootError('damaged', 'the tables of the database are damaged', {
      hint: 'stop the server and put a copy in its place',
    });
}

/** Brings tables of format `version` up to format `to`. */
export function bringUp(database: Database, version: number, to = newestFormat): Database {
  database.function('answered_by', answeredBy);
  migrations.slice(version, to).forEach((sql, at) => {
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`application_id = ${applicationId}`);
      database.pragma(`user_version = ${version + at + 1}`);
    })();
  });
  return database;
}

function answeredBy(bytes: unknown): Uint8Array | null {
  try {
    return bytes instanceof Uint8Array ? answeredId(decodeEntry(bytes).replyTo) : null;
  } catch {
    // It is damaged: nothing finds it.
    return null;
  }
}

function tables(database: Database): string {
  return JSON.stringify(database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all());
}
