import { MootError } from '../../core/errors.js';
import type { OriginId } from '../../core/ids.js';
import type { Ask, Database } from './database.js';
import { isOtherShape, isTwice } from './postgres-error.js';
import { namedAddress, type PostgresAddress } from './postgres-url.js';

/**
 * Forward only; what stands here is never edited, only added to. Names of logs are numbers in `origins`. What the own log
 * appends is told by `logs.version`: whoever appends has seen all that it depends on (keys, held articles, quotas) as of that
 * version. `records` has one row a kind, raised by each change. `gone`: 1 retracted, 2 hidden. Of an article that is shown,
 * `tokens` holds the words. Text is compared byte by byte, whatever the language of the database.
 */
const migrations: readonly (readonly string[])[] = [
  [
    'CREATE TABLE records (kind TEXT PRIMARY KEY, version BIGINT NOT NULL)',
    `INSERT INTO records (kind, version) VALUES ('members', 0), ('moderation', 0), ('links', 0), ('peering', 0),
       ('hidden', 0), ('held', 0), ('settings', 0)`,
    'CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL)',
    `CREATE TABLE members (
       number BIGINT PRIMARY KEY, id TEXT COLLATE "C" NOT NULL UNIQUE, name TEXT NOT NULL, folded_name TEXT NOT NULL,
       token_hash BYTEA NOT NULL, joined_at BIGINT NOT NULL, left_at BIGINT, role TEXT NOT NULL,
       token_at BIGINT NOT NULL, seen_at BIGINT
     )`,
    'CREATE UNIQUE INDEX members_by_name ON members (folded_name) WHERE left_at IS NULL',
    `CREATE TABLE invites (
       number BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE, code_hash BYTEA NOT NULL UNIQUE, made_by TEXT NOT NULL,
       made_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, uses BIGINT NOT NULL, used BIGINT NOT NULL, member TEXT,
       revoked_at BIGINT
     )`,
    `CREATE TABLE requests (
       number BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, token_hash BYTEA NOT NULL,
       asked_at BIGINT NOT NULL, refused_at BIGINT, reason TEXT NOT NULL
     )`,
    `CREATE TABLE bans (
       number BIGINT PRIMARY KEY, folded_name TEXT NOT NULL UNIQUE, name TEXT NOT NULL, member TEXT NOT NULL,
       since BIGINT NOT NULL, until BIGINT, reason TEXT NOT NULL, made_by TEXT NOT NULL
     )`,
    `CREATE TABLE acts (
       number BIGINT PRIMARY KEY, at BIGINT NOT NULL, by_id TEXT NOT NULL, by_name TEXT NOT NULL, kind TEXT NOT NULL,
       about TEXT NOT NULL, about_name TEXT NOT NULL, reason TEXT NOT NULL
     )`,
    `CREATE TABLE links (
       number BIGINT PRIMARY KEY, peer TEXT NOT NULL UNIQUE, name TEXT NOT NULL, address TEXT NOT NULL,
       since BIGINT NOT NULL
     )`,
    `CREATE TABLE levels (
       peer TEXT COLLATE "C" PRIMARY KEY, name TEXT NOT NULL, level TEXT NOT NULL, reason TEXT NOT NULL,
       since BIGINT NOT NULL, until BIGINT
     )`,
    `CREATE TABLE link_requests (
       peer TEXT COLLATE "C" PRIMARY KEY, name TEXT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL
     )`,
    'CREATE TABLE leases (name TEXT COLLATE "C" PRIMARY KEY, holder TEXT NOT NULL, until TIMESTAMPTZ NOT NULL)',

    'CREATE TABLE origins (number BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE)',
    `CREATE TABLE logs (
       origin BIGINT PRIMARY KEY, via BIGINT, version BIGINT NOT NULL, begun BIGINT NOT NULL, held_last BIGINT NOT NULL,
       dropped_epoch BIGINT NOT NULL, dropped_seq BIGINT NOT NULL, end_epoch BIGINT NOT NULL, end_seq BIGINT NOT NULL,
       last_seal BYTEA NOT NULL, entries BIGINT NOT NULL, oldest_at BIGINT
     )`,
    `CREATE TABLE commits (
       origin BIGINT NOT NULL, epoch BIGINT NOT NULL, first_seq BIGINT NOT NULL, size BIGINT NOT NULL,
       root BYTEA NOT NULL, previous BYTEA NOT NULL, public_key BYTEA NOT NULL, signature BYTEA NOT NULL,
       stored_at BIGINT NOT NULL, via BIGINT, bytes BIGINT NOT NULL,
       PRIMARY KEY (origin, epoch, first_seq)
     )`,
    `CREATE TABLE entries (
       origin BIGINT NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL, first_seq BIGINT NOT NULL, id BYTEA NOT NULL,
       kind SMALLINT NOT NULL, topic TEXT COLLATE "C" NOT NULL, author TEXT COLLATE "C" NOT NULL,
       published_at BIGINT NOT NULL, stored_at BIGINT NOT NULL, reply_to BYTEA, bytes BYTEA, gone SMALLINT, tokens TEXT[],
       PRIMARY KEY (origin, epoch, seq)
     )`,
    'CREATE INDEX entries_by_id ON entries (id)',
    `CREATE INDEX entries_by_date ON entries (origin, published_at) WHERE kind = 1 AND bytes IS NOT NULL`,
    `CREATE INDEX entries_by_topic ON entries (origin, topic, published_at) WHERE kind = 1 AND bytes IS NOT NULL`,
    `CREATE INDEX entries_by_author ON entries (origin, author, published_at) WHERE kind = 1 AND bytes IS NOT NULL`,
    `CREATE INDEX entries_by_reply ON entries (reply_to, origin, published_at)
       WHERE kind = 1 AND bytes IS NOT NULL AND reply_to IS NOT NULL`,
    'CREATE INDEX entries_by_word ON entries USING GIN (tokens)',
    `CREATE TABLE topic_counts (
       origin BIGINT NOT NULL, topic TEXT COLLATE "C" NOT NULL, articles BIGINT NOT NULL, PRIMARY KEY (origin, topic)
     )`,
    `CREATE TABLE keys (
       member TEXT NOT NULL, key TEXT NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL, id BYTEA NOT NULL,
       published_at BIGINT NOT NULL, digest BYTEA NOT NULL, PRIMARY KEY (member, key)
     )`,
    `CREATE TABLE daily_uses (
       day BIGINT NOT NULL, member TEXT NOT NULL, articles BIGINT NOT NULL, bytes BIGINT NOT NULL,
       PRIMARY KEY (day, member)
     )`,
    `CREATE TABLE held (
       number BIGINT PRIMARY KEY, id TEXT NOT NULL UNIQUE, member TEXT NOT NULL, member_name TEXT NOT NULL,
       key TEXT NOT NULL, digest BYTEA NOT NULL, draft TEXT NOT NULL, held_at BIGINT NOT NULL, refused_at BIGINT,
       refused_by TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT ''
     )`,
    'CREATE INDEX held_by_member ON held (member, number)',
    "CREATE UNIQUE INDEX held_by_key ON held (member, key) WHERE key <> ''",
    `CREATE TABLE gaps (
       origin BIGINT NOT NULL, epoch BIGINT NOT NULL, from_seq BIGINT NOT NULL, to_seq BIGINT NOT NULL,
       reason TEXT NOT NULL, PRIMARY KEY (origin, epoch, from_seq)
     )`,
    `CREATE TABLE heads (
       origin BIGINT PRIMARY KEY, epoch BIGINT NOT NULL, seq BIGINT NOT NULL, last_seal BYTEA NOT NULL,
       as_of BIGINT NOT NULL, public_key BYTEA NOT NULL, signature BYTEA NOT NULL
     )`,
    `CREATE TABLE retractions (
       origin BIGINT NOT NULL, id BYTEA NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL, by_epoch BIGINT NOT NULL,
       by_seq BIGINT NOT NULL, PRIMARY KEY (origin, id)
     )`,
    'CREATE INDEX retractions_by_place ON retractions (origin, by_epoch, by_seq)',
    `CREATE TABLE hidden (
       origin BIGINT NOT NULL, id BYTEA NOT NULL, number BIGINT NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL,
       since BIGINT NOT NULL, made_by TEXT NOT NULL, reason TEXT NOT NULL, bytes BYTEA, PRIMARY KEY (origin, id)
     )`,
  ],
];

