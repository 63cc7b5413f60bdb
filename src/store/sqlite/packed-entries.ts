import type { Seal, SealedArticle } from '../../core/entry.js';
import { decodeEntry } from '../../core/entry-codec.js';
import { toId } from '../../core/ids.js';

/** An entry with its proof, as a reader finds it. */
export interface StoredEntry {
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
  readonly storedAtMs: number;
  readonly seal: Seal;
  readonly index: number;
  readonly path: readonly Uint8Array[];
}

/** Entries on their way between threads: few large parts, since each part costs. */
export interface PackedEntries {
  readonly seals: readonly Seal[];
  /** For each entry: size in bytes, when it was stored, which seal, index in its commit, hashes in its path. */
  readonly numbers: Float64Array;
  /** For each entry: id, bytes, path. */
  readonly data: Uint8Array;
}

const width = 5;
const hashBytes = 32;

export function packEntries(entries: readonly StoredEntry[]): PackedEntries {
  const seals = [...new Set(entries.map(({ seal }) => seal))];
  const numberOf = new Map(seals.map((seal, number) => [seal, number]));
  const numbers = new Float64Array(entries.length * width);
  const sizes = entries.map(({ bytes, path }) => hashBytes * (1 + path.length) + bytes.length);
  const data = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  entries.forEach(({ id, bytes, storedAtMs, seal, index, path }, entry) => {
    numbers.set([bytes.length, storedAtMs, numberOf.get(seal) ?? 0, index, path.length], entry * width);
    for (const part of [id, bytes, ...path]) {
      data.set(part, at);
      at += part.length;
    }
  });
  return { seals, numbers, data };
}

/** @throws MootError `damaged` when the bytes are no entry, which a reader has ruled out. */
export function unpackEntries({ seals, numbers, data }: PackedEntries): SealedArticle[] {
  const entries: SealedArticle[] = [];
  let at = 0;
  const take = (length: number): Uint8Array => {
    at += length;
    return data.subarray(at - length, at);
  };
  for (let entry = 0; entry < numbers.length; entry += width) {
    const [size = 0, storedAtMs = 0, sealAt = 0, index = 0, hashes = 0] = numbers.subarray(entry, entry + width);
    const seal = seals[sealAt];
    if (!seal) continue;
    const id = toId(take(hashBytes));
    const bytes = take(size);
    const path = Array.from({ length: hashes }, () => take(hashBytes));
    entries.push({ id, entry: decodeEntry(bytes), bytes, proof: { seal, index, path }, storedAtMs });
  }
  return entries;
}
