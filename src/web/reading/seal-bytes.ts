import { toBase32 } from '../../core/base32.js';
import type { LogPlace } from '../../core/log.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** @throws DOMException when it is no base64. */
export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

export function joined(...parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined(...parts)));
}

/** @throws DOMException where Ed25519 is not known, or `key` is none. */
export async function isSigned(key: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean> {
  const verifier = await crypto.subtle.importKey('raw', joined(key), 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', verifier, joined(signature), joined(message));
}

interface Statement {
  readonly origin: string;
  readonly epoch: bigint;
  readonly firstSeq: bigint;
  readonly size: number;
  readonly root: Uint8Array;
}

const mark = 'moot/seal/v1';
const statementBytes = 128;

/** The 128 bytes that a seal over one entry signs. */
export function sealed(origin: Uint8Array, { epoch, seq }: LogPlace, root: Uint8Array, previous: Uint8Array): Bytes {
  const numbers = new DataView(new ArrayBuffer(20));
  numbers.setBigUint64(0, BigInt(epoch));
  numbers.setBigUint64(8, BigInt(seq));
  numbers.setUint32(16, 1);
  return joined(new TextEncoder().encode(mark), origin, new Uint8Array(numbers.buffer), root, previous);
}

/** The 128 bytes that a seal signs; undefined when these are others. */
export function readStatement(bytes: Bytes): Statement | undefined {
  const isSeal = bytes.length === statementBytes && new TextDecoder().decode(bytes.subarray(0, mark.length)) === mark;
  if (!isSeal) return undefined;
  const view = new DataView(bytes.buffer);
  return {
    origin: toBase32(bytes.subarray(12, 44)),
    epoch: view.getBigUint64(44),
    firstSeq: view.getBigUint64(52),
    size: view.getUint32(60),
    root: bytes.subarray(64, 96),
  };
}
