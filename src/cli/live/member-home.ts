import { join } from 'node:path';
import { toBase32 } from '../../core/base32.js';
import { foldName } from '../../core/name.js';
import { sha256 } from '../../identity/hash.js';

/** Where what belongs to one member name is kept: HOME/members/NAME. */
export function memberHome(home: string, name: string): string {
  const folded = foldName(name);
  const isPlain = /^[a-z0-9_-]+$/.test(folded);
  // Any other name may mean something to a file system.
  const folder = isPlain ? folded : `~${toBase32(sha256(new TextEncoder().encode(folded))).slice(0, 26)}`;
  return join(home, 'members', folder);
}
