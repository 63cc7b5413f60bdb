import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '../../scripts/simulate/virtual-clock.js';
import { Feed } from '../../src/community/feed/feed.js';
import { type ArticleFilter, anyArticle } from '../../src/core/filter.js';
import { createIdentity } from '../../src/identity/keys.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { draft, submission } from '../support/drafts.js';
import { FeedReader, perOrigin, type ReaderPlan } from '../support/feed-reader.js';
import { LogBuilder } from '../support/log-builder.js';

const topics = ['sports', 'sports.chess', 'z'];
const filters: readonly ArticleFilter[] = [
  anyArticle,
  { topics: ['sports'], origins: [] },
  { topics: ['z'], origins: [] },
  { topics: [], origins: [], text: 'rook' },
];

type Step =
  | { readonly kind: 'own'; readonly log: number; readonly topics: readonly number[] }
  | { readonly kind: 'mirror'; readonly log: number; readonly topics: readonly number[] }
  | { readonly kind: 'skip'; readonly log: number; readonly count: number }
  | { readonly kind: 'read'; readonly reader: number; readonly frames: number }
  | { readonly kind: 'reconnect'; readonly reader: number }
  | { readonly kind: 'wait'; readonly ms: number };

const someTopics = fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 150, size: 'max' });

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('own' as const), log: fc.nat({ max: 1 }), topics: someTopics }),
  fc.record({ kind: fc.constant('mirror' as const), log: fc.nat({ max: 1 }), topics: someTopics }),
  fc.record({ kind: fc.constant('skip' as const), log: fc.nat({ max: 1 }), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant('read' as const), reader: fc.nat({ max: 3 }), frames: fc.nat({ max: 6 }) }),
  fc.record({ kind: fc.constant('reconnect' as const), reader: fc.nat({ max: 3 }) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat({ max: 20_000 }) }),
);

const plan: fc.Arbitrary<ReaderPlan> = fc.record({
  filter: fc.constantFrom(...filters),
  start: fc.constantFrom('now' as const, 'beginning' as const),
  scope: fc.constantFrom('local' as const, 'network' as const),
});

describe('N3 a subscription, whatever happens between its beginning and its end', () => {
  it('tells each match of each log once and in order, gaps by name, however slowly and often it is read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(plan, { minLength: 1, maxLength: 4 }),
        fc.array(step, { maxLength: 25 }),
        fc.array(step, { maxLength: 25 }),
        // Nothing is kept for who is behind, a frame or two, or all.
        fc.constantFrom(0, 10_000, undefined),
        async (plans, before, after, keptBytes) => {
          const clock = new VirtualClock();
          const identity = createIdentity();
          const store = new MemoryStore(identity, clock);
          const feed = await Feed.open({ self: identity.id, logs: store.logs, clock, notFed: () => [], keptBytes });
          const mirrors = [new LogBuilder(), new LogBuilder()];
          /** Everything that ever happened, as a reader from the beginning with that filter should be told. */
          const happened: { told: string; topic: string | undefined; isLocal: boolean; isLive: boolean }[] = [];
          const readers: FeedReader[] = [];
          let isLive = false;
          let ownSeq = 0;

          const run = async (one: Step): Promise<void> => {
            if (one.kind === 'own') {
              const all = one.topics.map((at) => submission(draft('a rook', { topic: topics[at] ?? 'z' })));
              await store.articles.append(all);
              for (const at of one.topics) {
                ownSeq += 1;
                happened.push({ told: `${identity.id} ${ownSeq}`, topic: topics[at], isLocal: true, isLive });
              }
            } else if (one.kind === 'mirror') {
              const log = mirrors[one.log];
              if (!log) return;
              const commit = log.next(one.topics.map((at) => ({ topic: topics[at] ?? 'z', body: 'a rook' })));
              await store.logs.take([{ commit, via: log.origin }]);
              one.topics.forEach((at, index) => {
                const told = `${log.origin} ${commit.seal.firstSeq + index}`;
                happened.push({ told, topic: topics[at], isLocal: false, isLive });
              });
            } else if (one.kind === 'skip') {
              const log = mirrors[one.log];
              // Before a log has begun, what is missing is only older than what is kept.
              if (!log || log.commits.length === 0) return;
              const { fromSeq, toSeq } = log.skip(one.count);
              await store.logs.skip({ origin: log.origin, epoch: 1, fromSeq, toSeq, reason: 'lost' }, log.origin);
              happened.push({
                told: `${log.origin} gap ${fromSeq}-${toSeq}`,
                topic: undefined,
                isLocal: false,
                isLive,
              });
            } else if (one.kind === 'wait') await clock.settle(one.ms);
            else {
              const reader = readers[one.reader % Math.max(1, readers.length)];
              if (!reader) return;
              if (one.kind === 'reconnect') await reader.move(feed, clock);
              else for (let frames = 0; frames < one.frames; frames += 1) await reader.read(clock);
            }
          };

          // A log that a cursor does not name begins anew at each connection: all are there from the start.
          for (const log of [0, 1]) await run({ kind: 'mirror', log, topics: [0] });
          for (const one of before) await run(one);
          isLive = true;
          for (const each of plans) readers.push(new FeedReader(each));
          // Each stands before anything more happens.
          for (const reader of readers) {
            reader.open(feed);
            expect(await reader.read(clock)).toBe(true);
          }
          for (const one of after) await run(one);
          // A last commit of every log: what is missing behind it would show.
          for (const log of [0, 1]) await run({ kind: 'mirror', log, topics: [0, 1, 2] });
          await run({ kind: 'own', log: 0, topics: [0, 1, 2] });

          for (const reader of readers) {
            while (await reader.read(clock));
            const { start, scope } = reader.plan;
            const right = happened
              .filter((one) => start === 'beginning' || one.isLive)
              .filter((one) => scope === 'network' || one.isLocal)
              .filter(({ topic }) => {
                const wanted = reader.plan.filter.topics;
                return (
                  topic === undefined || wanted.length === 0 || wanted.some((t) => `${topic}.`.startsWith(`${t}.`))
                );
              });
            expect(reader.perOrigin).toEqual(perOrigin(right.map(({ told }) => told)));
            expect(reader.isCaughtUp).toBe(true);
          }
          feed.close();
        },
      ),
      { numRuns: 150, seed: 4711 },
    );
  }, 120_000);
});
