import { toBase32 } from '../../core/base32.js';
import { decodeEntry } from '../../core/entry-codec.js';
import { comparePlaces, type LogPlace, logStart } from '../../core/log.js';
import { isSigned, sealed, sha256 } from './seal-bytes.js';

const [firstBytes, hashBytes, headBytes] = [32, 32, 98];

/**
 * The key that may seal at `place`, by a public key and the rotations behind it: README, "Seals, for other languages".
 * @returns undefined when a rotation does not hold, or `place` stands before the last of them. @throws when an entry cannot be read.
 */
export async function newestKey(publicKey: Uint8Array, place: LogPlace): Promise<Uint8Array | undefined> {
  const origin = await sha256(publicKey.subarray(0, firstBytes));
  let key = publicKey.subarray(0, firstBytes);
  let before = logStart;
  for (let at = firstBytes; at < publicKey.length; ) {
    const head = publicKey.subarray(at, at + headBytes);
    const bytes = publicKey.subarray(at + headBytes, at + headBytes + lengthOf(head));
    at += headBytes + lengthOf(head);
    const rotation = decodeEntry(bytes);
    const isOfThisLog = rotation.kind === 'rotation' && rotation.origin === toBase32(origin);
    if (!isOfThisLog || at > publicKey.length || comparePlaces(rotation, before) <= 0) return undefined;
    const root = await sha256(Uint8Array.of(0), bytes);
    const statement = sealed(origin, rotation, root, head.subarray(0, hashBytes));
    if (!(await isSigned(key, head.subarray(hashBytes, headBytes - 2), statement))) return undefined;
    key = rotation.nextPublicKey;
    before = rotation;
  }
  return comparePlaces(place, before) > 0 ? key : undefined;
}

function lengthOf(head: Uint8Array): number {
  return (head[headBytes - 2] ?? 0) * 256 + (head[headBytes - 1] ?? 0);
}
