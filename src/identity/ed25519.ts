import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { LRUCache } from 'lru-cache';

export const keyBytes = 32;
export const signatureBytes = 64;

/** False, never an exception, for a raw key or a signature that is none. */
export function isSignedByKey(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== keyBytes || signature.length !== signatureBytes) return false;
  try {
    return verify(null, message, publicKeyOf(key), signature);
  } catch {
    return false;
  }
}

// The DER head of every Ed25519 public key (RFC 8410, section 4).
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

/** To read a key costs as much as to check a signature, and the same few keys come again and again. */
const read = new LRUCache<string, KeyObject>({ max: 10_000 });

function publicKeyOf(raw: Uint8Array): KeyObject {
  const name = Buffer.from(raw).toString('latin1');
  const known = read.get(name);
  if (known) return known;
  const key = createPublicKey({ key: Buffer.concat([spkiHead, raw]), format: 'der', type: 'spki' });
  read.set(name, key);
  return key;
}
