import Sqlite, { type Database as SqliteDatabase } from 'better-sqlite3';
import { decodeEntry } from '../../core/entry-codec.js';
import { MootError } from '../../core/errors.js';
import type { OriginId } from '../../core/ids.js';
import { sealHash } from '../../identity/seal-statement.js';
import { articleKind } from '../sqlite/entry-scanner.js';
import { lastCommitOf, toSeal } from '../sqlite/seal-row.js';
import { Database } from './database.js';
import { type EntryRow, entryValues, insertEntries, tokenText } from './entry-rows.js';
import { prepareTables } from './migrations.js';
import { type MovedTable, movedEntries, movedTables, rowsIn } from './move-tables.js';
import { bytesArray, numberArray, textArray } from './packed-array.js';
import { namedAddress, parsePostgresUrl } from './postgres-url.js';
import { shortened } from './tokens.js';

export interface Moved {
  readonly articles: number;
  readonly members: number;
  readonly logs: number;
  /** Of all tables. */
  readonly rows: number;
  /** Of those, what an earlier run had brought. */
  readonly before: number;
}

/** How far a move has come; it stands in the database, written together with what it counts. */
interface Progress {
  readonly step: number;
  /** Rows of that step; of entries, the place of the last one. */
  readonly after: number;
  readonly rows: number;
}

const pageRows = 500;
const begun: Progress = { step: 0, after: 0, rows: 0 };

/**
 * Copies what a file of SQLite keeps of a community into an empty schema, with all ids, places, keys and tokens. A move that was
 * cut off goes on where it was; until it is done no server opens the schema.
 * @param onRows is told how many rows are there, and of how many.
 * @throws MootError `denied` for the schema of another community, `already_exists` where a server has been at work in it.
 */
export async function moveIn(
  file: string,
  url: string,
  own: OriginId,
  onRows: (done: number, of: number) => void,
): Promise<Moved> {
  const database = new Database(parsePostgresUrl(url));
  const sqlite = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    await prepareTables(database, own, { isMoving: true });
    let progress = await begin(database);
    const before = progress.rows;
    const total = rowsIn(sqlite);
    const note = (next: Progress): void => {
      progress = next;
      onRows(next.rows, total);
    };
    note(progress);
    for (let table = movedTables[progress.step]; table; table = movedTables[progress.step])
      note(await movePage(database, sqlite, table, progress));
    while (progress.step === movedTables.length) note(await moveEntries(database, sqlite, progress));
    return { ...(await finish(database, sqlite, own)), rows: progress.rows, before };
  } finally {
    sqlite.close();
    await database.close();
  }
}

async function begin(database: Database): Promise<Progress> {
  return await database.transaction(async (ask) => {
    const [row] = await ask<{ value: string }>("SELECT value FROM meta WHERE name = 'moving' FOR UPDATE");
    if (row) return JSON.parse(row.value) as Progress;
    const [used] = await ask('SELECT 1 AS one FROM logs UNION ALL SELECT 1 FROM origins LIMIT 1');
    if (used)
      throw new MootError('already_exists', `${namedAddress(database.address)} holds this community already`, {
        field: 'store',
        hint: 'name another schema with ?schema=NAME, or drop this one if nothing in it is needed',
      });
    await ask("INSERT INTO meta (name, value) VALUES ('moving', $1)", [JSON.stringify(begun)]);
    return begun;
  });
}

async function movePage(
  database: Database,
  sqlite: SqliteDatabase,
  { table, columns, from }: MovedTable,
  { step, after, rows }: Progress,
): Promise<Progress> {
  const names = Object.keys(columns);
  const page = sqlite
    .prepare<[number, number], Record<string, unknown>>(`SELECT ${names.join(', ')} FROM ${from} LIMIT ? OFFSET ?`)
    .all(pageRows, after);
  const next =
    page.length < pageRows
      ? { step: step + 1, after: 0, rows: rows + page.length }
      : { step, after: after + page.length, rows: rows + page.length };
  const lists = names.map((name, index) => `$${index + 1}::${columns[name]}[]`).join(', ');
  const values = names.map((name) => {
    const all = page.map((row) => row[name] ?? null);
    if (columns[name] === 'bigint') return numberArray(all as (number | null)[]);
    if (columns[name] === 'bytea') return bytesArray(all as (Uint8Array | null)[]);
    // PostgreSQL has no U+0000 in texts; what strangers have said may.
    const said = (all as (string | null)[]).map((text) => text?.replaceAll('\0', '\u0001') ?? null);
    return textArray(name === 'topic' ? said.map((text) => shortened(text ?? '')) : said);
  });
  await database.transaction(async (ask) => {
    if (page.length > 0)
      await ask(`INSERT INTO ${table} (${names.join(', ')}) SELECT * FROM unnest(${lists}) AS moved`, values);
    await ask("UPDATE meta SET value = $1 WHERE name = 'moving'", [JSON.stringify(next)]);
  });
  return next;
}

