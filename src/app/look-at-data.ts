import { DataFolderLook } from '../store/data-folder-look.js';
import { parseStoreUrl } from '../store/open-store.js';
import type { PostgresLook } from '../store/postgres/postgres-look.js';
import { isPostgresUrl } from '../store/postgres/postgres-url.js';

export type { DataFolderLook, KeyLook } from '../store/data-folder-look.js';
export type { LockLook } from '../store/file-lock.js';
export type { LogCheck } from '../store/log-check.js';
export type {
  PostgresContents,
  PostgresLook,
  PostgresServer,
  ReplicaSeen,
} from '../store/postgres/postgres-look.js';
export type { DatabaseContents, DatabaseLook, DatabaseState } from '../store/sqlite/database-look.js';

/** The data folder of a community, for a look that changes nothing. */
export function lookAtData(dir: string): DataFolderLook {
  return new DataFolderLook(dir);
}

/**
 * A community in PostgreSQL, for the same.
 * @throws MootError naming `store`, with what to do: nothing answers, no such database, another password.
 */
export async function lookAtPostgres(url: string): Promise<PostgresLook> {
  const { PostgresLook } = await import('../store/postgres/postgres-look.js');
  return await PostgresLook.open(url);
}

/** What a store is: in PostgreSQL, or a file; undefined for one that is in memory. @throws MootError `invalid` naming `store`. */
export function placeOfStore(url: string): { readonly url: string } | { readonly file: string } | undefined {
  const file = parseStoreUrl(url);
  if (file !== undefined) return { file };
  return isPostgresUrl(url) ? { url } : undefined;
}
