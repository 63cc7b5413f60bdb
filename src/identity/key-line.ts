import { LRUCache } from 'lru-cache';
import type { Entry, Seal } from '../core/entry.js';
import { decodeEntry } from '../core/entry-codec.js';
import { comparePlaces, type LogPlace, logStart } from '../core/log.js';
import { isSignedByKey, keyBytes, signatureBytes } from './ed25519.js';
import { originOf, sha256 } from './hash.js';
import { leafHash } from './merkle.js';
import { sealStatement } from './seal-statement.js';

/** One key gave way to another: an entry of the log, alone in its commit, sealed by the old key. */
export interface Rotation {
  /** Where its entry stands. What is sealed after it is sealed by the new key. */
  readonly place: LogPlace;
  /** The exact bytes of the entry. */
  readonly entry: Uint8Array;
  /** Of the key before, over its commit. */
  readonly seal: Seal;
}

/** The keys of one community, from the first, whose hash is its id, to the one that holds now. */
export interface KeyLine {
  /** The newest key, raw. */
  readonly key: Uint8Array;
  readonly rotations: readonly Rotation[];
}

/** More would make every seal a burden: each rotation adds some 200 bytes to it. */
export const mostRotations = 32;
/** A rotation entry has nothing in it that could make it longer. */
const mostEntryBytes = 128;
const hashBytes = 32;
const fixedBytes = hashBytes + signatureBytes + 2;
const mostLineBytes = keyBytes + mostRotations * (fixedBytes + mostEntryBytes);

/** The same few lines come with every seal; what is none is remembered too. */
const read = new LRUCache<string, { readonly line: KeyLine | undefined }>({ max: 2_000 });

/**
 * Reads a public key as it travels: the first key, 32 bytes, and behind it for each rotation the hash of the seal before (32),
 * the signature of its own seal (64), the length of its entry (2, big endian) and the entry.
 * @returns undefined unless each rotation was sealed by the key before it, later in the log than the one before.
 */
export function readKeyLine(publicKey: Uint8Array): KeyLine | undefined {
  if (publicKey.length === keyBytes) return { key: publicKey, rotations: [] };
  if (!isKeyLineSize(publicKey.length)) return undefined;
  const name = sha256(publicKey).toString('latin1');
  const known = read.get(name);
  if (known) return known.line;
  const line = check(Uint8Array.from(publicKey));
  read.set(name, { line });
  return line;
}

/** Whether a public key may be so long; what is in it `readKeyLine` knows. */
export function isKeyLineSize(length: number): boolean {
  return length >= keyBytes && length <= mostLineBytes;
}

/** True unless `place` is one that the newest key of `publicKey` cannot have sealed, since it did not hold yet. */
export function isPastRotations(publicKey: Uint8Array, place: LogPlace): boolean {
  const last = readKeyLine(publicKey)?.rotations.at(-1);
  return last === undefined || comparePlaces(place, last.place) > 0;
}

/** `publicKey` with one more rotation behind it. */
export function withRotation(publicKey: Uint8Array, { entry, seal }: Pick<Rotation, 'entry' | 'seal'>): Uint8Array {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(entry.length);
  return Buffer.concat([publicKey, seal.previous, seal.signature, length, entry]);
}

function check(publicKey: Uint8Array): KeyLine | undefined {
  const origin = originOf(publicKey);
  const rotations: Rotation[] = [];
  const keys = [publicKey.subarray(0, keyBytes)];
  let before = logStart;
  for (let at = keyBytes; at < publicKey.length; ) {
    const key = keys.at(-1);
    const found = key && rotationAt(publicKey, at, origin);
    if (!found || !isSignedByKey(key, sealStatement(found.seal), found.seal.signature)) return undefined;
    const { place, next, end } = found;
    if (comparePlaces(place, before) <= 0 || keys.some((each) => Buffer.compare(each, next) === 0)) return undefined;
    const { entry, seal } = found;
    rotations.push({ place, entry, seal });
    keys.push(next);
    before = place;
    at = end;
  }
  const key = keys.at(-1);
  return key && rotations.length <= mostRotations ? { key, rotations } : undefined;
}

interface Found extends Rotation {
  readonly next: Uint8Array;
  readonly end: number;
}

function rotationAt(bytes: Uint8Array, at: number, origin: string): Found | undefined {
  if (at + fixedBytes > bytes.length) return undefined;
  const signatureAt = at + hashBytes;
  const lengthAt = signatureAt + signatureBytes;
  const end = lengthAt + 2 + (bytes[lengthAt] ?? 0) * 256 + (bytes[lengthAt + 1] ?? 0);
  const entry = bytes.subarray(lengthAt + 2, end);
  if (end > bytes.length || entry.length > mostEntryBytes) return undefined;
  const said = readEntry(entry);
  if (said?.kind !== 'rotation' || said.origin !== origin || said.nextPublicKey.length !== keyBytes) return undefined;
  const { epoch, seq, nextPublicKey: next } = said;
  const seal: Seal = {
    origin,
    epoch,
    firstSeq: seq,
    size: 1,
    root: leafHash(entry),
    previous: bytes.subarray(at, signatureAt),
    publicKey: bytes.subarray(0, at),
    signature: bytes.subarray(signatureAt, lengthAt),
  };
  return { place: { epoch, seq }, entry, seal, next, end };
}

function readEntry(bytes: Uint8Array): Entry | undefined {
  try {
    return decodeEntry(bytes);
  } catch {
    return undefined;
  }
}
