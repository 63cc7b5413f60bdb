import { type Clock, sleep } from '../../core/clock.js';
import type { LeaseStore } from '../../core/leases.js';

const holdMs = 2000;
const betweenMs = 30;
const tries = 40;

/**
 * Runs `work` while no other replica does what has this name. Who holds it too long loses it, and whoever waits too long
 * goes on without: it is for what can be mended where two do it at once.
 */
export async function inTurn<T>(
  { leases, clock, self }: { readonly leases: LeaseStore; readonly clock: Clock; readonly self: string },
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  for (let at = 0; at < tries; at += 1) {
    if (await leases.hold(`turn/${name}`, self, holdMs)) break;
    await sleep(clock, betweenMs);
  }
  try {
    return await work();
  } finally {
    await leases.release(`turn/${name}`, self).catch(() => undefined);
  }
}
