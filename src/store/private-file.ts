import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../core/errors.js';

/**
 * The text of `file`, which gets that of `create` if there is none yet. It then appears whole or not at all, readable by
 * its owner alone, and is on the disk when this returns.
 */
export function readOrCreate(file: string, create: () => string): string {
  const there = read(file);
  if (there !== undefined) return there;
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  writeSynced(temporary, create());
  try {
    // A link, unlike a rename, never replaces what somebody else made meanwhile.
    linkSync(temporary, file);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  } finally {
    unlinkSync(temporary);
  }
  syncPath(dirname(file));
  return readFileSync(file, 'utf8');
}

/** `file` has `text` instead of what it had: after a crash the one or the other, whole. It is on the disk when this returns. */
export function replacePrivate(file: string, text: string): void {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  writeSynced(temporary, text);
  renameSync(temporary, file);
  syncPath(dirname(file));
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function writeSynced(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** What was written to a file, or the names in a folder, are on the disk when this returns. */
export function syncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