export const newestFormat = migrations.length;
/** Another replica may be at it: that takes a second, and never ten. */
const attempts = 40;

/**
 * Makes the tables, or brings them up to this version: once, however many replicas begin at the same time. They queue for the
 * row that says the format; what PostgreSQL refuses to make twice is looked at again.
 * @throws MootError `damaged` for tables of a newer version or of another program, `denied` for another community's.
 */
export async function prepareTables(
  database: Database,
  own: OriginId,
  { isMoving = false }: { readonly isMoving?: boolean } = {},
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (!(await hasTables(database.read, database.address))) await begin(database);
      await bringUp(database);
      await claim(database, own);
      if (!isMoving) await requireMoved(database);
      return;
    } catch (error) {
      if (attempt >= attempts || !isTwice(error)) throw error;
    }
  }
}

/** Whether a community has its tables there. @throws MootError `damaged` for another program's. */
export async function hasTables(ask: Ask, address: PostgresAddress): Promise<boolean> {
  const tables = await ask<{ name: string }>(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = $1',
    [address.schema],
  );
  if (tables.length === 0) return false;
  if (!tables.some(({ name }) => name === 'meta')) throw otherProgram(address);
  const [program] = await ask<{ value: string }>("SELECT value FROM meta WHERE name = 'program'").catch(
    (error: unknown) => {
      if (isOtherShape(error)) throw otherProgram(address);
      throw error;
    },
  );
  if (program?.value !== 'moot') throw otherProgram(address);
  return true;
}

