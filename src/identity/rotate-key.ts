import { bareEntry, type Seal } from '../core/entry.js';
import { encodeEntry } from '../core/entry-codec.js';
import { invalid, MootError } from '../core/errors.js';
import type { Commit } from '../core/log.js';
import type { LogEnd } from '../core/stores.js';
import { isKeyLineSize, mostRotations, type Rotation, readKeyLine, withRotation } from './key-line.js';
import { createKey, type Identity, identityOf, rawKeyOf } from './keys.js';
import { leafHash } from './merkle.js';
import { createSealer } from './seal.js';

/**
 * The same community with a new key, to which the old one gives way right after `end` of its log.
 * @throws MootError `invalid` when it has been rotated as often as can be.
 */
export function rotateKey(identity: Identity, end: LogEnd, nowMs: number): Identity {
  if (rotationsOf(identity.publicKey).length >= mostRotations)
    throw invalid('identity', `the key of this community was rotated ${mostRotations} times, and no more is possible`);
  const key = createKey();
  const place = { origin: identity.id, epoch: end.epoch, seq: end.seq + 1 };
  const entry = encodeEntry(bareEntry('rotation', place, nowMs, rawKeyOf(key)));
  const seal = createSealer(identity).seal(place.epoch, place.seq, [leafHash(entry)], end.lastSeal);
  return identityOf(key, withRotation(identity.publicKey, { entry, seal }));
}

/** How the community of `publicKey` came to its newest key, the oldest rotation first. */
export function rotationsOf(publicKey: Uint8Array): readonly Rotation[] {
  return readKeyLine(publicKey)?.rotations ?? [];
}

/**
 * The public key that holds after a commit, as it travels: the one that sealed it, or the one that it gives way to.
 * @param entry the first of the commit, if it has its text.
 */
export function lineAfter(seal: Seal, entry: Uint8Array | undefined): Uint8Array {
  if (!entry || seal.size > 1 || !isKeyLineSize(seal.publicKey.length + entry.length)) return seal.publicKey;
  const next = withRotation(seal.publicKey, { entry, seal });
  return readKeyLine(next) ? next : seal.publicKey;
}

/** That a key was replaced, and the identity still has the old one. */
export function oldKey(): MootError {
  return new MootError('denied', 'this community has replaced the key that is in this identity', {
    field: 'identity',
    hint: 'use the identity.pem that `moot keys --rotate` has made',
  });
}

/** What a rotation is in the log. */
export function commitOf({ entry, seal }: Rotation, storedAtMs: number): Commit {
  return { seal, entries: [{ hash: leafHash(entry), bytes: entry, gone: undefined }], storedAtMs };
}
