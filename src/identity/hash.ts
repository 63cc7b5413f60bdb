import { hash } from 'node:crypto';
import { toId } from '../core/ids.js';

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const [only] = parts;
  return hash('sha256', parts.length === 1 && only ? only : Buffer.concat(parts), 'buffer');
}

/** The id of a community: the hash of its first public key. */
export function originOf(publicKey: Uint8Array): string {
  return toId(sha256(publicKey));
}
