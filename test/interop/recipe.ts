import { createHash, createPublicKey, verify } from 'node:crypto';

/** What an article looks like to a program without generated code: fields by their names in proto/. */
export interface ForeignArticle {
  readonly entry: Buffer;
  readonly proof: {
    readonly index: number;
    readonly path: readonly Buffer[];
    readonly seal: {
      readonly origin: string;
      readonly epoch: string;
      readonly first_seq: string;
      readonly size: number;
      readonly root: Buffer;
      readonly previous: Buffer;
      readonly public_key: Buffer;
      readonly signature: Buffer;
    };
  };
}

export interface ForeignEntry {
  readonly origin: string;
  readonly epoch: string;
  readonly seq: string;
  readonly body: string;
}

const alphabet = '0123456789abcdefghijklmnopqrstuv';
const H = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** README, "Seals, for other languages", step by step, with nothing of src/. @returns the id, or why the seal does not hold. */
export function verifySeal(
  { entry: bytes, proof }: ForeignArticle,
  decode: (bytes: Buffer) => ForeignEntry,
): { id: string } | { wrong: string } {
  const { seal, index, path } = proof;
  const leaf = H(Buffer.of(0), bytes);
  const entry = decode(bytes);
  if (entry.origin !== seal.origin || entry.epoch !== seal.epoch) return { wrong: 'origin or epoch' };
  if (BigInt(entry.seq) !== BigInt(seal.first_seq) + BigInt(index) || index >= seal.size) return { wrong: 'place' };
  let node = leaf;
  const rest = [...path];
  for (let at = index, width = seal.size; width > 1; at = Math.floor(at / 2), width = Math.ceil(width / 2)) {
    if (at % 2 === 0 && at + 1 === width) continue;
    const next = rest.shift();
    if (next?.length !== 32) return { wrong: 'path too short' };
    node = at % 2 === 0 ? H(Buffer.of(1), node, next) : H(Buffer.of(1), next, node);
  }
  if (rest.length > 0 || !node.equals(seal.root)) return { wrong: 'root' };
  if (base32hex(H(seal.public_key)) !== seal.origin) return { wrong: 'key' };
  const numbers = Buffer.alloc(20);
  numbers.writeBigUInt64BE(BigInt(seal.epoch), 0);
  numbers.writeBigUInt64BE(BigInt(seal.first_seq), 8);
  numbers.writeUInt32BE(seal.size, 16);
  const origin = H(seal.public_key);
  const signed = Buffer.concat([Buffer.from('moot/seal/v1'), origin, numbers, seal.root, seal.previous]);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: seal.public_key.toString('base64url') };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  if (signed.length !== 128 || !verify(null, signed, key, seal.signature)) return { wrong: 'signature' };
  return { id: base32hex(leaf) };
}

function base32hex(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}
