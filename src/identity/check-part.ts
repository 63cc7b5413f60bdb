import type { Entry, Seal } from '../core/entry.js';
import { decodeEntry } from '../core/entry-codec.js';
import { MootError } from '../core/errors.js';
import { type EntryId, toId } from '../core/ids.js';
import type { CommitPart } from '../core/subscribing.js';
import type { KeyRing } from './key-ring.js';
import { leafHash, rootOfPart } from './merkle.js';
import { VerifiedSeals } from './verified-seals.js';

/** An entry that its origin sealed in this place of its log. */
export interface CheckedEntry {
  readonly id: EntryId;
  readonly bytes: Uint8Array;
  readonly entry: Entry;
}

/**
 * Checks parts of commits that came from elsewhere: one hash for each entry, one signature for each commit. A part that was
 * found right is not looked at again.
 */
export class PartChecker {
  private readonly seals: VerifiedSeals;
  private readonly right = new WeakMap<CommitPart, readonly CheckedEntry[]>();

  constructor(ring?: KeyRing) {
    this.seals = new VerifiedSeals(ring);
  }

  /** @throws MootError `damaged` unless the origin sealed all of these entries, each in its place. */
  check(part: CommitPart): readonly CheckedEntry[] {
    const known = this.right.get(part);
    if (known) return known;
    const checked = this.look(part);
    this.right.set(part, checked);
    return checked;
  }

  private look({ seal, indexes, entries, hashes }: CommitPart): CheckedEntry[] {
    const leaves = entries.map((bytes) => leafHash(bytes));
    const root = rootOfPart(seal.size, indexes, leaves, hashes);
    if (!root || Buffer.compare(root, seal.root) !== 0)
      throw new MootError('damaged', 'an entry is not in the commit its seal covers');
    if (!this.seals.isValid(seal)) throw new MootError('damaged', 'a seal was not made by the origin of its entries');
    return entries.map((bytes, at) => {
      const entry = decodeEntry(bytes);
      if (!isInPlace(entry, seal, indexes[at] ?? 0))
        throw new MootError('damaged', 'an entry is not at the place its seal gives it');
      return { id: toId(leaves[at] ?? leafHash(bytes)), bytes, entry };
    });
  }
}

function isInPlace(entry: Entry, seal: Seal, index: number): boolean {
  return entry.origin === seal.origin && entry.epoch === seal.epoch && entry.seq === seal.firstSeq + index;
}
