import { statfs } from 'node:fs/promises';
import { isMootError, systemCode } from '../../core/errors.js';
import type { Check } from './check.js';

const mebibyte = 1024 * 1024;
/** A journal of SQLite grows to some MiB; less than this is full soon. */
const leastMiB = 64;
const fewMiB = 512;

/** How much room the disk has that holds `folder`; nothing when there is no such folder. */
export async function* checkSpace(folder: string): AsyncGenerator<Check> {
  try {
    const { bavail, bsize } = await statfs(folder);
    yield spaceCheck(folder, bavail * bsize);
  } catch (error) {
    // What is wrong with the folder itself is said where its mode is looked at.
    if (isMootError(error) || systemCode(error) === '') throw error;
  }
}

export function spaceCheck(folder: string, freeBytes: number): Check {
  const free = Math.floor(freeBytes / mebibyte);
  const check = 'disk';
  if (free >= fewMiB) return { check, status: 'ok', detail: `${free} MiB are free for ${folder}` };
  const detail = `the disk of ${folder} is nearly full: ${free} MiB are left`;
  const hint = `make room: df -h ${folder}; a server without any takes no articles until there is`;
  return { check, status: free < leastMiB ? 'FAIL' : 'warning', detail, hint };
}
