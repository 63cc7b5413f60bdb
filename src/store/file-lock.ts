import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { kill, pid } from 'node:process';
import Sqlite from 'better-sqlite3';
import { MootError, systemCode } from '../core/errors.js';
import { diskReason } from './disk-reason.js';

export interface FileLock {
  close(): void;
}

/** How a lock is found. */
export interface LockLook {
  readonly isHeld: boolean;
  /** Who holds it, or was killed while it did; undefined when nothing says so. */
  readonly pid: number | undefined;
  /** That process runs, here. */
  readonly isAlive: boolean;
}

/**
 * Holds `file` until `close` or the end of the process, however it ends: the kernel frees it. Beside it, `file`.pid says
 * who holds it; only the lock counts, the number is for people.
 * @param what names what is locked, for the refusal; `field` is the setting that names it.
 * @throws MootError `already_exists` when another process, or this one, holds it; `unavailable` when its folder is missing.
 */
export function lockFile(file: string, what: string, field: string): FileLock {
  const folder = dirname(file);
  if (!existsSync(folder))
    throw new MootError('unavailable', `${what} cannot be opened: there is no folder ${folder}`, {
      field,
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
      field,
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

/**
 * Looks at the lock in `file` without taking it: a holder keeps it, and nothing is written.
 * @throws MootError `damaged` when the file is no lock of moot, `unavailable` when it cannot be read.
 */
export function lookAtLock(file: string): LockLook {
  const holder = existsSync(`${file}.pid`) ? Number(holderOf(`${file}.pid`)) : Number.NaN;
  const named = Number.isSafeInteger(holder) && holder > 0 ? holder : undefined;
  return { isHeld: existsSync(file) && isLocked(file), pid: named, isAlive: named !== undefined && isAlive(named) };
}

function isLocked(file: string): boolean {
  let database: Sqlite.Database | undefined;
  try {
    database = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 0 });
    // Reading is what the holder's lock forbids.
    database.prepare('SELECT 1 FROM sqlite_schema').get();
    return false;
  } catch (cause) {
    if (systemCode(cause) === 'SQLITE_BUSY') return true;
    if (systemCode(cause) === 'SQLITE_NOTADB')
      throw new MootError('damaged', `${file} is no lock of moot`, { cause, hint: `rm ${file}, while no server runs` });
    throw new MootError('unavailable', `${file} cannot be read: ${diskReason(cause)}`, {
      cause,
      hint: 'run this as the user who runs the server',
    });
  } finally {
    database?.close();
  }
}

function isAlive(process: number): boolean {
  try {
    return kill(process, 0);
  } catch (error) {
    // It is another user's.
    return systemCode(error) === 'EPERM';
  }
}

function holderOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'of an unknown number';
  }
}
