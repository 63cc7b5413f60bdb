import { DataFolderLook } from '../store/data-folder-look.js';

export type { DataFolderLook } from '../store/data-folder-look.js';
export type { LockLook } from '../store/file-lock.js';
export type { DatabaseLook, DatabaseState } from '../store/sqlite/database-look.js';
export type { LogCheck } from '../store/sqlite/log-check.js';

/** The data folder of a community, for a look that changes nothing. */
export function lookAtData(dir: string): DataFolderLook {
  return new DataFolderLook(dir);
}
