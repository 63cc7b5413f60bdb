import type { Bus } from '../core/bus.js';
import { type Clock, systemClock } from '../core/clock.js';
import { invalid, type MootError } from '../core/errors.js';
import { type DailyQuota, noQuota } from '../core/quota.js';
import { withoutPassword } from '../core/secret-url.js';
import type { Store } from '../core/stores.js';
import type { Identity } from '../identity/keys.js';
import { MemoryStore } from './memory/memory-store.js';
import { isPostgresUrl, parsePostgresUrl } from './postgres/postgres-url.js';
import { SqliteStore } from './sqlite/sqlite-store.js';

export interface StoreOptions {
  readonly identity: Identity;
  /** Dates what is published without a date, and everything that is stored. */
  readonly clock?: Clock | undefined;
  /** What one member may publish in a day; default: as much as they like. */
  readonly quota?: DailyQuota | undefined;
  /** Over which the replicas of a community ring for each other; without one they look each second. */
  readonly bus?: Bus | undefined;
  /** Told when nothing can be acknowledged any more: `unavailable` (the disk refused), `damaged`, or `denied` (the key was replaced). */
  readonly onBroken?: ((error: MootError) => void) | undefined;
  /** Told when a page leaves an article out because its row, at this place, is not what was sealed. */
  readonly onDamaged?: ((place: number) => void) | undefined;
}

/**
 * Opens `memory:`, `sqlite:FILE` or `postgres://…`.
 * @throws MootError `invalid` naming `store`; `damaged`, `denied` or `unavailable` when what it names cannot be used as it is.
 */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  const { identity, clock = systemClock, quota = noQuota, bus, onBroken = ignore, onDamaged = ignore } = options;
  if (isPostgresUrl(url)) {
    const { PostgresStore } = await import('./postgres/postgres-store.js');
    return await PostgresStore.open(url, { identity, clock, quota, bus, onBroken, onDamaged });
  }
  const file = parseStoreUrl(url);
  if (file === undefined) return new MemoryStore(identity, clock, quota);
  return await SqliteStore.open(file, { identity, clock, quota, onBroken, onDamaged });
}

/** @returns the file of `sqlite:FILE`, and undefined for stores that have none. @throws MootError `invalid` naming `store`. */
export function parseStoreUrl(url: string): string | undefined {
  if (url === 'memory:') return undefined;
  if (isPostgresUrl(url)) {
    parsePostgresUrl(url);
    return undefined;
  }
  const file = /^sqlite:(.+)$/s.exec(url)?.[1];
  if (file !== undefined) return file;
  throw invalid(
    'store',
    `store "${withoutPassword(url)}" is not one that moot knows`,
    'write it as sqlite:FILE, postgres://… or memory:',
  );
}

const ignore = (): void => undefined;
