import type { Database } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { Seal } from '../../core/entry.js';
import { MootError } from '../../core/errors.js';
import { leafHash, merkleLevels, merklePath } from '../../identity/merkle.js';
import { isSealValid } from '../../identity/seal.js';

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
    this.commit = database.prepare<[number, number, number], Omit<Seal, 'origin'>>(
      `SELECT epoch, first_seq AS firstSeq, size, root, previous, public_key AS publicKey, signature FROM commits
       WHERE origin = ? AND epoch = ? AND first_seq = ?`,
    );
    const span = 'FROM entries WHERE origin = ? AND epoch = ? AND seq >= ? AND seq < ? ORDER BY seq';
    this.ids = database.prepare<[number, number, number, number], Uint8Array>(`SELECT id ${span}`).pluck();
    this.leaves = database.prepare<[number, number, number, number], Leaf>(`SELECT id, bytes ${span}`);
  }

  /**
   * The seal over an entry and its path.
   * @throws MootError `damaged` when the commit is not what its origin sealed.
   */
  prove(
    origin: { number: number; id: string },
    epoch: number,
    seq: number,
  ): { seal: Seal; index: number; path: Uint8Array[] } {
    const firstSeq = this.first.get(origin.number, epoch, seq) ?? 0;
    const name = `${origin.number} ${epoch} ${firstSeq}`;
    let tree = this.trees.get(name);
    if (!tree) {
      tree = this.grow(origin, epoch, firstSeq);
      this.trees.set(name, tree);
    }
    const index = seq - firstSeq;
    if (index >= tree.seal.size) throw new MootError('damaged', 'an entry has no seal');
    return { seal: tree.seal, index, path: merklePath(tree.levels, index) };
  }

  private grow(origin: { number: number; id: string }, epoch: number, firstSeq: number): Tree {
    const row = this.commit.get(origin.number, epoch, firstSeq);
    if (!row) throw new MootError('damaged', 'an entry has no seal');
    const seal: Seal = { ...row, origin: origin.id };
    const { size } = row;
    const at = [origin.number, epoch, firstSeq, firstSeq + size] as const;
    const candidates = [
      () => this.ids.all(...at),
      // Where an id was damaged and the bytes were not, the bytes say what it was.
      () => this.leaves.all(...at).map(({ id, bytes }) => (bytes ? leafHash(bytes) : id)),
    ];
    for (const leaves of candidates) {
      const levels = merkleLevels(leaves());
      const root = levels.at(-1)?.[0];
      if (root && levels[0]?.length === size && Buffer.compare(root, seal.root) === 0 && isSealValid(seal))
        return { seal, levels };
    }
    throw new MootError('damaged', `the commit from entry ${firstSeq} on is not what was sealed`);
  }
}
