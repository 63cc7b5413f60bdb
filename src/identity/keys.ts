import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { originOf } from './hash.js';

/** An Ed25519 key pair and the community id that follows from it. */
export interface Identity {
  readonly id: OriginId;
  /** Raw, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** PKCS#8 PEM: what `identity.pem` holds, and what the writer's thread gets. */
  readonly privatePem: string;
  sign(message: Uint8Array): Uint8Array;
}

export function createIdentity(): Identity {
  const { privateKey } = generateKeyPairSync('ed25519');
  return fromKey(privateKey);
}

/** @throws MootError `damaged` unless `pem` is an Ed25519 private key. */
export function parseIdentity(pem: string): Identity {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') throw new TypeError(`the key is ${key.asymmetricKeyType}, not ed25519`);
    return fromKey(key);
  } catch (cause) {
    throw new MootError('damaged', 'the identity file holds no Ed25519 private key', { cause });
  }
}

function fromKey(privateKey: KeyObject): Identity {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const publicKey = spki.subarray(spki.length - rawBytes);
  return {
    id: originOf(publicKey),
    publicKey,
    privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    sign: (message) => sign(null, message, privateKey),
  };
}

/** False, never an exception, for a key or signature that is none. */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== rawBytes || signature.length !== 64) return false;
  try {
    return verify(null, message, publicKeyOf(publicKey), signature);
  } catch {
    return false;
  }
}

const rawBytes = 32;
// The DER head of every Ed25519 public key (RFC 8410, section 4).
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([spkiHead, raw]), format: 'der', type: 'spki' });
}
