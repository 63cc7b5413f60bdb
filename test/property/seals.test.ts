import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromBase32, toBase32 } from '../../src/core/base32.js';
import { sha256 } from '../../src/identity/hash.js';
import { createIdentity, parseIdentity } from '../../src/identity/keys.js';
import {
  leafHash,
  merkleLevels,
  merklePath,
  merkleRoot,
  provePart,
  rootFromPath,
  rootOfPart,
} from '../../src/identity/merkle.js';
import { createSealer, isHeadValid, isSealValid, signHead } from '../../src/identity/seal.js';
import { sealStatement } from '../../src/identity/seal-statement.js';

const hashes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 1, maxLength: 40 });
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');

/** RFC 9162, section 2.1.1, word for word: split at the largest power of two below n. */
function definedRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (leaves.length === 1 && only) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.of(1), definedRoot(leaves.slice(0, k)), definedRoot(leaves.slice(k)));
}

describe('Merkle trees', () => {
  it('have the root that RFC 9162 defines', () => {
    fc.assert(fc.property(hashes, (leaves) => expect(hex(merkleRoot(leaves))).toBe(hex(definedRoot(leaves)))));
  });

  it('N5 every leaf has a path to the root, and no other index or leaf has it', () => {
    fc.assert(
      fc.property(hashes, fc.nat(), fc.nat(), (leaves, pick, other) => {
        const index = pick % leaves.length;
        const path = merklePath(merkleLevels(leaves), index);
        const leaf = leaves[index] ?? Buffer.alloc(0);
        const root = hex(merkleRoot(leaves));
        expect(hex(rootFromPath(leaf, index, leaves.length, path))).toBe(root);
        expect(hex(rootFromPath(leafHash(leaf), index, leaves.length, path))).not.toBe(root);
        expect(rootFromPath(leaf, index, leaves.length, [...path, Buffer.alloc(32)])).toBeUndefined();
        const wrong = other % leaves.length;
        if (hex(leaves[wrong]) !== hex(leaf))
          expect(hex(rootFromPath(leaf, wrong, leaves.length, path))).not.toBe(root);
      }),
    );
  });
});

describe('a proof for some leaves of a tree', () => {
  const part = fc.tuple(hashes, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), fc.nat());

  it('N5 leads to the root for those leaves in their places, and with anything changed it does not', () => {
    fc.assert(
      fc.property(part, ([leaves, chosen, salt]) => {
        const indexes = leaves.flatMap((_, index) => (chosen[index] ? [index] : []));
        if (indexes.length === 0) return;
        const some = indexes.map((index) => leaves[index] ?? Buffer.alloc(0));
        const levels = merkleLevels(leaves);
        const root = hex(levels.at(-1)?.[0]);
        const proof = provePart(levels, indexes);
        expect(hex(rootOfPart(leaves.length, indexes, some, proof))).toBe(root);
        if (indexes.length === leaves.length) expect(proof).toHaveLength(0);

        const flipped = some.map((leaf, at) => (at === salt % some.length ? leafHash(leaf) : leaf));
        expect(hex(rootOfPart(leaves.length, indexes, flipped, proof))).not.toBe(root);
        const longer = Buffer.concat([proof, Buffer.alloc(32)]);
        expect(rootOfPart(leaves.length, indexes, some, longer)).toBeUndefined();
        if (proof.length > 0) expect(rootOfPart(leaves.length, indexes, some, proof.subarray(32))).toBeUndefined();
        if (indexes.length > 1) expect(rootOfPart(leaves.length, [...indexes].reverse(), some, proof)).toBeUndefined();
        expect(rootOfPart(leaves.length, [leaves.length], some.slice(0, 1), proof)).toBeUndefined();
      }),
    );
  });
});

describe('seals and heads', () => {
  const identity = createIdentity();
  const seal = createSealer(identity).seal(1, 1, [leafHash(Buffer.from('a'))], Buffer.alloc(32));

  it('are 128 bytes of statement, signed by the key whose hash is the origin', () => {
    expect(sealStatement(seal)).toHaveLength(128);
    expect(isSealValid(seal)).toBe(true);
    expect(parseIdentity(identity.privatePem).id).toBe(identity.id);
  });

  it('N5 are refused when any part is another, also under a valid key that is not the origin’s', () => {
    const stranger = createIdentity();
    const resigned = { ...seal, publicKey: stranger.publicKey, signature: stranger.sign(sealStatement(seal)) };
    const changed = [
      { epoch: 2 },
      { firstSeq: 2 },
      { size: 2 },
      { root: Buffer.alloc(32, 1) },
      { previous: Buffer.alloc(32, 1) },
    ];
    for (const change of changed) expect(isSealValid({ ...seal, ...change })).toBe(false);
    expect(isSealValid(resigned)).toBe(false);
    expect(isSealValid({ ...seal, signature: seal.signature.subarray(1) })).toBe(false);
  });

  it('a head says how long the log is, and nobody else can say it', () => {
    const head = signHead(identity, { epoch: 1, seq: 7, lastSeal: Buffer.alloc(32, 3) }, 1000);
    expect(isHeadValid(head)).toBe(true);
    for (const change of [{ seq: 6 }, { epoch: 2 }, { asOfMs: 999 }, { lastSeal: Buffer.alloc(32) }])
      expect(isHeadValid({ ...head, ...change })).toBe(false);
  });
});

describe('base32hex', () => {
  it('gives back the bytes, and sorts as they sort', () => {
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(hex(fromBase32(toBase32(a)))).toBe(hex(a));
        expect(Math.sign(Buffer.compare(a, b))).toBe(
          toBase32(a) < toBase32(b) ? -1 : toBase32(a) > toBase32(b) ? 1 : 0,
        );
      }),
    );
  });

  it('refuses letters, lengths and spare bits that no bytes give', () => {
    expect([fromBase32('w'), fromBase32('0'), fromBase32('01'), fromBase32('0A')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(fromBase32('00')).toEqual(Uint8Array.of(0));
  });
});
