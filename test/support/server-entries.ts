import { createHash } from 'node:crypto';
import { toId } from '../../src/core/ids.js';
import type { ServerEntry, ServerWord, SignedServerEntry } from '../../src/core/server-entry.js';

/** The id that a key named `seed` might have. */
export function idOf(seed: string | number): string {
  return toId(createHash('sha256').update(String(seed)).digest());
}

export function serverEntry(given: Partial<ServerEntry> = {}): ServerEntry {
  return {
    id: idOf('a'),
    counter: 1,
    rotations: 0,
    name: 'Hamlet',
    addresses: ['localhost:50052'],
    topics: [],
    articles: 0,
    members: 0,
    links: [],
    head: undefined,
    admission: 'open',
    peering: 'open',
    readable: 'members',
    ...given,
  };
}

/** For parts that get entries whose signature was checked: bytes that differ when the entries do. */
export function unsigned(entry: ServerWord): SignedServerEntry {
  return {
    entry: Buffer.from(JSON.stringify({ rotations: 0, ...entry })),
    publicKey: new Uint8Array(32),
    signature: new Uint8Array(64),
  };
}
