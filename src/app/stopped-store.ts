import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sleep, systemClock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import {
  type LeaseHolder,
  type LeaseStore,
  replicaLeases,
  replicaMs,
  startingLease,
  startingMs,
} from '../core/leases.js';
import type { Store } from '../core/stores.js';
import { type DataFolder, openDataFolder } from '../store/data-folder.js';
import { openStore, parseStoreUrl } from '../store/open-store.js';
import { isPostgresUrl } from '../store/postgres/postgres-url.js';
import { type Places, requirePlaces } from './before-start.js';
import { Closing } from './closing.js';

const againMs = 100;

/**
 * Runs `work` on the data folder and the store of a community that is there, and that nobody serves meanwhile.
 * @throws MootError `not_found` where the identity or the store is missing: nothing is made; `already_exists` while a server
 * uses the folder, or a replica the store, naming it; what `work` throws.
 */
export async function whileStopped<Result>(
  places: Omit<Places, 'home'>,
  work: (folder: DataFolder, store: Store) => Promise<Result>,
): Promise<Result> {
  const { dir, store: url, identityFile = join(dir, 'identity.pem') } = places;
  await requirePlaces(places);
  if (!existsSync(identityFile))
    throw new MootError('not_found', `there is no identity ${identityFile}`, {
      field: 'identity',
      hint: 'name the data folder of its server, and where its key is elsewhere: --identity FILE',
    });
  const place = url ?? `sqlite:${join(dir, 'moot.db')}`;
  await requireCommunity(place);
  const closing = new Closing();
  try {
    const folder = closing.owns(openDataFolder(dir, { identityFile }));
    const store = closing.owns(await openStore(place, { identity: folder.identity }));
    const run = (): Promise<Result> => work(folder, store);
    return await (isPostgresUrl(place) ? withoutReplicas(store.leases, run) : run());
  } finally {
    await closing.close();
  }
}

/** Without it a store would be made, and what is done there would be done to nobody's log. */
async function requireCommunity(url: string): Promise<void> {
  const hint = 'name the store as its server has it: --store postgres://… or sqlite:FILE';
  if (isPostgresUrl(url)) {
    const { PostgresLook } = await import('../store/postgres/postgres-look.js');
    const look = await PostgresLook.open(url);
    try {
      if (await look.tables()) return;
      throw new MootError('not_found', `no community is in ${look.name}`, { field: 'store', hint });
    } finally {
      await look.close();
    }
  }
  const file = parseStoreUrl(url);
  if (file !== undefined && (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0)
    throw new MootError('not_found', `there is no database ${file}`, { field: 'store', hint });
}

/** No replica starts meanwhile either: it waits its turn. One that was killed counts as there until its lease is over. */
async function withoutReplicas<Result>(leases: LeaseStore, work: () => Promise<Result>): Promise<Result> {
  const self = randomUUID();
  const isOver = await within(() => leases.hold(startingLease, self, startingMs));
  if (!isOver)
    throw new MootError('already_exists', 'a replica of this community is starting, or a command like this one runs', {
      field: 'store',
      hint: `stop all replicas; one that was killed as it started counts for ${startingMs / 1000} s`,
    });
  try {
    let there: readonly LeaseHolder[] = [];
    const isFree = await within(async () => {
      there = await leases.holders(replicaLeases);
      return there.length === 0;
    });
    if (isFree) return await work();
    const addresses = [...new Set(there.map(({ holder }) => holder))].sort().join(', ');
    throw new MootError('already_exists', `the community is served from this store, at ${addresses}`, {
      field: 'store',
      hint: 'stop every replica, do this once, then start them again',
    });
  } finally {
    await leases.release(startingLease, self).catch(() => undefined);
  }
}

/** Asks until it holds, or a lease of a replica that nobody renews must be over. */
async function within(holds: () => Promise<boolean>): Promise<boolean> {
  const untilMs = systemClock.monotonic() + replicaMs + againMs;
  for (;;) {
    if (await holds()) return true;
    if (systemClock.monotonic() >= untilMs) return false;
    await sleep(systemClock, againMs);
  }
}
