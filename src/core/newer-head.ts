import type { Head } from './entry.js';
import { comparePlaces } from './log.js';

/**
 * A public key with a rotation more is the newer one, and so is its word. A log never gets shorter, so of one key the longer
 * word is the newer one; of two alike the later says that it still holds.
 */
export function isNewerHead(
  head: Head,
  known: Pick<Head, 'epoch' | 'seq' | 'asOfMs' | 'publicKey'> | undefined,
): boolean {
  if (!known) return true;
  const byKey = head.publicKey.length - known.publicKey.length;
  return (byKey || comparePlaces(head, known) || head.asOfMs - known.asOfMs) > 0;
}
