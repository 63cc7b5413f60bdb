import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { originOf } from '../../src/identity/hash.js';
import { readKeyLine } from '../../src/identity/key-line.js';
import { KeyRing } from '../../src/identity/key-ring.js';
import { createIdentity, type Identity, isSignedBy, parseIdentity } from '../../src/identity/keys.js';
import { rotateKey } from '../../src/identity/rotate-key.js';
import { createSealer, isHeadValid, isSealValid, signHead } from '../../src/identity/seal.js';
import { endAt, rotatedAfter, rotatedAt } from '../support/rotated.js';

/** After which entries a key is rotated, rising by at least one: the rotation itself takes a place. */
const anyPlaces = fc
  .array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 })
  .map((steps) => steps.map((_, at) => steps.slice(0, at + 1).reduce((sum, step) => sum + step, 0)));
const message = Buffer.from('what was said');
const first = createIdentity();
const few = { numRuns: 40 };

const sealOf = (identity: Identity, firstSeq: number, size = 1, epoch = 1) =>
  createSealer(identity).seal(
    epoch,
    firstSeq,
    Array.from({ length: size }, (_, at) => Buffer.alloc(32, firstSeq + at)),
    Buffer.alloc(32),
  );

describe('a key that was rotated', () => {
  it('N5 keeps the id of the first, signs as the last, and says where each gave way', () => {
    fc.assert(
      fc.property(anyPlaces, (places) => {
        const selves = rotatedAfter(first, places);
        const last = selves.at(-1) ?? first;
        expect(last.id).toBe(first.id);
        expect(originOf(last.publicKey)).toBe(first.id);
        expect(rotatedAt(last)).toEqual(places.map((seq) => seq + 1));
        for (const self of selves) expect(isSignedBy(last.publicKey, message, self.sign(message))).toBe(self === last);
        expect(parseIdentity(last.privatePem)).toMatchObject({ id: first.id, privatePem: last.privatePem });
        expect(Buffer.compare(parseIdentity(last.privatePem).publicKey, last.publicKey)).toBe(0);
      }),
      few,
    );
  });

  it('N5 is none when any byte is another, or a part is missing, or is too much', () => {
    const publicKey = rotatedAfter(first, [3, 9]).at(-1)?.publicKey ?? Buffer.alloc(0);
    fc.assert(
      fc.property(fc.nat(publicKey.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Uint8Array.from(publicKey);
        changed[at] = (changed[at] ?? 0) ^ change;
        expect(readKeyLine(changed)).toBeUndefined();
      }),
    );
    const whole = new Set([32, rotatedAfter(first, [3])[1]?.publicKey.length, publicKey.length]);
    for (let length = 0; length < publicKey.length; length += 1)
      if (!whole.has(length)) expect(readKeyLine(publicKey.subarray(0, length))).toBeUndefined();
    expect(readKeyLine(Buffer.concat([publicKey, Buffer.of(0)]))).toBeUndefined();
    expect(readKeyLine(Buffer.concat([publicKey, publicKey.subarray(32)]))).toBeUndefined();
  });

  it('N5 cannot be led anywhere by another key', () => {
    const [, mine] = rotatedAfter(first, [3]);
    const [other, theirs] = rotatedAfter(createIdentity(), [3]);
    if (!mine || !other || !theirs) throw new Error('nothing was rotated');
    const stolen = Buffer.concat([first.publicKey, theirs.publicKey.subarray(32)]);
    expect(readKeyLine(stolen)).toBeUndefined();
    expect(() => rotatedAfter(mine, [2])).toThrow('do not lead');
    const pem = mine.privatePem.replace(/^-----BEGIN PRIVATE[\s\S]*END PRIVATE KEY-----\n/, other.privatePem);
    expect(() => parseIdentity(pem)).toThrow('no Ed25519 private key');
  });

  it('N5 is rotated 32 times, and no more', () => {
    const selves = rotatedAfter(
      first,
      Array.from({ length: 32 }, (_, at) => at + 1),
    );
    const last = selves.at(-1) ?? first;
    expect(readKeyLine(last.publicKey)?.rotations).toHaveLength(32);
    expect(() => rotateKey(last, endAt(99), 0)).toThrow('32 times');
  });

  it('N5 seals nothing before its rotation, and what the old one sealed stays sealed', () => {
    const [, second] = rotatedAfter(first, [9]);
    if (!second) throw new Error('nothing was rotated');
    expect([10, 11].map((seq) => isSealValid(sealOf(second, seq)))).toEqual([false, true]);
    expect(isSealValid(sealOf(second, 11, 1, 2))).toBe(true);
    expect(isSealValid(sealOf(first, 9))).toBe(true);
    expect(isHeadValid(signHead(second, endAt(10), 0))).toBe(true);
    expect(isSealValid({ ...sealOf(second, 11), publicKey: first.publicKey })).toBe(false);
  });
});

