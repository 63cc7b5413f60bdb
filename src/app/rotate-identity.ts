import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../core/clock.js';
import { noHash } from '../core/entry.js';
import { invalid, MootError } from '../core/errors.js';
import { logStart } from '../core/log.js';
import { takeRotations } from '../federation/mirrors/take-rotations.js';
import type { Identity } from '../identity/keys.js';
import { rotateKey } from '../identity/rotate-key.js';
import { openDataFolder } from '../store/data-folder.js';
import { openStore } from '../store/open-store.js';
import { type Places, requirePlaces } from './before-start.js';
import { Closing } from './closing.js';

/**
 * Gives a community that does not run a new key. When the new one is in the identity file, the rotation is done: what is
 * missing of it in the log, after a crash, comes there with the next start.
 * @throws MootError `already_exists` while a server uses the data folder, `not_found` where there is no identity, `invalid`
 * for an old copy of the data or one rotation too many; then the key is what it was.
 */
export async function rotateIdentity(places: Omit<Places, 'home'>): Promise<Identity> {
  const { dir, store: url, identityFile = join(dir, 'identity.pem') } = places;
  await requirePlaces(places);
  if (!existsSync(identityFile)) throw new MootError('not_found', `there is no identity ${identityFile}`);
  if (url === 'memory:')
    throw invalid('store', 'a log that is in memory has no place for a rotation', 'sqlite:FILE, as its server has it');
  const closing = new Closing();
  try {
    const folder = closing.owns(openDataFolder(dir, { identityFile }));
    const { identity } = folder;
    const { logs } = closing.owns(await openStore(url ?? `sqlite:${folder.databaseFile}`, { identity }));
    const nowMs = systemClock.now();
    if (await takeRotations(identity, logs, nowMs))
      throw invalid('data', 'this is an old copy of its data', 'start its server once, so that it gets the rest back');
    const { end, lastSeal } = (await logs.state(identity.id)) ?? { end: logStart, lastSeal: noHash };
    const rotated = rotateKey(identity, { ...end, lastSeal }, nowMs);
    folder.replaceIdentity(rotated);
    await takeRotations(rotated, logs, nowMs);
    return rotated;
  } finally {
    await closing.close();
  }
}
