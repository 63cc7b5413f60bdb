import { noHash } from '../../src/core/entry.js';
import type { LogEnd } from '../../src/core/stores.js';
import type { Identity } from '../../src/identity/keys.js';
import { rotateKey, rotationsOf } from '../../src/identity/rotate-key.js';

/** A community and its later selves: its key was rotated right after each of these entries of epoch 1. */
export function rotatedAfter(identity: Identity, seqs: readonly number[]): readonly Identity[] {
  const selves = [identity];
  for (const seq of seqs) selves.push(rotateKey(selves.at(-1) ?? identity, endAt(seq), 1_700_000_000_000));
  return selves;
}

export function endAt(seq: number, epoch = 1): LogEnd {
  return { epoch, seq, lastSeal: noHash };
}

/** Where the rotations of its key stand. */
export function rotatedAt({ publicKey }: Identity): readonly number[] {
  return rotationsOf(publicKey).map(({ place }) => place.seq);
}
