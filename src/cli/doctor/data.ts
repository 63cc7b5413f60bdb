import type { DatabaseLook, DataFolderLook, KeyLook, LockLook } from '../../app/look-at-data.js';
import { codeOf } from '../../core/errors.js';
import { attempt, type Check, checkMode, failed } from './check.js';
import { beforeNextStart, checkDatabase } from './database.js';

/** What a community keeps in its data folder. Nothing in it is changed. */
export function* checkData(folder: DataFolderLook): Generator<Check> {
  const key = yield* checkFolder(folder);
  yield* checkFile(() => folder.database(), key?.id);
}

/** The folder but for the database. @returns by what the community is known, where its identity can be read. */
export function* checkFolder(folder: DataFolderLook, identityFile?: string): Generator<Check, KeyLook | undefined> {
  let key: KeyLook | undefined;
  const { file: dir, mode: open } = folder.itself();
  yield checkMode('data folder', dir, open, 0o700, dir);
  const identity = attempt('identity', () => {
    const found = folder.identity(identityFile);
    key = found;
    return checkMode('identity', found.file, found.mode, 0o600, `${found.file}, of ${found.id}`);
  });
  const hint = `${identity.hint ?? ''}; where it is elsewhere: --identity FILE`;
  yield identity.code === 'not_found' ? { ...identity, hint } : identity;
  const token = attempt('operator token', () => {
    const { file, mode } = folder.operatorToken();
    return checkMode('operator token', file, mode, 0o600, file);
  });
  yield token.code === 'not_found' ? { ...token, status: 'warning' } : token;
  yield attempt('lock', () => ({ check: 'lock', status: 'ok', detail: lockDetail(folder.lock()) }));
  return key;
}

/** @param id of the identity that goes with it. */
export function* checkFile(open: () => DatabaseLook, id: string | undefined): Generator<Check> {
  let database: DatabaseLook;
  try {
    database = open();
  } catch (error) {
    const check = failed('database', error);
    yield codeOf(error) === 'not_found' ? { ...check, status: 'warning', hint: beforeNextStart } : check;
    return;
  }
  try {
    yield* checkDatabase(database, id);
  } finally {
    database.close();
  }
}

function lockDetail({ isHeld, pid, isAlive }: LockLook): string {
  if (!isHeld)
    return pid === undefined || isAlive ? 'nobody holds it' : `nobody holds it; process ${pid}, which did, has ended`;
  if (pid === undefined) return 'a process of unknown number holds it';
  return isAlive ? `process ${pid} holds it and runs` : `process ${pid} holds it, on another machine or in a container`;
}
