import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { systemClock } from '../core/clock.js';
import { invalid, MootError } from '../core/errors.js';
import { type BackupFacts, backupFiles } from '../store/backup-folder.js';
import { DataFolderLook } from '../store/data-folder-look.js';
import { diskReason } from '../store/disk-reason.js';
import { sha256Of } from '../store/file-hash.js';
import { parseStoreUrl } from '../store/open-store.js';
import { replacePrivate, syncPath } from '../store/private-file.js';
import { copyDatabase, type OnProgress } from '../store/sqlite/copy-database.js';
import { requireWhole } from './whole-database.js';

export interface BackupPlaces {
  /** The data folder. */
  readonly dir: string;
  /** As its server has it; default: moot.db in the folder. */
  readonly store?: string | undefined;
  /** As its server has it; default: identity.pem in the folder. */
  readonly identityFile?: string | undefined;
  /** Where the backup goes: a folder that is made, or is empty. */
  readonly to: string;
}

/**
 * Copies a community whole, with its key, as it is at this moment, whether its server runs or not; what was acknowledged
 * before is in the copy. That is checked before it has its name: a folder that is there is a backup.
 * @param onProgress told of bytes as they are copied; what it throws ends the work.
 * @throws MootError `invalid` naming `to` or `store`, `not_found`, `damaged`, `full` or `unavailable`; nothing is then left.
 */
export async function backUp(
  { dir, store, identityFile, to }: BackupPlaces,
  onProgress: OnProgress,
): Promise<BackupFacts> {
  const database = store === undefined ? join(dir, 'moot.db') : parseStoreUrl(store);
  if (database === undefined)
    throw invalid('store', 'what is in memory cannot be copied from outside', 'sqlite:FILE, as its server has it');
  if (!existsSync(database))
    throw new MootError('not_found', `there is no database ${database}`, {
      field: 'data',
      hint: 'the data folder of a community: --data .moot/NAME',
    });
  const look = new DataFolderLook(dir);
  // Read first: whoever rotates the key meanwhile does so with the server stopped, and the log says it.
  const identity = look.identity(identityFile);
  const token = look.operatorToken();
  requireEmpty(to);
  const part = `${resolve(to)}.${randomBytes(4).toString('hex')}.part`;
  try {
    makePart(part);
    const copy = join(part, backupFiles.database);
    await copyDatabase(database, copy, onProgress);
    const { articles, members } = requireWhole(copy, identity.id, 'the copy');
    const [bytes, sha256] = [statSync(copy).size, await sha256Of(copy)];
    syncPath(copy);
    const facts: BackupFacts = {
      version: 1,
      id: identity.id,
      madeAtMs: systemClock.now(),
      bytes,
      sha256,
      articles,
      members,
    };
    replacePrivate(join(part, backupFiles.operatorToken), token.text);
    replacePrivate(join(part, backupFiles.identity), identity.text);
    replacePrivate(join(part, backupFiles.facts), `${JSON.stringify(facts, undefined, 2)}\n`);
    renameSync(part, to);
    syncPath(dirname(resolve(to)));
    return facts;
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw error;
  }
}

function requireEmpty(to: string): void {
  const there = statSync(to, { throwIfNoEntry: false });
  if (!there) return;
  const isEmpty = there.isDirectory() && readdirSync(to).length === 0;
  if (!isEmpty)
    throw invalid('to', `${to} is there already, and is not overwritten`, 'name a folder that is not there');
}

function makePart(part: string): void {
  try {
    mkdirSync(part, { mode: 0o700, recursive: existsSync(dirname(dirname(part))) });
    chmodSync(part, 0o700);
  } catch (cause) {
    throw new MootError('unavailable', `${dirname(part)} cannot be written: ${diskReason(cause)}`, {
      cause,
      field: 'to',
      hint: 'name a folder that this user may write',
    });
  }
}
