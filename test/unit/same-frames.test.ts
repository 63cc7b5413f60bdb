import { describe, expect, it } from '@jest/globals';
import { SameFrames } from '../../src/client/same-frames.js';
import type { EntriesFrame } from '../../src/core/subscribing.js';
import { toWireSubscription } from '../../src/wire/convert-subscribe.js';
import { SubscribeResponse } from '../../src/wire/gen/moot/v1/community.js';
import { LogBuilder } from '../support/log-builder.js';

const log = new LogBuilder();
const { seal, entries } = log.next([{ topic: 'chess', body: 'e4' }]);

/** Frames with different dates end alike. */
function message(storedAtMs: number): Buffer {
  const bytes = entries.map((entry) => entry.bytes ?? new Uint8Array(0));
  const part = { seal, indexes: [0], entries: bytes, hashes: new Uint8Array(0), storedAtMs };
  const through = { epoch: 1, seq: 1 };
  const frame = { kind: 'entries' as const, origin: log.origin, parts: [part], through, live: true, bytes: 0 };
  return Buffer.from(SubscribeResponse.encode(toWireSubscription(frame)).finish());
}

const dateOf = (frame: unknown): number | undefined => (frame as EntriesFrame).parts[0]?.storedAtMs;

describe('frames that several subscriptions are sent', () => {
  it('are read once when they are the same, byte by byte', () => {
    const frames = new SameFrames();
    expect(frames.read(message(1))).toBe(frames.read(message(1)));
  });

  it('are never taken for one another, however alike they end', () => {
    const frames = new SameFrames();
    expect([1, 2, 1].map((date) => dateOf(frames.read(message(date))))).toEqual([1, 2, 1]);
  });
});
