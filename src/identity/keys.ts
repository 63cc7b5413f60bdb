import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { isSignedByKey, keyBytes } from './ed25519.js';
import { originOf } from './hash.js';
import { readKeyLine } from './key-line.js';

/** An Ed25519 key pair and the community id that follows from it. */
export interface Identity {
  readonly id: OriginId;
  /** Raw, 32 bytes; with its rotations, once it has been rotated: `readKeyLine` reads it. */
  readonly publicKey: Uint8Array;
  /** PKCS#8 PEM, and what led to it: what `identity.pem` holds, and what the writer's thread gets. */
  readonly privatePem: string;
  sign(message: Uint8Array): Uint8Array;
}

export function createIdentity(): Identity {
  return identityOf(createKey());
}

/** A new Ed25519 private key. */
export function createKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

/** @throws MootError `damaged` unless `pem` is an Ed25519 private key, with the rotations that led to it if there were any. */
export function parseIdentity(pem: string): Identity {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') throw new TypeError(`the key is ${key.asymmetricKeyType}, not ed25519`);
    const line = linePattern.exec(pem)?.[1];
    return identityOf(key, line === undefined ? undefined : Buffer.from(line, 'base64'));
  } catch (cause) {
    throw new MootError('damaged', 'the identity file holds no Ed25519 private key', { cause });
  }
}

/** The raw public key, 32 bytes. */
export function rawKeyOf(privateKey: KeyObject): Uint8Array {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return spki.subarray(spki.length - keyBytes);
}

/** @param publicKey with the rotations that led to it. @throws TypeError when they lead to another key. */
export function identityOf(privateKey: KeyObject, publicKey = rawKeyOf(privateKey)): Identity {
  const line = readKeyLine(publicKey);
  if (!line || Buffer.compare(line.key, rawKeyOf(privateKey)) !== 0)
    throw new TypeError('the rotations do not lead to this key');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return {
    id: originOf(publicKey),
    publicKey,
    privatePem: line.rotations.length === 0 ? pem : `${pem}${lineBlock(publicKey)}`,
    sign: (message) => sign(null, message, privateKey),
  };
}

/**
 * Whether the newest key of `publicKey` signed it, and its rotations lead there.
 * False, never an exception, for a key or signature that is none.
 */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const line = readKeyLine(publicKey);
  return line !== undefined && isSignedByKey(line.key, message, signature);
}

// RFC 7468: a block of its own behind the key's, which what reads keys passes over.
const label = 'MOOT PUBLIC KEY WITH ROTATIONS';
const linePattern = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`);

function lineBlock(publicKey: Uint8Array): string {
  const text = Buffer.from(publicKey).toString('base64');
  return `-----BEGIN ${label}-----\n${(text.match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;
}
