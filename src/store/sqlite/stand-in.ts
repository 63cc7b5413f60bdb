import { constants, copyFileSync, existsSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MootError } from '../../core/errors.js';
import { diskReason } from '../disk-reason.js';
import { lookAtLock } from '../file-lock.js';

/** Where a database can be read so that nothing is made beside it. */
export interface StandIn {
  readonly file: string;
  drop(): void;
}

/**
 * SQLite makes two files beside a database that is opened, even to be read, and leaves them there. While a server uses it
 * they are there: then it is `file` itself. Otherwise nobody writes, and it is a copy in the folder for temporary files.
 * @throws MootError `full` when a copy has no room, `unavailable` when it cannot be made.
 */
export function standInFor(file: string): StandIn {
  const itself = { file, drop: () => undefined };
  const isInUse = (): boolean => lookAtLock(`${file}.lock`).isHeld;
  if (isInUse()) return itself;
  const copy = copyOf(file);
  // A server that was started meanwhile has written into what was copied.
  if (!isInUse()) return copy;
  copy.drop();
  return itself;
}

function copyOf(file: string): StandIn {
  const parts = ['', '-wal'].filter((end) => existsSync(`${file}${end}`));
  const bytes = parts.reduce((sum, end) => sum + statSync(`${file}${end}`).size, 0);
  const room = statfsSync(tmpdir());
  if (room.bavail * room.bsize < bytes) throw noRoom(bytes);
  const folder = mkdtempSync(join(tmpdir(), 'moot-look-'));
  const drop = (): void => rmSync(folder, { recursive: true, force: true });
  const copy = join(folder, 'moot.db');
  try {
    for (const end of parts) copyFileSync(`${file}${end}`, `${copy}${end}`, constants.COPYFILE_FICLONE);
    return { file: copy, drop };
  } catch (cause) {
    drop();
    throw new MootError('unavailable', `${file} cannot be read: ${diskReason(cause)}`, { cause });
  }
}

function noRoom(bytes: number): MootError {
  const size = `${Math.ceil(bytes / 1024 / 1024)} MiB`;
  return new MootError('full', `${tmpdir()} has no room for a copy of the database (${size}), which is what is read`, {
    hint: 'the same with TMPDIR set to a folder with room',
  });
}
