import type { Proof, SealedArticle } from '../core/entry.js';
import { decodeEntry } from '../core/entry-codec.js';
import { MootError } from '../core/errors.js';
import { toId } from '../core/ids.js';
import { KeyRing } from './key-ring.js';
import { leafHash, rootFromPath } from './merkle.js';
import { VerifiedSeals } from './verified-seals.js';

/** Checks what came from elsewhere, entry by entry. Remembers the seals it has verified: one signature covers a commit. */
export class ArticleChecker {
  private readonly seals: VerifiedSeals;

  /** @param ring what is known of keys that were replaced, shared with all that checks what others have signed. */
  constructor(readonly ring = new KeyRing()) {
    this.seals = new VerifiedSeals(ring);
  }

  /**
   * @returns the article, its entry decoded from the exact bytes that were sealed.
   * @throws MootError `damaged` unless the entry's origin sealed these bytes at this place of its log.
   */
  check(bytes: Uint8Array, proof: Proof, storedAtMs: number): SealedArticle {
    const entry = decodeEntry(bytes);
    const { seal, index, path } = proof;
    if (entry.origin !== seal.origin || entry.epoch !== seal.epoch || entry.seq !== seal.firstSeq + index)
      throw new MootError('damaged', 'an entry is not at the place its seal gives it');
    const leaf = leafHash(bytes);
    const root = rootFromPath(leaf, index, seal.size, path);
    if (!root || Buffer.compare(root, seal.root) !== 0)
      throw new MootError('damaged', 'an entry is not in the commit its seal covers');
    if (!this.seals.isValid(seal)) throw new MootError('damaged', 'a seal was not made by the origin of its entries');
    return { id: toId(leaf), entry, bytes, proof, storedAtMs };
  }
}
