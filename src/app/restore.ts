import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { invalid, isMootError, MootError } from '../core/errors.js';
import { restoredSetting } from '../core/stores.js';
import { type BackupFacts, backupFiles, readBackup } from '../store/backup-folder.js';
import { diskReason } from '../store/disk-reason.js';
import { sha256Of } from '../store/file-hash.js';
import { type FileLock, lockFile } from '../store/file-lock.js';
import { replacePrivate, syncPath } from '../store/private-file.js';
import { makeFolder } from '../store/private-folder.js';
import { markRestored, type OnProgress } from '../store/sqlite/copy-database.js';
import type { Places } from './before-start.js';
import { whileStopped } from './stopped-store.js';
import { requireWhole } from './whole-database.js';

/** What an empty data folder may hold: a lock that was held once, what a file system makes, a copy that was broken off. */
const nothing = /^(lock|lock-journal|lock\.pid|lost\+found|.*\.part)$/;

/**
 * Puts `backup` into the data folder `dir`, which is made or holds nothing, once it has been found whole. The server that is
 * started on it opens a new epoch: no place of its log is given to two texts, however often the backup is put back.
 * @throws MootError `already_exists` for a folder in use, `invalid` naming `data` for one that holds something, `damaged` for
 * a backup that is not as it was made, `full` or `unavailable`; the folder is then as it was.
 */
export async function restore(backup: string, dir: string, onProgress: OnProgress): Promise<BackupFacts> {
  const { facts, identity, operatorToken } = readBackup(backup);
  const isNew = !existsSync(dir);
  const lock = lockEmpty(dir);
  const part = join(dir, `${backupFiles.database}.part`);
  try {
    await copyChecked(join(backup, backupFiles.database), part, facts, onProgress);
    requireWhole(part, identity.id, 'the backup');
    markRestored(part);
    renameSync(part, join(dir, backupFiles.database));
    replacePrivate(join(dir, backupFiles.operatorToken), `${operatorToken}\n`);
    // The key comes last: a folder with it and no articles would start as an empty community of the same name.
    replacePrivate(join(dir, backupFiles.identity), identity.privatePem);
    syncPath(dir);
    return facts;
  } catch (error) {
    for (const name of [`${backupFiles.database}.part`, ...Object.values(backupFiles)])
      rmSync(join(dir, name), { force: true });
    throw error;
  } finally {
    lock.close();
    if (!existsSync(join(dir, backupFiles.identity))) forget(dir, isNew);
  }
}

/**
 * Marks a store that was put back by other means: by pg_restore, or as a copy of a disk.
 * @throws MootError `not_found` where there is no identity or no store, `already_exists` while somebody serves from it.
 */
export async function markAsRestored(places: Omit<Places, 'home'>): Promise<{ readonly id: string }> {
  if (places.store === 'memory:')
    throw invalid('store', 'what is in memory is never put back', 'sqlite:FILE, or postgres://…');
  return await whileStopped(places, async ({ identity }, { settings }) => {
    await settings.set(restoredSetting, 'yes');
    return { id: identity.id };
  });
}

function lockEmpty(dir: string): FileLock {
  const isThere = existsSync(dir);
  let lock: FileLock | undefined;
  try {
    makeFolder(dir);
    lock = lockFile(join(dir, 'lock'), `data folder ${dir}`, 'data');
    const [there] = readdirSync(dir).filter((name) => !nothing.test(name));
    if (there === undefined) return lock;
    throw invalid(
      'data',
      `${dir} holds something already (${there}), and nothing is overwritten`,
      'name a folder that is not there, or is empty',
    );
  } catch (error) {
    lock?.close();
    if (!isThere) forget(dir, true);
    if (isMootError(error)) throw error;
    throw new MootError('unavailable', `data folder ${dir} cannot be used: ${diskReason(error)}`, {
      cause: error,
      field: 'data',
      hint: 'name a folder that this user may write, on a disk with room',
    });
  }
}

async function copyChecked(from: string, to: string, facts: BackupFacts, onProgress: OnProgress): Promise<void> {
  rmSync(to, { force: true });
  const file = openSync(to, 'wx', 0o600);
  try {
    let done = 0;
    const sha256 = await sha256Of(from, (piece) => {
      writeSync(file, piece);
      done += piece.length;
      onProgress(done, facts.bytes);
    });
    if (sha256 !== facts.sha256)
      throw new MootError('damaged', `${from} is not as it was when the backup was made`, {
        hint: 'another backup, where there is one',
      });
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** It is as it was: what was made for the restoring goes. */
function forget(dir: string, isNew: boolean): void {
  rmSync(join(dir, 'lock'), { force: true });
  if (isNew) rmSync(dir, { recursive: true, force: true });
}
