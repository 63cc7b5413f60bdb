import { closeSync, openSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import Sqlite from 'better-sqlite3';
import { restoredSetting } from '../../core/stores.js';
import { openForLooking } from './connection.js';
import { toMootError } from './sqlite-error.js';

/** Done of all, in bytes. @throws what shall end the work. */
export type OnProgress = (done: number, all: number) => void;

/** 4 MiB at a time: the disk has room for others in between, and whoever waits sees it go on. */
const pagesAtOnce = 1024;

/**
 * Copies the database in `file` to `copy`, which must not be there, as it is at this moment: a server may go on writing to it.
 * The copy is one file, and says that it was made to be put back.
 * @throws MootError; nothing is then left at `copy`, as far as the caller removes it.
 */
export async function copyDatabase(file: string, copy: string, onProgress: OnProgress): Promise<void> {
  const source = openForLooking(file);
  try {
    const pageBytes = Number(source.pragma('page_size', { simple: true }));
    // One view for all steps: without it each commit of the server would begin the copy anew, and it would never end.
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    closeSync(openSync(copy, 'wx', 0o600));
    await source.backup(copy, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress((totalPages - remainingPages) * pageBytes, totalPages * pageBytes);
        return pagesAtOnce;
      },
    });
  } catch (error) {
    throw toMootError(error);
  } finally {
    source.close();
  }
  markRestored(copy);
}

/** Says in the database `file`, which nobody uses, that it was made to be put back, and leaves one file of it. */
export function markRestored(file: string): void {
  let database: Database | undefined;
  try {
    database = new Sqlite(file, { fileMustExist: true });
    database.pragma('synchronous = FULL');
    database.pragma('journal_mode = DELETE');
    database
      .prepare("INSERT INTO settings (key, value) VALUES (?, 'yes') ON CONFLICT (key) DO UPDATE SET value = 'yes'")
      .run(restoredSetting);
  } catch (error) {
    throw toMootError(error);
  } finally {
    database?.close();
  }
}
