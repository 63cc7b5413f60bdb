import { randomBytes, timingSafeEqual } from 'node:crypto';
import { toBase32 } from '../core/base32.js';
import { sha256 } from './hash.js';

/** 256 random bits, as text. Shown once; only `tokenHash` of it is stored. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

export function tokenHash(token: string): Buffer {
  return sha256(Buffer.from(token, 'utf8'));
}

/** A hash as a key of a map. */
export function hashKey(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('base64');
}

export function isSameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** An invitation's code: 160 random bits in 32 letters and digits, to be read out and typed. Only `tokenHash` of it is stored. */
export function createCode(): string {
  return toBase32(randomBytes(20));
}
