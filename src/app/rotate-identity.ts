import { systemClock } from '../core/clock.js';
import { noHash } from '../core/entry.js';
import { invalid } from '../core/errors.js';
import { logStart } from '../core/log.js';
import { takeRotations } from '../federation/mirrors/take-rotations.js';
import type { Identity } from '../identity/keys.js';
import { rotateKey } from '../identity/rotate-key.js';
import type { Places } from './before-start.js';
import { requireNewestKey } from './newest-key.js';
import { whileStopped } from './stopped-store.js';

/**
 * Gives a community that does not run a new key. When the new one is in the identity file, the rotation is done: what is
 * missing of it in the log, after a crash, comes there with the next start.
 * @throws MootError `already_exists` while a server uses the data folder or the store, `not_found` where there is no identity
 * or no store, `invalid` for an old copy of the data or one rotation too many, `denied` for a key that was replaced before;
 * then the key is what it was.
 */
export async function rotateIdentity(places: Omit<Places, 'home'>): Promise<Identity> {
  if (places.store === 'memory:')
    throw invalid('store', 'a log that is in memory has no place for a rotation', 'sqlite:FILE, as its server has it');
  return await whileStopped(places, async (folder, { logs }) => {
    const { identity } = folder;
    await requireNewestKey(identity, logs);
    const nowMs = systemClock.now();
    if (await takeRotations(identity, logs, nowMs))
      throw invalid('data', 'this is an old copy of its data', 'start its server once, so that it gets the rest back');
    const { end, lastSeal } = (await logs.state(identity.id)) ?? { end: logStart, lastSeal: noHash };
    const rotated = rotateKey(identity, { ...end, lastSeal }, nowMs);
    folder.replaceIdentity(rotated);
    await takeRotations(rotated, logs, nowMs);
    return rotated;
  });
}
