import type { Database } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { Seal } from '../../core/entry.js';
import { MootError } from '../../core/errors.js';
import { leafHash, merkleLevels } from '../../identity/merkle.js';
import { isSealValid } from '../../identity/seal.js';
import { PackedLevels } from './packed-levels.js';
import { commitAt, isBytes, toSeal } from './seal-row.js';

interface Origin {
  readonly number: number;
  readonly id: string;
}

/** A seal, and its tree from the roots of the bushes up: eight bytes an entry, so that a million fit. A tree that is one bush is whole. */
interface Crown {
  readonly seal: Seal;
  readonly levels: PackedLevels;
}

interface Leaf {
  readonly id: Uint8Array;
  readonly bytes: Uint8Array | null;
}

/** A bush is the tree over so many neighbours; it is read again when an entry below it is to be proved. */
const bushLevels = 3;
const bushLeaves = 2 ** bushLevels;
/** Half a KiB each: the newest 32,768 entries, or what else is asked for often. */
const bushesKept = 4096;
const crownBytes = 8 * 1024 * 1024;
/** The newest, of commits that hold little: to keep more of those costs memory for hours, and is asked for by few. */
const crownsKept = 1024;
/** A seal and the objects around it, about. */
const sealBytes = 1500;

/** Seals and their Merkle trees. Proofs are computed from the ids in a commit and are stored nowhere. */
export class CommitCache {
  private readonly crowns = new LRUCache<string, Crown>({
    max: crownsKept,
    maxSize: crownBytes,
    sizeCalculation: ({ levels }) => sealBytes + levels.bytes,
  });
  private readonly bushes = new LRUCache<string, PackedLevels>({ max: bushesKept });
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
    origin: Origin,
    epoch: number,
    seq: number,
    leaf: Uint8Array,
  ): { seal: Seal; index: number; path: Uint8Array[] } {
    const firstSeq = this.first.get(origin.number, epoch, seq) ?? 0;
    const name = `${origin.number} ${epoch} ${firstSeq}`;
    const crown = kept(this.crowns, name, () => this.grow(origin, epoch, firstSeq));
    const index = seq - firstSeq;
    const isBush = crown.seal.size <= bushLeaves;
    const at = Math.floor(index / bushLeaves);
    const bush = isBush ? crown.levels : kept(this.bushes, `${name} ${at}`, () => this.regrow(origin, crown, at));
    const sealed = bush.hash(0, index % bushLeaves);
    if (!sealed || Buffer.compare(sealed, leaf) !== 0)
      throw new MootError('damaged', `entry ${seq} is not the one that was sealed in its place`);
    const path = bush.path(index % bushLeaves);
    return { seal: crown.seal, index, path: isBush ? path : [...path, ...crown.levels.path(at)] };
  }

  /** Reads a whole commit and holds it against its seal. */
  private grow(origin: Origin, epoch: number, firstSeq: number): Crown {
    const row = this.commit.get(origin.number, epoch, firstSeq);
    if (!row) throw new MootError('damaged', 'an entry has no seal');
    const seal = toSeal(origin.id, row);
    for (const hashes of this.candidates(origin, seal, 0, seal.size)) {
      const levels = merkleLevels(hashes);
      if (isHash(levels.at(-1)?.[0], seal.root) && isSealValid(seal))
        return { seal, levels: new PackedLevels(seal.size > bushLeaves ? levels.slice(bushLevels) : levels) };
    }
    throw damagedCommit(seal);
  }

  /** Reads the leaves of one bush again and holds them against the crown. */
  private regrow(origin: Origin, { seal, levels }: Crown, at: number): PackedLevels {
    const begin = at * bushLeaves;
    for (const hashes of this.candidates(origin, seal, begin, Math.min(begin + bushLeaves, seal.size))) {
      const bush = new PackedLevels(merkleLevels(hashes));
      if (isHash(bush.root, levels.hash(0, at))) return bush;
    }
    throw damagedCommit(seal);
  }

  /** Where an id was damaged and the bytes were not, the bytes say what it was. */
  private *candidates(origin: Origin, seal: Seal, begin: number, end: number): Generator<readonly Uint8Array[]> {
    const at = [origin.number, seal.epoch, seal.firstSeq + begin, seal.firstSeq + end] as const;
    const isWhole = (hashes: readonly Uint8Array[]): boolean =>
      hashes.length === end - begin && hashes.every((hash) => isBytes(hash, 32));
    const ids = this.ids.all(...at);
    if (isWhole(ids)) yield ids;
    const leaves = this.leaves.all(...at).map(({ id, bytes }) => (isBytes(bytes) ? leafHash(bytes) : id));
    if (isWhole(leaves)) yield leaves;
  }
}

function kept<Value extends object>(cache: LRUCache<string, Value>, name: string, make: () => Value): Value {
  const known = cache.get(name);
  if (known) return known;
  const made = make();
  cache.set(name, made);
  return made;
}

function isHash(found: Uint8Array | undefined, wanted: Uint8Array | undefined): boolean {
  return found !== undefined && wanted !== undefined && Buffer.compare(found, wanted) === 0;
}

function damagedCommit({ firstSeq }: Seal): MootError {
  return new MootError('damaged', `the commit from entry ${firstSeq} on is not what was sealed`);
}
