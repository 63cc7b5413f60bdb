import { describe, expect, it } from '@jest/globals';
import { Peering, type PeeringParts } from '../../src/community/peering.js';
import { isMootError } from '../../src/core/errors.js';
import { createIdentity } from '../../src/identity/keys.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { idOf } from '../support/server-entries.js';
import { StepClock } from '../support/step-clock.js';

const [self, other, third] = [idOf('a'), idOf('b'), idOf('c')];
const denied = { peer: other, name: 'Hamlet', level: 'deny', reason: 'spam', untilMs: undefined } as const;
const waits = 'the link waits for the approval of Othello’s operator';

async function begin(policy: PeeringParts['policy'], clock = new StepClock(), kept = memory(clock)) {
  const parts = { self, name: () => 'Othello', policy, store: kept.peering, clock };
  const peering = await Peering.open(parts);
  const told: string[] = [];
  peering.onChange((peer) => told.push(peer));
  return { peering, clock, kept, told };
}

function memory(clock: StepClock): MemoryStore {
  return new MemoryStore(createIdentity(), clock);
}

const why = (peering: Peering) =>
  (['answer', 'feed'] as const).map((wish) => peering.refusal(other, wish)?.message ?? 'yes');

describe('N8 who may link', () => {
  it.each([
    ['open', 'yes', undefined],
    ['approval', waits, 'waiting'],
    ['closed', 'Othello accepts no links', 'denied'],
  ] as const)('is everybody, those who were approved, or nobody: %s', async (policy, said, refusal) => {
    const { peering } = await begin(policy);
    expect(why(peering)).toEqual([said, said]);
    expect(peering.refusal(other, 'answer')?.refusal).toBe(refusal);
    await peering.hold({ ...denied, level: 'allow', reason: '' });
    expect(why(peering)).toEqual(['yes', 'yes']);
  });

  it('a level goes over the policy until it ends, on the clock of this server, and whoever is open then is told', async () => {
    const { peering, clock, told } = await begin('approval');
    const untilMs = clock.now() + 90_000;
    await peering.hold({ ...denied, level: 'silence', untilMs });
    const silenced = 'Othello gives this community no feed until 2026-01-01 00:01 UTC: spam';
    expect(why(peering)).toEqual(['yes', silenced]);
    await peering.hold({ ...denied, untilMs });
    const sentence = 'Othello denies this community until 2026-01-01 00:01 UTC: spam';
    expect(why(peering)).toEqual([sentence, sentence]);
    expect(told).toEqual([other, other]);
    await clock.advance(89_999);
    expect(peering.view()).toMatchObject([{ peer: other, state: 'denied', level: 'deny', reason: 'spam', untilMs }]);
    await clock.advance(1);
    expect(told).toEqual([other, other, other]);
    expect(why(peering)).toEqual([waits, waits]);
    expect(peering.view()).toEqual([]);
  });

  it('an end holds though the date jumps', async () => {
    const { peering, clock, told } = await begin('open');
    await peering.hold({ ...denied, untilMs: clock.now() + 40 * 86_400_000 });
    clock.stepDate(41 * 86_400_000);
    expect(why(peering)).toEqual(['yes', 'yes']);
    await clock.advance(60_000);
    expect(told).toEqual([other, other]);
  });

  it('what the operator types wrong is refused by its field', async () => {
    const { peering, clock } = await begin('open');
    const wrong = [
      ['id', { peer: self }],
      ['id', { peer: 'nobody' }],
      ['reason', { reason: ' ' }],
      ['reason', { reason: 'two\nlines' }],
      ['reason', { reason: 'x'.repeat(257) }],
      ['until', { untilMs: clock.now() }],
      ['name', { name: 'a:b' }],
    ] as const;
    for (const [field, change] of wrong) {
      const error = await peering.hold({ ...denied, ...change }).catch((thrown: unknown) => thrown);
      expect([change, isMootError(error) && error.field]).toEqual([change, field]);
    }
    expect(why(peering)).toEqual(['yes', 'yes']);
  });

  it('who waits is kept with its name and when it asked, over restarts, until the operator has spoken', async () => {
    const { peering, clock, kept } = await begin('approval');
    for (const ms of [0, 5_000]) {
      clock.skip(ms);
      expect(() => peering.introduced(other, 'Hamlet')).toThrow(waits);
    }
    await peering.close();
    const again = await begin('approval', clock, kept);
    const asked = { peer: other, name: 'Hamlet', state: 'waiting', level: undefined };
    expect(again.peering.view()).toMatchObject([{ ...asked, sinceMs: clock.now() - 5_000 }]);
    await again.peering.hold({ ...denied, name: '', level: 'allow', reason: '' });
    again.peering.introduced(other, 'Hamlet');
    await again.peering.close();
    const last = await begin('approval', clock, kept);
    expect(last.peering.view()).toMatchObject([{ peer: other, name: 'Hamlet', state: 'down', level: 'allow' }]);
  });

  it('of more than 1,000 who wait the one that has not asked for longest is forgotten, and the disk is written to once a second', async () => {
    const { peering, clock, kept } = await begin('approval');
    let writes = 0;
    const { changeRequests } = kept.peering;
    Object.assign(kept.peering, {
      changeRequests: (...args: Parameters<typeof changeRequests>) => {
        writes += 1;
        return changeRequests(...args);
      },
    });
    const ask = (peer: string) => expect(() => peering.introduced(peer, '')).toThrow('waits');
    const strangers = Array.from({ length: 1_000 }, () => createIdentity().id);
    for (const peer of [other, third, ...strangers.slice(0, 998)]) ask(peer);
    ask(other);
    for (const peer of strangers.slice(998)) ask(peer);
    expect(peering.view()).toHaveLength(1_000);
    await clock.advance(1_000);
    expect(writes).toBe(1);
    const left = (await kept.peering.requests()).map(({ peer }) => peer);
    expect([left.length, left.includes(other), left.includes(third)]).toEqual([1_000, true, false]);
  });

  it('a server that links is seen while its feed is open', async () => {
    const { peering } = await begin('open');
    const ends = [peering.feeding(other, 'Hamlet'), peering.feeding(other, 'Hamlet')];
    ends[0]?.();
    expect(peering.view()).toMatchObject([{ peer: other, name: 'Hamlet', state: 'up', level: undefined }]);
    ends[1]?.();
    expect(peering.view()).toEqual([]);
  });
});
