import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeEntry } from '../../src/core/entry-codec.js';
import type { DailyQuota } from '../../src/core/quota.js';
import type { Appended, Submission } from '../../src/core/stores.js';
import { createIdentity } from '../../src/identity/keys.js';
import { openStore } from '../../src/store/open-store.js';
import { toEntry } from '../../src/store/submission.js';
import { draft, submission } from './drafts.js';
import { StepClock } from './step-clock.js';

const identity = createIdentity();
const dayMs = 86_400_000;

const anySubmission = fc
  .record({
    memberId: fc.constantFrom('m1', 'm2'),
    key: fc.constantFrom('', '', 'a', 'b', 'c'),
    length: fc.integer({ min: 1, max: 300 }),
  })
  // A key always names the same draft.
  .map(({ memberId, key, length }) =>
    submission(draft(key === '' ? 'x'.repeat(length) : `keyed ${key}`), key, memberId),
  );
const anyStep = fc.record({
  batch: fc.array(anySubmission, { minLength: 1, maxLength: 6 }),
  passesMs: fc.constantFrom(0, 0, 0, 1, dayMs / 3, dayMs),
});

/** What a community must say to each, worked out one after the other from all that was taken before. */
class DumbOracle {
  private readonly taken: { day: string; submission: Submission; bytes: number }[] = [];

  constructor(private readonly quota: DailyQuota) {}

  answer(one: Submission, nowMs: number): string {
    const { memberId } = one.member;
    const before = this.taken.find(
      ({ submission: { member, key } }) => key !== '' && key === one.key && member.memberId === memberId,
    );
    if (before) return 'duplicate';
    const day = new Date(nowMs).toISOString().slice(0, 10);
    const today = this.taken.filter((other) => other.day === day && other.submission.member.memberId === memberId);
    const place = { origin: identity.id, epoch: 1, seq: this.taken.length + 1 };
    const bytes = encodeEntry(toEntry(one, place, nowMs)).length;
    if (today.length >= this.quota.articles) return 'articles';
    if (today.reduce((sum, other) => sum + other.bytes, bytes) > this.quota.bytes) return 'bytes';
    this.taken.push({ day, submission: one, bytes });
    return 'taken';
  }
}

function wordFor(result: Appended): string {
  if ('published' in result) return result.published.duplicate ? 'duplicate' : 'taken';
  return typeof result.refused === 'string' ? result.refused : result.refused.of;
}

/** What every store promises of quotas. `url` gives an empty one each time. */
export function describeQuotas(name: string, url: () => string, numRuns: number): void {
  describe(`quotas of the day in ${name}`, () => {
    it('takes of each member, on each day, what a dumb count allows; what a key has made before costs nothing', () =>
      fc.assert(
        fc.asyncProperty(
          fc.record({ articles: fc.integer({ min: 1, max: 8 }), bytes: fc.integer({ min: 300, max: 3000 }) }),
          fc.array(anyStep, { maxLength: 12 }),
          async (quota, steps) => {
            const clock = new StepClock();
            const store = await openStore(url(), { identity, clock, quota });
            const oracle = new DumbOracle(quota);
            try {
              for (const { batch, passesMs } of steps) {
                clock.stepDate(passesMs);
                const right = batch.map((one) => oracle.answer(one, clock.now()));
                expect((await store.articles.append(batch)).map(wordFor)).toEqual(right);
              }
            } finally {
              await store.close();
            }
          },
        ),
        { numRuns },
      ));

    it('counts an article that is held on the day on which it is sent, and its release, on whatever day, for nothing', async () => {
      const clock = new StepClock();
      const store = await openStore(url(), { identity, clock, quota: { articles: 2, bytes: 100_000 } });
      const send = async (body: string, holdBelow: number) =>
        (await store.articles.append([{ ...submission(draft(body), body), holdBelow }]))[0];
      const held = await send('waits', 1);
      expect(held).toHaveProperty('published.held', true);
      expect(await send('waits', 1)).toHaveProperty('published.duplicate', true);
      expect(await send('goes in', 0)).toHaveProperty('published.seq');
      expect(await send('one too many', 0)).toMatchObject({ refused: { of: 'articles', most: 2 } });
      const [waiting] = await store.held.list({ after: 0, limit: 10, memberId: undefined });
      expect(await store.held.release(waiting?.id ?? '')).toHaveProperty('seq');
      clock.stepDate(dayMs);
      for (const body of ['first', 'second']) expect(await send(body, 0)).toHaveProperty('published.seq');
      expect(await send('third', 0)).toMatchObject({ refused: { of: 'articles' } });
      await store.close();
    });

    it('says how much it takes, and when the next day begins', async () => {
      const clock = new StepClock(Date.UTC(2026, 1, 28, 23, 59, 59));
      const store = await openStore(url(), { identity, clock, quota: { articles: 1, bytes: 200 } });
      const append = async (body: string) => (await store.articles.append([submission(draft(body))]))[0];
      const untilMs = Date.UTC(2026, 2, 1);
      expect(await append('x'.repeat(200))).toEqual({ refused: { of: 'bytes', most: 200, untilMs } });
      expect(await append('a')).toHaveProperty('published.seq', 1);
      expect(await append('b')).toEqual({ refused: { of: 'articles', most: 1, untilMs } });
      clock.stepDate(999);
      expect(await append('b')).toEqual({ refused: { of: 'articles', most: 1, untilMs } });
      clock.stepDate(1);
      expect(await append('b')).toHaveProperty('published.seq', 2);
      await store.close();
    });
  });
}
