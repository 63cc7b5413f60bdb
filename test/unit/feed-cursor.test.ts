import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../scripts/simulate/virtual-clock.js';
import { Feed } from '../../src/community/feed/feed.js';
import { MootError } from '../../src/core/errors.js';
import { anyArticle } from '../../src/core/filter.js';
import type { OriginId } from '../../src/core/ids.js';
import type { LogPlace } from '../../src/core/log.js';
import type { SubscriptionFrame } from '../../src/core/subscribing.js';
import { createIdentity } from '../../src/identity/keys.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { draft, submission } from '../support/drafts.js';
import { LogBuilder } from '../support/log-builder.js';

const identity = createIdentity();
let clock: VirtualClock;
let store: MemoryStore;
let feed: Feed;
let ending: AbortController;

beforeEach(async () => {
  clock = new VirtualClock();
  store = new MemoryStore(identity, clock);
  feed = await Feed.open({ self: identity.id, logs: store.logs, clock, notFed: () => [] });
  ending = new AbortController();
});
afterEach(() => {
  ending.abort(new MootError('cancelled', 'over'));
  feed.close();
});

/** What a reader with this cursor is shown, as it comes: "SEQ" of an entry, or "gap FROM-TO: WHY". */
async function follow(places: readonly (readonly [OriginId, LogPlace])[]) {
  const shown: string[] = [];
  let accepted: SubscriptionFrame | undefined;
  const request = { filter: anyArticle, scope: 'network', cursor: { places: new Map(places), start: 'now' } } as const;
  const reading = (async () => {
    for await (const frame of feed.subscribe(request, ending.signal)) {
      if (frame.kind === 'accepted') accepted = frame;
      if (frame.kind === 'gap') shown.push(`gap ${frame.gap.fromSeq}-${frame.gap.toSeq}: ${frame.gap.reason}`);
      for (const part of frame.kind === 'entries' ? frame.parts : [])
        shown.push(...part.indexes.map((index) => String(part.seal.firstSeq + index)));
    }
  })();
  reading.catch(() => undefined);
  await clock.settle(0);
  return { shown, places: accepted?.kind === 'accepted' ? accepted.places : undefined };
}

const publish = async (count: number): Promise<void> => {
  await store.articles.append(Array.from({ length: count }, () => submission(draft('a rook'))));
  await clock.settle(0);
};

describe('N4 a cursor', () => {
  it('that is ahead of what is here waits, and what was seen elsewhere is not shown again', async () => {
    await publish(2);
    const { shown } = await follow([[identity.id, { epoch: 1, seq: 5 }]]);
    await publish(2);
    await publish(2);
    expect(shown).toEqual(['6']);
    await publish(1);
    expect(shown).toEqual(['6', '7']);
  });

  it('keeps a log that is not known here, is handed back with it, and holds when that log comes', async () => {
    const other = new LogBuilder();
    const { shown, places } = await follow([[other.origin, { epoch: 1, seq: 2 }]]);
    expect(places?.get(other.origin)).toEqual({ epoch: 1, seq: 2 });
    for (const count of [1, 2, 1])
      await store.logs.take([{ commit: other.next(Array.from({ length: count }, () => ({}))), via: other.origin }]);
    await clock.settle(0);
    expect(shown).toEqual(['3', '4']);
  });

  it('that is older than what is kept is told the hole by its numbers, then all that follows', async () => {
    const other = new LogBuilder();
    for (const storedAtMs of [1, 2, 3]) {
      const commit = other.next([{}, {}], storedAtMs);
      await store.logs.take([{ commit, via: other.origin }]);
    }
    await store.logs.expire({ storedBeforeMs: 3, mostEntries: 1000 });
    await clock.settle(0);
    const { shown } = await follow([[other.origin, { epoch: 1, seq: 1 }]]);
    expect(shown).toEqual(['gap 2-4: older than what is kept here', '5', '6']);
  });

  it('S2.3 holds however long its reader was away', async () => {
    await publish(3);
    await clock.settle(3_600_000);
    const { shown } = await follow([[identity.id, { epoch: 1, seq: 1 }]]);
    await clock.settle(61_000);
    await publish(1);
    expect(shown).toEqual(['2', '3', '4']);
  });
});
