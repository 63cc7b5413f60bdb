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
  readonly kind: number;
  readonly next_public_key: Buffer;
}

const rotation = 3;

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
  const first = seal.public_key.subarray(0, 32);
  if (base32hex(H(first)) !== seal.origin) return { wrong: 'key' };
  const key = newestKey(seal.public_key, seal.origin, [BigInt(seal.epoch), BigInt(seal.first_seq)], decode);
  if (!key) return { wrong: 'rotations' };
  const place = { epoch: BigInt(seal.epoch), seq: BigInt(seal.first_seq), size: seal.size };
  if (!isSigned(H(first), place, seal.root, seal.previous, key, seal.signature)) return { wrong: 'signature' };
  return { id: base32hex(leaf) };
}

/** Goes through the rotations behind the first key. @returns the key that holds at `at`; undefined when one does not hold. */
function newestKey(
  publicKey: Buffer,
  origin: string,
  at: readonly [bigint, bigint],
  decode: (bytes: Buffer) => ForeignEntry,
): Buffer | undefined {
  const community = H(publicKey.subarray(0, 32));
  let key = publicKey.subarray(0, 32);
  let before: readonly [bigint, bigint] = [0n, 0n];
  for (let from = 32; from < publicKey.length; ) {
    const previous = publicKey.subarray(from, from + 32);
    const signature = publicKey.subarray(from + 32, from + 96);
    const end = from + 98 + publicKey.readUInt16BE(from + 96);
    const bytes = publicKey.subarray(from + 98, end);
    const entry = decode(bytes);
    const place = { epoch: BigInt(entry.epoch), seq: BigInt(entry.seq), size: 1 };
    if (entry.origin !== origin || entry.kind !== rotation || !isAfter([place.epoch, place.seq], before))
      return undefined;
    if (!isSigned(community, place, H(Buffer.of(0), bytes), previous, key, signature)) return undefined;
    key = entry.next_public_key;
    before = [place.epoch, place.seq];
    from = end;
  }
  return isAfter(at, before) ? key : undefined;
}

function isAfter([epoch, seq]: readonly [bigint, bigint], before: readonly [bigint, bigint]): boolean {
  return epoch > before[0] || (epoch === before[0] && seq > before[1]);
}

function isSigned(
  origin: Buffer,
  { epoch, seq, size }: { readonly epoch: bigint; readonly seq: bigint; readonly size: number },
  root: Buffer,
  previous: Buffer,
  key: Buffer,
  signature: Buffer,
): boolean {
  const numbers = Buffer.alloc(20);
  numbers.writeBigUInt64BE(epoch, 0);
  numbers.writeBigUInt64BE(seq, 8);
  numbers.writeUInt32BE(size, 16);
  const signed = Buffer.concat([Buffer.from('moot/seal/v1'), origin, numbers, root, previous]);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') };
  return signed.length === 128 && verify(null, signed, createPublicKey({ key: jwk, format: 'jwk' }), signature);
}

function base32hex(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}
