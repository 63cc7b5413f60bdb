import { systemCode } from '../core/errors.js';

/** Why the disk did not do it, in half a sentence. */
export function diskReason(error: unknown): string {
  return reasons[systemCode(error)] ?? String(error);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EEXIST: 'a file is in its place',
  ENOENT: 'there is no such file',
  ENOTDIR: 'a file is in its place',
  EISDIR: 'a folder is where a file should be',
  SQLITE_CANTOPEN: 'a file is in its place, or permission denied',
  SQLITE_READONLY: 'its lock cannot be written',
};
