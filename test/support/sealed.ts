import type { Entry, Proof, SealedArticle } from '../../src/core/entry.js';
import { encodeEntry } from '../../src/core/entry-codec.js';
import { toId } from '../../src/core/ids.js';
import type { Identity } from '../../src/identity/keys.js';
import { leafHash, merkleLevels, merklePath } from '../../src/identity/merkle.js';
import { createSealer } from '../../src/identity/seal.js';

export function entryOf(identity: Identity, seq: number, more: Partial<Entry> = {}): Entry {
  return {
    origin: identity.id,
    epoch: 1,
    seq,
    kind: 'article',
    topic: 'sports.chess',
    author: 'Ada',
    memberId: 'm1',
    memberName: 'Ada',
    title: undefined,
    body: `body ${seq}`,
    publishedAtMs: 1_700_000_000_000 + seq,
    replyTo: '',
    retracts: '',
    mediaType: '',
    nextPublicKey: new Uint8Array(0),
    retractsSeq: 0,
    retractsEpoch: 0,
    ...more,
  };
}

/** One commit of these entries, as its origin would seal it; entry n has sequence number n + 1. */
export function sealCommit(identity: Identity, count: number, more: Partial<Entry> = {}): readonly SealedArticle[] {
  const entries = Array.from({ length: count }, (_, at) => entryOf(identity, at + 1, more));
  const bytes = entries.map(encodeEntry);
  const leaves = bytes.map(leafHash);
  const levels = merkleLevels(leaves);
  const seal = createSealer(identity).seal(1, 1, leaves, new Uint8Array(32));
  return entries.map((entry, index) => {
    const proof: Proof = { seal, index, path: merklePath(levels, index) };
    return {
      id: toId(leaves[index] ?? new Uint8Array(32)),
      entry,
      bytes: bytes[index] ?? new Uint8Array(0),
      proof,
      storedAtMs: 5,
    };
  });
}
