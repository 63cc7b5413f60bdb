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
  private readonly commit;
  private readonly ids;
  private readonly leaves;

  constructor(database: Database) {
    this.commit = database.prepare<[number, number, number], Omit<Seal, 'origin'>>(
      `SELECT epoch, first_seq AS firstSeq, size, root, previous, public_key AS publicKey, signature FROM commits
       WHERE origin = ? AND epoch = ? AND first_seq <= ? ORDER BY first_seq DESC LIMIT 1`,
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
    const row = this.commit.get(origin.number, epoch, seq);
    if (!row || seq >= row.firstSeq + row.size) throw new MootError('damaged', 'an entry has no seal');
    const name = `${origin.number} ${epoch} ${row.firstSeq}`;
    const tree = this.trees.get(name) ?? this.grow(origin, row);
    this.trees.set(name, tree);
    const index = seq - row.firstSeq;
    return { seal: tree.seal, index, path: merklePath(tree.levels, index) };
  }

  private grow(origin: { number: number; id: string }, row: Omit<Seal, 'origin'>): Tree {
    const seal: Seal = { ...row, origin: origin.id };
    const { epoch, firstSeq, size } = row;
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
