const hashBytes = 32;

/** Levels of a Merkle tree in one piece of memory: an object for each hash would take several times what the hashes do. */
export class PackedLevels {
  private readonly hashes: Buffer;
  /** Where each level begins, in hashes, and where the last one ends. */
  private readonly starts: readonly number[];

  constructor(levels: readonly (readonly Uint8Array[])[]) {
    const starts = [0];
    for (const level of levels) starts.push((starts.at(-1) ?? 0) + level.length);
    this.starts = starts;
    // Not of the pool: a few hashes that stay would keep all that was made beside them.
    this.hashes = Buffer.allocUnsafeSlow((starts.at(-1) ?? 0) * hashBytes);
    levels.flat().forEach((hash, at) => {
      this.hashes.set(hash, at * hashBytes);
    });
  }

  get bytes(): number {
    return this.hashes.length;
  }

  hash(level: number, index: number): Uint8Array | undefined {
    const [start = 0, end = 0] = this.starts.slice(level, level + 2);
    if (index < 0 || index >= end - start) return undefined;
    return this.hashes.subarray((start + index) * hashBytes, (start + index + 1) * hashBytes);
  }

  /** The only hash of the last level. */
  get root(): Uint8Array | undefined {
    return this.hash(this.starts.length - 2, 0);
  }

  /** The siblings on the way from the first level's hash `index` to the root. */
  path(index: number): Uint8Array[] {
    const path: Uint8Array[] = [];
    for (let level = 0, at = index; level < this.starts.length - 2; level += 1, at >>= 1) {
      const sibling = this.hash(level, at ^ 1);
      if (sibling) path.push(sibling);
    }
    return path;
  }
}
