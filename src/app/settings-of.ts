import { join, resolve } from 'node:path';
import type { ServerLimits } from '../core/server-limits.js';
import type { ServerSettings } from '../core/server-settings.js';
import { parseStoreUrl } from '../store/open-store.js';
import type { ServerConfig } from './config.js';

/** What the operator of a server is told of it. @param dir its data folder. @param databaseFile unless its store is elsewhere. */
export function settingsOf(
  { store, identityFile }: ServerConfig,
  dir: string,
  databaseFile: string,
  limits: ServerLimits,
): ServerSettings {
  const file = store === undefined ? databaseFile : parseStoreUrl(store);
  return {
    limits,
    dataFolder: resolve(dir),
    identityFile: resolve(identityFile ?? join(dir, 'identity.pem')),
    databaseFile: file === undefined ? undefined : resolve(file),
  };
}
