import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Entry, EntryKind } from '../../src/core/entry.js';
import { decodeEntry, encodeEntry } from '../../src/core/entry-codec.js';
import { toId } from '../../src/core/ids.js';
import { Entry as WireEntry, EntryKind as WireKind } from '../../src/wire/gen/moot/v1/article.js';

const id = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toId);
const text = fc.string({ unit: 'grapheme', maxLength: 300 });
const kind = fc.constantFrom<EntryKind>('article', 'retraction', 'rotation', 'epoch-start');

const anyEntry: fc.Arbitrary<Entry> = fc.record({
  origin: id,
  epoch: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  kind,
  topic: text,
  author: text,
  memberId: text,
  memberName: text,
  title: fc.option(text, { nil: undefined }),
  body: text,
  publishedAtMs: fc.nat(),
  replyTo: fc.oneof(id, fc.constant('')),
  retracts: fc.oneof(id, fc.constant('')),
  mediaType: text,
  nextPublicKey: fc.uint8Array({ maxLength: 32 }),
  retractsSeq: fc.nat(),
  retractsEpoch: fc.nat(),
});

const wireKind: Record<EntryKind, WireKind> = {
  article: WireKind.ENTRY_KIND_ARTICLE,
  retraction: WireKind.ENTRY_KIND_RETRACTION,
  rotation: WireKind.ENTRY_KIND_ROTATION,
  'epoch-start': WireKind.ENTRY_KIND_EPOCH_START,
};

describe('the bytes of an entry', () => {
  it('S0.13 are those that generated protobuf code writes for message Entry', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const generated = WireEntry.encode({
          ...entry,
          epoch: BigInt(entry.epoch),
          seq: BigInt(entry.seq),
          kind: wireKind[entry.kind],
          publishedAtMs: BigInt(entry.publishedAtMs),
          nextPublicKey: Buffer.from(entry.nextPublicKey),
          retractsSeq: BigInt(entry.retractsSeq),
          retractsEpoch: BigInt(entry.retractsEpoch),
        }).finish();
        expect(Buffer.from(encodeEntry(entry)).equals(Buffer.from(generated))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('say what was encoded', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const decoded = decodeEntry(encodeEntry(entry));
        expect({ ...decoded, nextPublicKey: [...decoded.nextPublicKey] }).toEqual({
          ...entry,
          nextPublicKey: [...entry.nextPublicKey],
        });
      }),
      { numRuns: 500 },
    );
  });

  it('are refused as damaged when they are no entry, and never crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeEntry(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'damaged' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
