import type { Seal } from '../core/entry.js';
import type { Commit, CommitEntry } from '../core/log.js';

/** Commits as a thread hands them to another: one buffer that goes over, and what says where everything is in it. */
export interface PackedCommits {
  readonly seals: readonly Seal[];
  /** Entries, one after the other: the bytes, or the hash where the bytes are gone. */
  readonly bytes: ArrayBuffer;
  /** Length of each entry in `bytes`; below zero for a hash. */
  readonly lengths: Int32Array<ArrayBuffer>;
  /** Entries of each commit. */
  readonly counts: readonly number[];
}

const hashBytes = 32;

export function packCommits(commits: readonly Commit[]): PackedCommits {
  const entries = commits.flatMap((commit) => commit.entries);
  const lengths = Int32Array.from(entries, ({ bytes }) => bytes?.length ?? -hashBytes);
  const buffer = new Uint8Array(lengths.reduce((sum, length) => sum + Math.abs(length), 0));
  let at = 0;
  for (const { bytes, hash } of entries) {
    const packed = bytes ?? hash;
    buffer.set(packed, at);
    at += bytes ? packed.length : hashBytes;
  }
  const counts = commits.map((commit) => commit.entries.length);
  return { seals: commits.map(({ seal }) => seal), bytes: buffer.buffer, lengths, counts };
}

/** Hashes are computed from the bytes, where these are there. */
export function unpackCommits(
  { seals, bytes, lengths, counts }: PackedCommits,
  hashOf: (bytes: Uint8Array) => Uint8Array,
): readonly Commit[] {
  let at = 0;
  let next = 0;
  return seals.map((seal, index) => {
    const entries = Array.from({ length: counts[index] ?? 0 }, (): CommitEntry => {
      const length = lengths[next++] ?? 0;
      const packed = new Uint8Array(bytes, at, Math.abs(length));
      at += packed.length;
      if (length < 0) return { hash: packed, bytes: undefined, gone: 'hidden' };
      return { hash: hashOf(packed), bytes: packed, gone: undefined };
    });
    return { seal, entries, storedAtMs: 0 };
  });
}
