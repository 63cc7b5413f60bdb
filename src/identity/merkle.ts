import { sha256 } from './hash.js';

const leafMark = Buffer.of(0);
const nodeMark = Buffer.of(1);
const hashBytes = 32;

/** SHA-256(0x00 || entry): the hash that an entry's id spells (RFC 9162, section 2.1.1). */
export function leafHash(entry: Uint8Array): Buffer {
  return sha256(leafMark, entry);
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(nodeMark, left, right);
}

/**
 * All levels of the tree over `leaves`, from the leaves to the root. A last node without a partner rises unchanged, which
 * gives the same root as the recursive definition of RFC 9162.
 */
export function merkleLevels(leaves: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const levels: (readonly Uint8Array[])[] = [leaves];
  for (let level = leaves; level.length > 1; ) {
    const next: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at], level[at + 1]];
      if (left) next.push(right ? nodeHash(left, right) : left);
    }
    levels.push(next);
    level = next;
  }
  return levels;
}

/** @throws RangeError for no leaves: an empty commit is never sealed. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const root = merkleLevels(leaves).at(-1)?.[0];
  if (!root) throw new RangeError('a Merkle tree needs a leaf');
  return root;
}

/** The inclusion path of leaf `index`, leaf to root. */
export function merklePath(levels: readonly (readonly Uint8Array[])[], index: number): Uint8Array[] {
  const path: Uint8Array[] = [];
  let at = index;
  for (const level of levels.slice(0, -1)) {
    const sibling = level[at ^ 1];
    if (sibling) path.push(sibling);
    at >>= 1;
  }
  return path;
}

/** The root that `leaf` at `index` of `size` and its path lead to, or undefined when the path has the wrong length. */
export function rootFromPath(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Uint8Array | undefined {
  if (index >= size) return undefined;
  let hash = leaf;
  let used = 0;
  for (let at = index, width = size; width > 1; at >>= 1, width = (width + 1) >> 1) {
    if ((at ^ 1) >= width) continue;
    const sibling = path[used++];
    if (sibling?.length !== 32) return undefined;
    hash = at % 2 === 0 ? nodeHash(hash, sibling) : nodeHash(sibling, hash);
  }
  return used === path.length ? hash : undefined;
}

/**
 * One proof for the leaves at `indexes` (rising) together: the hashes that `rootOfPart` cannot compute from them, level by
 * level from the leaves up, in each from left to right. None when all leaves are there.
 */
export function provePart(levels: readonly (readonly Uint8Array[])[], indexes: readonly number[]): Uint8Array {
  const missing: Uint8Array[] = [];
  let known = indexes;
  for (const level of levels.slice(0, -1)) {
    known = pairUp(known, (sibling, isPaired) => {
      const hash = isPaired ? undefined : level[sibling];
      if (hash) missing.push(hash);
    });
  }
  const proof = new Uint8Array(missing.length * hashBytes);
  missing.forEach((hash, at) => {
    proof.set(hash, at * hashBytes);
  });
  return proof;
}

/**
 * The root that `leaves`, which stand at `indexes` (rising) of `size`, and their proof lead to; undefined when the proof has
 * the wrong length, or the indexes do not rise within the tree.
 */
export function rootOfPart(
  size: number,
  indexes: readonly number[],
  leaves: readonly Uint8Array[],
  proof: Uint8Array,
): Uint8Array | undefined {
  if (indexes.length === 0 || leaves.length !== indexes.length) return undefined;
  if (!indexes.every((index, at) => index > (indexes[at - 1] ?? -1) && index < size)) return undefined;
  let known = indexes;
  let hashes = leaves;
  let used = 0;
  for (let width = size; width > 1; width = (width + 1) >> 1) {
    const above: Uint8Array[] = [];
    let at = 0;
    known = pairUp(known, (sibling, isPaired) => {
      const own = hashes[at++];
      const other = isPaired ? hashes[at++] : sibling < width ? take(proof, used++) : undefined;
      if (own) above.push(!other ? own : sibling % 2 === 1 ? nodeHash(own, other) : nodeHash(other, own));
    });
    hashes = above;
  }
  return used * hashBytes === proof.length ? hashes[0] : undefined;
}

/** One level up. `visit` is told the sibling of each known node, or once of each pair, whose right half is the sibling. */
function pairUp(known: readonly number[], visit: (sibling: number, isPaired: boolean) => void): number[] {
  const above: number[] = [];
  for (let at = 0; at < known.length; at += 1) {
    const index = known[at] ?? 0;
    const isPaired = index % 2 === 0 && known[at + 1] === index + 1;
    visit(index ^ 1, isPaired);
    if (isPaired) at += 1;
    above.push(index >> 1);
  }
  return above;
}

function take(proof: Uint8Array, at: number): Uint8Array {
  return proof.subarray(at * hashBytes, (at + 1) * hashBytes);
}