async function moveEntries(database: Database, sqlite: SqliteDatabase, progress: Progress): Promise<Progress> {
  const { step, after, rows } = progress;
  const page = sqlite
    .prepare<[number, number], Omit<EntryRow, 'tokens'> & { readonly place: number }>(movedEntries)
    .all(after, pageRows);
  const next = {
    step: page.length < pageRows ? step + 1 : step,
    after: page.at(-1)?.place ?? after,
    rows: rows + page.length,
  };
  const moved = page.map((row): EntryRow => {
    const { topic, author, kind, bytes } = row;
    const tokens = kind === articleKind && bytes ? wordsIn(bytes) : null;
    return { ...row, topic: shortened(topic), author: shortened(author), tokens };
  });
  await database.transaction(async (ask) => {
    if (moved.length > 0) await ask(insertEntries(1, ''), entryValues(moved));
    await ask("UPDATE meta SET value = $1 WHERE name = 'moving'", [JSON.stringify(next)]);
  });
  return next;
}

/** A damaged entry has no words; whoever asks for it by id learns what happened to it. */
function wordsIn(bytes: Uint8Array): string {
  try {
    return tokenText(decodeEntry(bytes));
  } catch {
    return '';
  }
}

/** The ends of the logs; with them the schema is the community’s. */
async function finish(
  database: Database,
  sqlite: SqliteDatabase,
  own: OriginId,
): Promise<Omit<Moved, 'rows' | 'before'>> {
  const number = sqlite.prepare<[string], number>('SELECT number FROM origins WHERE name = ?').pluck().get(own) ?? 0;
  const last = lastCommitOf(sqlite).get(number);
  const seal = last && toSeal(own, last);
  const heldLast = sqlite.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'held'").pluck().get() ?? 0;
  return await database.transaction(async (ask) => {
    const logs = `INSERT INTO logs (origin, via, version, begun, held_last, dropped_epoch, dropped_seq, end_epoch, end_seq,
      last_seal, entries, oldest_at)`;
    if (number > 0 && seal)
      await ask(
        `${logs} SELECT $1, NULL, 0, 0, $2, 1, 0, $3, $4, $5, (SELECT count(*) FROM entries WHERE origin = $1), NULL`,
        [number, heldLast, seal.epoch, seal.firstSeq + seal.size - 1, sealHash(seal)],
      );
    else if (number > 0 && heldLast > 0)
      await ask(`${logs} VALUES ($1, NULL, 0, 0, $2, 1, 0, 1, 0, $3, 0, NULL)`, [number, heldLast, new Uint8Array(32)]);
    const mirrors = sqlite.prepare<[], Record<string, unknown>>('SELECT * FROM mirrors').all();
    for (const mirror of mirrors)
      await ask(
        `${logs} SELECT $1, $2, 0, 0, 0, $3, $4, $5, $6, $7, $8, (SELECT min(stored_at) FROM commits WHERE origin = $1)`,
        ['origin', 'via', 'dropped_epoch', 'dropped_seq', 'end_epoch', 'end_seq', 'last_seal', 'entries'].map(
          (column) => mirror[column],
        ),
      );
    await ask("DELETE FROM meta WHERE name = 'moving'");
    const [counts] = await ask<Omit<Moved, 'rows' | 'before'>>(
      `SELECT (SELECT count(*) FROM entries WHERE origin = $1 AND kind = 1 AND bytes IS NOT NULL) AS articles,
         (SELECT count(*) FROM members WHERE left_at IS NULL) AS members, (SELECT count(*) FROM logs) AS logs`,
      [number],
    );
    return counts ?? { articles: 0, members: 0, logs: 0 };
  });
}
