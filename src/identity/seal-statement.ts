import type { Seal } from '../core/entry.js';
import { fromId } from '../core/ids.js';
import { sha256 } from './hash.js';

type Said = Omit<Seal, 'publicKey' | 'signature'>;

/** The 128 bytes that a seal signs: see message `Seal`. */
export function sealStatement(seal: Said): Buffer {
  const numbers = Buffer.alloc(20);
  numbers.writeBigUInt64BE(BigInt(seal.epoch), 0);
  numbers.writeBigUInt64BE(BigInt(seal.firstSeq), 8);
  numbers.writeUInt32BE(seal.size, 16);
  return Buffer.concat([sealMark, fromId(seal.origin), numbers, seal.root, seal.previous]);
}

/** What the next seal names as `previous`. */
export function sealHash(seal: Said & Pick<Seal, 'signature'>): Uint8Array {
  return sha256(sealStatement(seal), seal.signature);
}

const sealMark = Buffer.from('moot/seal/v1');
