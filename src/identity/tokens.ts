import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256 } from './hash.js';

/** 256 random bits, as text. Shown once; only `tokenHash` of it is stored. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

export function tokenHash(token: string): Buffer {
  return sha256(Buffer.from(token, 'utf8'));
}

export function isSameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