describe('a ring of keys', () => {
  it('N5 takes the longest line that was shown, in whatever order, and no shorter one after it', () => {
    fc.assert(
      fc.property(anyPlaces, fc.array(fc.nat(), { minLength: 1, maxLength: 12 }), (places, order) => {
        const selves = rotatedAfter(first, places);
        const ring = new KeyRing();
        let newest = 0;
        for (const pick of order) {
          const at = pick % selves.length;
          expect(ring.accepts(first.id, selves[at]?.publicKey ?? Buffer.alloc(0))).toBe(at >= newest);
          newest = Math.max(newest, at);
        }
      }),
      few,
    );
  });

  it('N5 knows which key holds at which place, as a table of all places does', () => {
    fc.assert(
      fc.property(
        anyPlaces,
        fc.integer({ min: 1, max: 320 }),
        fc.nat(),
        fc.integer({ min: 1, max: 3 }),
        (places, seq, pick, size) => {
          const selves = rotatedAfter(first, places);
          const ring = new KeyRing();
          ring.accepts(first.id, selves.at(-1)?.publicKey ?? Buffer.alloc(0));
          const at = pick % selves.length;
          const self = selves[at] ?? first;
          // The dumb oracle: the places that each key held, its own rotation, which it sealed, left out.
          const from = (places[at - 1] ?? -1) + 2;
          const through = places[at] ?? Number.POSITIVE_INFINITY;
          const seal = sealOf(self, seq, size);
          expect(isSealValid(seal) && ring.acceptsSeal(seal)).toBe(seq >= from && seq + size - 1 <= through);
          const isOld = through !== Number.POSITIVE_INFINITY;
          expect(ring.acceptsHead(signHead(self, endAt(seq), 0))).toBe(!isOld || seq <= through);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('N5 takes the rotation itself from the key that made it, and no other in its place', () => {
    const [, second] = rotatedAfter(first, [4]);
    const [, rival] = rotatedAfter(first, [4]);
    if (!second || !rival) throw new Error('nothing was rotated');
    const sealIn = ({ publicKey }: Identity) => readKeyLine(publicKey)?.rotations[0]?.seal ?? sealOf(first, 5);
    const ring = new KeyRing();
    expect(ring.accepts(first.id, second.publicKey)).toBe(true);
    expect([ring.acceptsSeal(sealIn(second)), ring.acceptsSeal(sealIn(rival))]).toEqual([true, false]);
    expect([ring.accepts(first.id, rival.publicKey), ring.acceptsSeal(sealOf(rival, 6))]).toEqual([false, false]);
    expect(ring.acceptsHead(signHead(rival, endAt(5), 0))).toBe(false);
    // A later epoch is after the rotation, and what an earlier one had past it is not the community's any more.
    expect(ring.acceptsSeal(sealOf(first, 2, 1, 2))).toBe(false);
    expect(ring.accepts(first.id, second.publicKey)).toBe(true);
  });

  it('N5 remembers what is kept elsewhere, however many others were shown since', () => {
    const [, second] = rotatedAfter(first, [4]);
    const ring = new KeyRing((origin) => (origin === first.id ? second?.publicKey : undefined), 1);
    for (const stranger of [createIdentity(), createIdentity()])
      ring.accepts(stranger.id, rotatedAfter(stranger, [1])[1]?.publicKey ?? stranger.publicKey);
    expect(ring.accepts(first.id, first.publicKey)).toBe(false);
  });
});
