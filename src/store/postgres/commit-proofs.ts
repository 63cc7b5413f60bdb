import { LRUCache } from 'lru-cache';
import type { Proof, Seal } from '../../core/entry.js';
import { MootError } from '../../core/errors.js';
import { merkleLevels } from '../../identity/merkle.js';
import { isSealValid } from '../../identity/seal.js';
import { PackedLevels } from '../sqlite/packed-levels.js';
import { type SealRow, toSeal } from '../sqlite/seal-row.js';
import type { Database } from './database.js';
import type { Origins } from './origins.js';
import { numberArray } from './packed-array.js';

export interface CommitPlace {
  readonly origin: number;
  readonly epoch: number;
  readonly firstSeq: number;
}

interface Tree {
  readonly seal: Seal;
  readonly levels: PackedLevels;
}

type Row = SealRow & { readonly origin: number; readonly hashes: Buffer | null };

const hashBytes = 32;
const keptBytes = 16 * 1024 * 1024;
/** The newest, of commits that hold little: to keep more of those costs memory for hours, and is asked for by few. */
const keptTrees = 1024;
/** A seal and the objects around it, about. */
const sealBytes = 1500;

/** Seals and their Merkle trees. Proofs are computed from the ids in a commit and are stored nowhere. */
export class CommitProofs {
  private readonly trees = new LRUCache<string, Tree>({
    max: keptTrees,
    maxSize: keptBytes,
    sizeCalculation: ({ levels }) => sealBytes + levels.bytes,
  });

  constructor(
    private readonly database: Database,
    private readonly origins: Origins,
  ) {}

  /** Reads what is needed to prove entries of these commits; one that is damaged is not there. */
  async read(places: readonly CommitPlace[]): Promise<(place: CommitPlace) => Tree | undefined> {
    const trees = new Map<string, Tree>();
    const missing = new Map<string, CommitPlace>();
    for (const place of places) {
      const known = this.trees.get(nameOf(place));
      if (known) trees.set(nameOf(place), known);
      else missing.set(nameOf(place), place);
    }
    for (const row of await this.rows([...missing.values()])) {
      const tree = await this.grow(row);
      if (!tree) continue;
      trees.set(nameOf(row), tree);
      this.trees.set(nameOf(row), tree);
    }
    return (place) => trees.get(nameOf(place));
  }

  private async rows(places: readonly CommitPlace[]): Promise<Row[]> {
    if (places.length === 0) return [];
    return await this.database.read<Row>(
      `SELECT c.origin, c.epoch, c.first_seq AS "firstSeq", c.size, c.root, c.previous, c.public_key AS "publicKey",
         c.signature, (SELECT string_agg(e.id, ''::bytea ORDER BY e.seq) FROM entries e WHERE e.origin = c.origin
           AND e.epoch = c.epoch AND e.seq >= c.first_seq AND e.seq < c.first_seq + c.size) AS hashes
       FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS asked (origin, epoch, first_seq)
       JOIN commits c ON c.origin = asked.origin AND c.epoch = asked.epoch AND c.first_seq = asked.first_seq`,
      [
        numberArray(places.map(({ origin }) => origin)),
        numberArray(places.map(({ epoch }) => epoch)),
        numberArray(places.map(({ firstSeq }) => firstSeq)),
      ],
    );
  }

  private async grow({ origin, hashes, ...row }: Row): Promise<Tree | undefined> {
    const seal = toSeal(await this.origins.nameOf(origin), row);
    if (hashes?.length !== seal.size * hashBytes) return undefined;
    const leaves = Array.from({ length: seal.size }, (_, at) => hashes.subarray(at * hashBytes, (at + 1) * hashBytes));
    const levels = new PackedLevels(merkleLevels(leaves));
    const isSealed = Buffer.compare(levels.root ?? new Uint8Array(), seal.root) === 0 && isSealValid(seal);
    return isSealed ? { seal: inOnePiece(seal), levels } : undefined;
  }
}

/** In memory of its own: what is kept of an answer of the driver would keep all of the 8 KiB and more that it was read into. */
function inOnePiece(seal: Seal): Seal {
  const all = new Uint8Array(Buffer.concat([seal.root, seal.previous, seal.publicKey, seal.signature]));
  let at = 0;
  const next = ({ length }: Uint8Array): Uint8Array => {
    at += length;
    return all.subarray(at - length, at);
  };
  const [root, previous] = [next(seal.root), next(seal.previous)];
  return { ...seal, root, previous, publicKey: next(seal.publicKey), signature: next(seal.signature) };
}

/** @throws MootError `damaged` unless `leaf` is what was sealed at `seq`. */
export function prove(tree: Tree | undefined, seq: number, leaf: Uint8Array): Proof {
  const index = seq - (tree?.seal.firstSeq ?? 0);
  const sealed = tree?.levels.hash(0, index);
  if (!tree || !sealed || Buffer.compare(sealed, leaf) !== 0)
    throw new MootError('damaged', `entry ${seq} is not the one that was sealed in its place`);
  return { seal: tree.seal, index, path: tree.levels.path(index) };
}

function nameOf({ origin, epoch, firstSeq }: CommitPlace): string {
  return `${origin} ${epoch} ${firstSeq}`;
}
