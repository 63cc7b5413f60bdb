import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCode } from '../core/errors.js';

/**
 * Makes `folder` and those above it that are missing, for their owner alone; one that is there stays as it is.
 * (The recursive mkdir of Node 20 never returns where a folder cannot be made in one that exists, as in /proc.)
 */
export function makeFolder(folder: string): void {
  if (made(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function made(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return true;
    if (code === 'ENOENT' && dirname(folder) !== folder) return false;
    throw error;
  }
}
