import { statSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { MootError } from '../../core/errors.js';
import { migrate } from './migrations.js';
import { toMootError } from './sqlite-error.js';

/**
 * The one connection that writes. It checkpoints by hand, because SQLite keeps to itself what goes wrong in a checkpoint
 * it began by itself, a failed sync included.
 * @throws MootError `damaged` or `unavailable`, saying what to do.
 */
export function openForWriting(file: string): Database {
  return opened(file, false, (database) => {
    database.pragma('journal_mode = WAL');
    database.pragma('wal_autocheckpoint = 0');
    database.pragma('cache_size = -65536');
    migrate(database);
    database.pragma('wal_checkpoint(TRUNCATE)');
    refuseShortFile(database, file);
    assertDurable(database);
  });
}

/** A connection that only reads; the file must have been opened for writing before. */
export function openForReading(file: string): Database {
  return opened(file, true, (database) => {
    database.pragma('cache_size = -4096');
    assertDurable(database);
  });
}

/** A connection that only reads, whatever the file is and in whichever state. */
export function openForLooking(file: string): Database {
  return opened(file, true, () => undefined);
}

function opened(file: string, readonly: boolean, prepare: (database: Database) => void): Database {
  let database: Database | undefined;
  try {
    database = new Sqlite(file, { readonly, fileMustExist: readonly, timeout: 5000 });
    // NORMAL, which the driver sets, loses acknowledged rows when the power fails.
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.pragma('trusted_schema = OFF');
    database.pragma('cell_size_check = ON');
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    throw toMootError(error);
  }
}

/** @throws MootError `unavailable` unless the connection syncs each commit to the disk. */
export function assertDurable(database: Database): void {
  const synchronous = database.pragma('synchronous', { simple: true });
  const journal = database.pragma('journal_mode', { simple: true });
  if (synchronous !== 2 || journal !== 'wal')
    throw new MootError('unavailable', `the database would not sync (synchronous ${synchronous}, journal ${journal})`, {
      hint: 'keep it on a local disk whose file system has memory maps and locks',
    });
}

/** @throws MootError `damaged` when the file has fewer pages than it says. What is still in its log counts as lost. */
export function refuseShortFile(database: Database, file: string): void {
  const pages = Number(database.pragma('page_count', { simple: true }));
  const pageBytes = Number(database.pragma('page_size', { simple: true }));
  if (statSync(file).size < pages * pageBytes)
    throw new MootError('damaged', 'the database file has lost its end', {
      hint: 'stop the server and put a copy in its place',
    });
}