/** Of tables that are there. @param how it is locked. @throws MootError `damaged` for one that is not known here. */
export async function formatOf(ask: Ask, address: PostgresAddress, how = ''): Promise<number> {
  const [row] = await ask<{ value: string }>(`SELECT value FROM meta WHERE name = 'format' ${how}`);
  const format = Number(row?.value);
  if (format >= 0 && format <= newestFormat) return format;
  const known = `this version of moot knows ${newestFormat}`;
  throw new MootError('damaged', `${namedAddress(address)} has format ${row?.value ?? 'none'}; ${known}`, {
    field: 'store',
    hint: 'run the version of moot that wrote it, or a newer one',
  });
}

async function begin(database: Database): Promise<void> {
  const { schema } = database.address;
  const [known] = await database.read('SELECT 1 AS one FROM information_schema.schemata WHERE schema_name = $1', [
    schema,
  ]);
  if (!known) await database.write(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await database.migrate(async (ask) => {
    await ask('CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)');
    await ask("INSERT INTO meta (name, value) VALUES ('program', 'moot'), ('format', '0')");
  });
}

async function bringUp(database: Database): Promise<void> {
  const { address } = database;
  if ((await formatOf(database.read, address)) === newestFormat) return;
  await database.migrate(async (ask) => {
    const format = await formatOf(ask, address, 'FOR UPDATE');
    for (const statement of migrations.slice(format).flat()) await ask(statement);
    await ask("UPDATE meta SET value = $1 WHERE name = 'format'", [String(newestFormat)]);
  });
}

/** A log is continued by the identity that began it, and by no other. */
async function claim(database: Database, own: OriginId): Promise<void> {
  await database.write("INSERT INTO meta (name, value) VALUES ('own', $1) ON CONFLICT DO NOTHING", [own]);
  const [owner] = await database.read<{ value: string }>("SELECT value FROM meta WHERE name = 'own'");
  if (owner?.value === own) return;
  throw new MootError('denied', `${namedAddress(database.address)} is another community’s, not that of this identity`, {
    field: 'store',
    hint: 'name the identity file that goes with it, or a schema of its own with ?schema=NAME',
  });
}

/** @throws MootError `unavailable` while a community is being moved in. */
async function requireMoved(database: Database): Promise<void> {
  const [moving] = await database.read("SELECT 1 AS one FROM meta WHERE name = 'moving'");
  if (!moving) return;
  throw new MootError('unavailable', `the move into ${namedAddress(database.address)} was not finished`, {
    field: 'store',
    hint: 'run the same moot migrate again: it goes on where it was',
  });
}

function otherProgram(address: PostgresAddress): MootError {
  return new MootError('damaged', `${namedAddress(address)} belongs to another program`, {
    field: 'store',
    hint: 'name another schema with ?schema=NAME, or another database',
  });
}
