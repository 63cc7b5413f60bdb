import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeEntry } from '../../src/core/entry-codec.js';
import { createIdentity } from '../../src/identity/keys.js';
import { entryAt } from '../../src/store/log-order.js';
import { EntryScanner } from '../../src/store/sqlite/entry-scanner.js';
import { entryOf } from '../support/sealed.js';

const identity = createIdentity();
const kinds = { article: 1, retraction: 2, rotation: 3, 'epoch-start': 4 };
const text = fc.string({ unit: 'grapheme', maxLength: 200 });

const anyBytes = fc
  .record({
    kind: fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[])),
    topic: text,
    author: text,
    memberId: text,
    title: fc.option(text, { nil: undefined }),
    body: text,
    publishedAtMs: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    replyTo: text,
    retracts: text,
    nextPublicKey: fc.uint8Array({ maxLength: 40 }),
    retractsSeq: fc.nat(),
    retractsEpoch: fc.nat(),
  })
  .map((more) => encodeEntry(entryOf(identity, 7, more)));

/** Both ways of reading give the same, or both give nothing. */
function expectAlike(scanner: EntryScanner, bytes: Uint8Array): boolean {
  const entry = entryAt(bytes, identity.id, 1, 7);
  const { topic, author, publishedAtMs, replyTo, retracts, retractsSeq, retractsEpoch } = entry ?? {};
  const columns = { topic, author, publishedAtMs, replyTo, retracts, retractsSeq, retractsEpoch };
  const right = entry && { kind: kinds[entry.kind], ...columns };
  expect(scanner.scan(bytes, identity.id, 1, 7)).toEqual(right);
  return right !== undefined;
}

describe('the columns of an entry', () => {
  const scanner = new EntryScanner();

  it('are what its bytes decode to', () => {
    fc.assert(fc.property(anyBytes, (bytes) => expect(expectAlike(scanner, bytes)).toBe(true)));
  });

  it('are none where the bytes cannot be decoded, however they were damaged', () => {
    let sound = 0;
    const change = fc.record({ at: fc.nat(), to: fc.nat({ max: 255 }), cut: fc.constantFrom(0, 0, 1, 3) });
    const extra = fc.constantFrom(
      [],
      [0xa9, 1, 1, 2, 3, 4, 5, 6, 7, 8],
      [0x92, 1, 2, 9, 9],
      [0x2d, 1, 2, 3, 4],
      [0x28, 5],
      [7],
    );
    fc.assert(
      fc.property(anyBytes, fc.array(change, { maxLength: 3 }), extra, (bytes, changes, more) => {
        const damaged = Buffer.from([...bytes, ...more]);
        for (const { at, to } of changes) damaged[at % damaged.length] = to;
        const cut = changes.reduce((sum, one) => sum + one.cut, 0);
        if (expectAlike(scanner, damaged.subarray(0, damaged.length - cut))) sound += 1;
      }),
      { numRuns: 2000 },
    );
    // Otherwise nothing was compared.
    expect(sound).toBeGreaterThan(200);
    expect(sound).toBeLessThan(1800);
  });

  it('are none of another place', () => {
    const bytes = encodeEntry(entryOf(identity, 7));
    expect(scanner.scan(bytes, identity.id, 1, 8)).toBeUndefined();
    expect(scanner.scan(bytes, identity.id, 2, 7)).toBeUndefined();
    expect(scanner.scan(bytes, createIdentity().id, 1, 7)).toBeUndefined();
  });
});
