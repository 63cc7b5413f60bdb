import { LRUCache } from 'lru-cache';
import type { Seal } from '../core/entry.js';
import { keyBytes } from './ed25519.js';
import { sha256 } from './hash.js';
import type { KeyRing } from './key-ring.js';
import { isKeyInPlace, isSealValid } from './seal.js';
import { sealHash } from './seal-statement.js';

/** Remembers the seals that were found valid: one signature covers a commit, or a chain of them. */
export class VerifiedSeals {
  private readonly verified = new LRUCache<string, true>({ max: 10_000 });

  /** @param ring what is known of keys that were replaced; none: a key is as good as its rotations make it. */
  constructor(private readonly ring?: KeyRing | undefined) {}

  isValid(seal: Seal, hash: Uint8Array = sealHash(seal)): boolean {
    return this.isGenuine(seal, hash) && this.ring?.acceptsSeal(seal) !== false;
  }

  /**
   * How many seals from the first on are valid, when each stands in the log right after the one before. A seal that a valid
   * one names as its `previous` needs no look at its signature: their hashes cover it.
   */
  validOf(seals: readonly Seal[]): number {
    let valid = seals.length;
    for (let at = seals.length - 1; at >= 0; at -= 1) {
      const [seal, next] = [seals[at], seals[at + 1]];
      if (!seal) continue;
      const isNamed = next !== undefined && at + 1 < valid && isNamedBy(seal, next);
      if (!isNamed && !this.isValid(seal)) valid = at;
    }
    return valid;
  }

  private isGenuine(seal: Seal, hash: Uint8Array): boolean {
    const { publicKey } = seal;
    const shortKey = publicKey.length === keyBytes ? publicKey : sha256(publicKey);
    const name = Buffer.concat([hash, shortKey]).toString('latin1');
    if (this.verified.has(name)) return true;
    const valid = isSealValid(seal);
    if (valid) this.verified.set(name, true);
    return valid;
  }
}

/** True when `later`, if it is valid, vouches for `seal`: for what it says and, since no signature covers that, for its key. */
export function isNamedBy(seal: Seal, later: Seal, hash: Uint8Array = sealHash(seal)): boolean {
  if (seal.origin !== later.origin || Buffer.compare(seal.publicKey, later.publicKey) !== 0) return false;
  return Buffer.compare(hash, later.previous) === 0 && isKeyInPlace(seal);
}
