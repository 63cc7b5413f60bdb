import type { Database } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { Seal } from '../../core/entry.js';
import { MootError } from '../../core/errors.js';
import { leafHash, merkleLevels, merklePath } from '../../identity/merkle.js';
import { isSealValid } from '../../identity/seal.js';
import { commitAt, isBytes, toSeal } from './seal-row.js';

interface Tree {
  readonly seal: Seal;
  readonly levels: readonly (readonly Uint8Array[])[];
}

interface Leaf {
  readonly id: Uint8Array;
  readonly bytes: Uint8Array | null;
}

/** What a hash in memory costs, about: 32 bytes and the object around them. */
const hashCost = 200;
const cacheBytes = 64 * 1024 * 1024;

/** Seals and their Merkle trees. Proofs are computed from the ids in a commit and are stored nowhere. */
export class CommitCache {
  private readonly trees = new LRUCache<string, Tree>({
    maxSize: cacheBytes,
    sizeCalculation: ({ seal }) => 2 * seal.size * hashCost,
  });
  private readonly first;
  private readonly commit;
  private readonly ids;
  private readonly leaves;

  constructor(database: Database) {
    this.first = database
      .prepare<[number, number, number], number | null>(
        'SELECT max(first_seq) FROM commits WHERE origin = ? AND epoch = ? AND first_seq <= ?',
      )
      .pluck();
    this.commit = commitAt(database);
    const span = 'FROM entries WHERE origin = ? AND epoch = ? AND seq >= ? AND seq < ? ORDER BY seq';
    this.ids = database.prepare<[number, number, number, number], Uint8Array>(`SELECT id ${span}`).pluck();
    this.leaves = database.prepare<[number, number, number, number], Leaf>(`SELECT id, bytes ${span}`);
  }

  /**
   * The seal over the entry whose hash is `leaf`, and its path.
   * @throws MootError `damaged` when the commit is not what its origin sealed, or has another entry in that place.
   */
  prove(
    origin: { number: number; id: string },
    epoch: number,
    seq: number,
    leaf: Uint8Array,
  ): { seal: Seal; index: number; path: Uint8Array[] } {
    const firstSeq = this.first.get(origin.number, epoch, seq) ?? 0;
    const name = `${origin.number} ${epoch} ${firstSeq}`;
    let tree = this.trees.get(name);
    if (!tree) {
      tree = this.grow(origin, epoch, firstSeq);
      this.trees.set(name, tree);
    }
    const index = seq - firstSeq;
    const sealed = tree.levels[0]?.[index];
    if (!sealed || Buffer.compare(sealed, leaf) !== 0)
      throw new MootError('damaged', `entry ${seq} is not the one that was sealed in its place`);
    return { seal: tree.seal, index, path: merklePath(tree.levels, index) };
  }

  private grow(origin: { number: number; id: string }, epoch: number, firstSeq: number): Tree {
    const row = this.commit.get(origin.number, epoch, firstSeq);
    if (!row) throw new MootError('damaged', 'an entry has no seal');
    const seal = toSeal(origin.id, row);
    const { size } = seal;
    const at = [origin.number, epoch, firstSeq, firstSeq + size] as const;
    const candidates = [
      () => this.ids.all(...at),
      // Where an id was damaged and the bytes were not, the bytes say what it was.
      () => this.leaves.all(...at).map(({ id, bytes }) => (isBytes(bytes) ? leafHash(bytes) : id)),
    ];
    for (const leaves of candidates) {
      const hashes = leaves();
      if (hashes.length !== size || !hashes.every((hash) => isBytes(hash, 32))) continue;
      const levels = merkleLevels(hashes);
      const root = levels.at(-1)?.[0];
      if (root && Buffer.compare(root, seal.root) === 0 && isSealValid(seal)) return { seal, levels };
    }
    throw new MootError('damaged', `the commit from entry ${firstSeq} on is not what was sealed`);
  }
}
