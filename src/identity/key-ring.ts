import { LRUCache } from 'lru-cache';
import type { Head, Seal } from '../core/entry.js';
import type { OriginId } from '../core/ids.js';
import { comparePlaces, type LogPlace } from '../core/log.js';
import { readKeyLine } from './key-line.js';

/** Communities whose rotated keys are remembered, besides those that are `kept`; others show their rotations again. */
const mostKnown = 10_000;
const first = 32;

/**
 * Remembers to which keys communities have rotated, so that a key that gave way is good for nothing new. Whoever shows a
 * rotation that was not known is believed, for the key before has signed it; of two rotations by one key, the one that was
 * seen first. What is shown to it must have been checked: it looks at no signature.
 */
export class KeyRing {
  private readonly known: LRUCache<OriginId, Uint8Array>;

  /** @param kept the public key of a community of which a memory is kept elsewhere. */
  constructor(
    private readonly kept: (origin: OriginId) => Uint8Array | undefined = () => undefined,
    most = mostKnown,
  ) {
    this.known = new LRUCache({ max: most });
  }

  /** @returns false for a key that has been replaced, or that is not the one to which the key before was rotated. */
  accepts(origin: OriginId, publicKey: Uint8Array): boolean {
    const known = this.of(origin);
    if (known && !beginsWith(publicKey, known)) return false;
    if (publicKey.length > (known?.length ?? first)) this.known.set(origin, publicKey);
    return true;
  }

  /** As `accepts`, but what a key sealed while it held stays good. */
  acceptsSeal(seal: Seal): boolean {
    const { origin, publicKey, epoch, firstSeq, size, root } = seal;
    if (this.accepts(origin, publicKey)) return true;
    const rotation = this.rotationAfter(origin, publicKey);
    if (!rotation) return false;
    const end = { epoch, seq: firstSeq + size - 1 };
    if (comparePlaces(end, rotation.place) === 0) return Buffer.compare(root, rotation.seal.root) === 0;
    return isBefore(end, rotation.place);
  }

  /** As `acceptsSeal`, for what a community said of its log. */
  acceptsHead({ origin, publicKey, epoch, seq }: Head): boolean {
    if (this.accepts(origin, publicKey)) return true;
    const rotation = this.rotationAfter(origin, publicKey);
    return rotation !== undefined && isBefore({ epoch, seq }, rotation.place);
  }

  private of(origin: OriginId): Uint8Array | undefined {
    const [known, kept] = [this.known.get(origin), this.kept(origin)];
    return kept && kept.length > (known?.length ?? first) ? kept : known;
  }

  /** By which the newest key of `publicKey` gave way. */
  private rotationAfter(origin: OriginId, publicKey: Uint8Array) {
    const known = this.of(origin);
    if (!known || !beginsWith(known, publicKey)) return undefined;
    return readKeyLine(known)?.rotations[readKeyLine(publicKey)?.rotations.length ?? 0];
  }
}

/** Earlier epochs may have gone further than the one that was rotated in; nothing there is the community's any more. */
function isBefore(place: LogPlace, rotation: LogPlace): boolean {
  return comparePlaces(place, rotation) < 0 && place.seq <= rotation.seq;
}

function beginsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  return bytes.length >= beginning.length && Buffer.compare(bytes.subarray(0, beginning.length), beginning) === 0;
}
