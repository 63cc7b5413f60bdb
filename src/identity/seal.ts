import type { Head, Seal } from '../core/entry.js';
import { fromId } from '../core/ids.js';
import type { Sealer } from '../core/stores.js';
import { originOf } from './hash.js';
import { isPastRotations } from './key-line.js';
import { type Identity, isSignedBy } from './keys.js';
import { merkleRoot } from './merkle.js';
import { sealStatement } from './seal-statement.js';

export function createSealer(identity: Identity): Sealer {
  return {
    origin: identity.id,
    publicKey: identity.publicKey,
    seal: (epoch, firstSeq, leaves, previous) => {
      const said = { origin: identity.id, epoch, firstSeq, size: leaves.length, root: merkleRoot(leaves), previous };
      return { ...said, publicKey: identity.publicKey, signature: identity.sign(sealStatement(said)) };
    },
  };
}

/** True when the origin's own key signed it, one that held at its place by the rotations that come with it. */
export function isSealValid(seal: Seal): boolean {
  if (seal.root.length !== 32 || seal.previous.length !== 32 || !isKeyInPlace(seal)) return false;
  return originOf(seal.publicKey) === seal.origin && isSignedBy(seal.publicKey, sealStatement(seal), seal.signature);
}

/** False for a seal over what stands before the rotation that brought its key. */
export function isKeyInPlace({ publicKey, epoch, firstSeq }: Seal): boolean {
  return isPastRotations(publicKey, { epoch, seq: firstSeq });
}

export function signHead(
  identity: Identity,
  end: { epoch: number; seq: number; lastSeal: Uint8Array },
  asOfMs: number,
): Head {
  const said = { origin: identity.id, ...end, asOfMs };
  return { ...said, publicKey: identity.publicKey, signature: identity.sign(headStatement(said)) };
}

export function isHeadValid(head: Head): boolean {
  if (head.lastSeal.length !== 32) return false;
  return originOf(head.publicKey) === head.origin && isSignedBy(head.publicKey, headStatement(head), head.signature);
}

function headStatement(head: Omit<Head, 'publicKey' | 'signature'>): Buffer {
  const numbers = Buffer.alloc(16);
  numbers.writeBigUInt64BE(BigInt(head.epoch), 0);
  numbers.writeBigUInt64BE(BigInt(head.seq), 8);
  const date = Buffer.alloc(8);
  date.writeBigInt64BE(BigInt(head.asOfMs));
  return Buffer.concat([headMark, fromId(head.origin), numbers, head.lastSeal, date]);
}

const headMark = Buffer.from('moot/head/v1');
