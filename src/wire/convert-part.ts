import type { Seal } from '../core/entry.js';
import { invalid } from '../core/errors.js';
import { limits } from '../core/limits.js';
import type { CommitPart } from '../core/subscribing.js';
import { required, toBuffer, toDateMs } from './check.js';
import { fromWireSeal, toWireSeal } from './convert-seal.js';
import type { CommitPart as WirePart } from './gen/moot/v1/article.js';

/** Parts of one commit behind each other name their seal once. */
export function toWireParts(parts: readonly CommitPart[]): WirePart[] {
  return parts.map(({ seal, indexes, entries, hashes, storedAtMs }, at) => ({
    seal: parts[at - 1]?.seal === seal ? undefined : toWireSeal(seal),
    indexes: entries.length === seal.size ? [] : [...indexes],
    entries: entries.map(toBuffer),
    hashes: toBuffer(hashes),
    storedAtMs: BigInt(storedAtMs),
  }));
}

/** Well formed; `PartChecker` checks them. @throws MootError `invalid`. */
export function fromWireParts(parts: readonly WirePart[]): CommitPart[] {
  let seal: Seal | undefined;
  let count = 0;
  return parts.map((part) => {
    seal = part.seal ? fromWireSeal(part.seal) : seal;
    const { size } = required(seal, 'seal');
    count += part.entries.length;
    if (part.entries.length === 0 || count > limits.frameEntries)
      throw invalid('entries', `a frame has ${count} entries; it takes 1 to ${limits.frameEntries}`);
    if (part.indexes.length === 0 && part.entries.length !== size)
      throw invalid('indexes', 'a part that is not the whole commit does not say what it is');
    return {
      seal: required(seal, 'seal'),
      indexes: part.indexes.length > 0 ? part.indexes : part.entries.map((_, index) => index),
      entries: part.entries,
      hashes: part.hashes,
      storedAtMs: toDateMs(part.storedAtMs, 'storedAt'),
    };
  });
}
