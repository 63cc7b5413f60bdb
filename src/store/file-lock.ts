import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pid } from 'node:process';
import Sqlite from 'better-sqlite3';
import { MootError, systemCode } from '../core/errors.js';

export interface FileLock {
  close(): void;
}

/**
 * Holds `file` until `close` or the end of the process, however it ends: the kernel frees it. Beside it, `file`.pid says
 * who holds it; only the lock counts, the number is for people.
 * @param what names what is locked, for the refusal.
 * @throws MootError `already_exists` when another process, or this one, holds it; `unavailable` when its folder is missing.
 */
export function lockFile(file: string, what: string): FileLock {
  const folder = dirname(file);
  if (!existsSync(folder))
    throw new MootError('unavailable', `${what} cannot be opened: there is no folder ${folder}`, {
      hint: 'make it first',
    });
  const holder = `${file}.pid`;
  const database = new Sqlite(file, { timeout: 0 });
  try {
    // Nothing is written, so no journal appears: the transaction is there for its lock on the file.
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if (systemCode(cause) !== 'SQLITE_BUSY') throw cause;
    throw new MootError('already_exists', `${what} is in use by process ${holderOf(holder)}`, {
      cause,
      hint: 'end that process, or name another one',
    });
  }
  writeFileSync(holder, `${pid}\n`, { mode: 0o600 });
  return {
    close: () => {
      rmSync(holder, { force: true });
      database.close();
    },
  };
}

function holderOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'of an unknown number';
  }
}
