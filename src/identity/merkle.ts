import { sha256 } from './hash.js';

const leafMark = Buffer.of(0);
const hashBytes = 32;

/** SHA-256(0x00 || entry): the hash that an entry's id spells (RFC 9162, section 2.1.1). */
export function leafHash(entry: Uint8Array): Buffer {
  return sha256(leafMark, entry);
}

/** Written out, since every entry of a log costs one of these. */
function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  const node = Buffer.allocUnsafe(1 + 2 * hashBytes);
  node[0] = 1;
  node.set(left, 1);
  node.set(right, 1 + hashBytes);
  return sha256(node);
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
