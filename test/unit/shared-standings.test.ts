import { describe, expect, it } from '@jest/globals';
import { SharedStandings } from '../../src/community/replicas/shared-standings.js';
import type { LinkState } from '../../src/core/peering.js';
import { lagNow, type ToldLag } from '../../src/federation/mirrors/told-lag.js';
import { settingsInMemory } from '../support/settings.js';
import { StepClock } from '../support/step-clock.js';

const peer = 'peer';

/** Two replicas over one store: what happens to the link at the first, and what the second makes of it. */
function two() {
  const clock = new StepClock();
  const kept = settingsInMemory();
  let writes = 0;
  const settings = {
    ...kept,
    set: async (key: string, value: string) => {
      writes += 1;
      await kept.set(key, value);
    },
  };
  const link: { lagMs: number | undefined; state: LinkState | 'unknown'; reason: string; notFed: string } = {
    lagMs: 0,
    state: 'up',
    reason: '',
    notFed: '',
  };
  let follows = 'a';
  const lags = new Map<string, ToldLag | undefined>();
  const unfed = new Map<string, string | undefined>();
  const noted: (readonly [LinkState, string])[] = [];
  const standings = (self: string): SharedStandings =>
    new SharedStandings({
      replicas: { self, whoLooksAfter: () => follows },
      mirrors: {
        lagMs: () => link.lagMs,
        notFed: () => (link.notFed === '' ? [] : [{ peer, name: 'Peer', reason: link.notFed, sinceMs: 7 }]),
        shared: {
          heardLag: (_, lag) => void lags.set(self, lag),
          heardNotFed: (_, why) => void unfed.set(self, why && `${why.reason} since ${why.sinceMs}`),
        },
      },
      links: {
        view: () => [
          { peer, name: 'Peer', address: 'localhost:1', sinceMs: 0, state: link.state, reason: link.reason },
        ],
        note: (_, state, reason) => void noted.push([state, reason]),
      },
      settings,
      clock,
    });
  const [follower, other] = [standings('a'), standings('b')];
  return {
    ...{ clock, link, noted, follower, other },
    writes: () => writes,
    unfedAtOther: () => unfed.get('b'),
    lagOfOther: (inMs: number) => lagNow(lags.get('b'), clock.monotonic() + inMs),
    turnTo: (replica: string): void => {
      follows = replica;
    },
    /** A second goes by. @returns the lag as the other replica has it, ms. */
    second: async (): Promise<number | undefined> => {
      await clock.advance(1000);
      if (link.lagMs !== undefined && link.lagMs > 0) link.lagMs += 1000;
      await follower.tell(new Set([peer]));
      await other.hear([peer]);
      return lagNow(lags.get('b'), clock.monotonic());
    },
  };
}

describe('how a link stands, told by the replica that follows it', () => {
  it('N10 is known to the others to within a second, while it is behind and when it is not', async () => {
    const { link, second } = two();
    expect(await second()).toBe(0);
    for (const jumpMs of [400, 5000, 90_000, 0, 1500, 0]) {
      link.lagMs = jumpMs;
      for (let at = 0; at < 20; at += 1)
        expect(Math.abs(((await second()) ?? Number.NaN) - (link.lagMs ?? 0))).toBeLessThanOrEqual(1000);
    }
    link.lagMs = undefined;
    expect(await second()).toBe(undefined);
  });

  it('N10 is written once while it stays as it is, or falls behind as it did', async () => {
    const { link, second, writes } = two();
    for (let at = 0; at < 50; at += 1) await second();
    expect(writes()).toBe(1);
    link.lagMs = 3000;
    for (let at = 0; at < 50; at += 1) await second();
    expect(writes()).toBe(2);
  });

  it('N10 up and down are noted by the others once each, with the reason; a refusal each learns by itself', async () => {
    const { link, noted, second } = two();
    await second();
    Object.assign(link, { state: 'down', reason: 'it hung up' });
    for (let at = 0; at < 3; at += 1) await second();
    Object.assign(link, { state: 'denied', reason: 'spam' });
    await second();
    Object.assign(link, { state: 'up', reason: '' });
    await second();
    expect(noted).toEqual([
      ['up', ''],
      ['down', 'it hung up'],
      ['up', ''],
    ]);
  });

  it('N10 that nothing comes, or not all that should, the others know as long as it is so', async () => {
    const { link, second, turnTo, unfedAtOther } = two();
    await second();
    expect(unfedAtOther()).toBe(undefined);
    for (const why of ['it holds articles back', 'it hung up', '']) {
      link.notFed = why;
      await second();
      expect(unfedAtOther()).toBe(why === '' ? undefined : `${why} since 7`);
    }
    link.notFed = 'it hung up';
    await second();
    turnTo('c');
    await second();
    expect(unfedAtOther()).toBe(undefined);
  });

  it('N10 what a replica has told that follows it no more is not believed, and one that comes is told what is', async () => {
    const { clock, link, second, turnTo, follower, writes } = two();
    link.lagMs = 5000;
    expect(await second()).toBe(6000);
    turnTo('c');
    expect(await second()).toBe(undefined);
    turnTo('a');
    expect(await second()).toBe(8000);
    const before = writes();
    follower.anew();
    await clock.advance(1000);
    await follower.tell(new Set([peer]));
    expect(writes()).toBe(before + 1);
  });

  it('N10 who takes a link over goes on from what was told, and counts from then where it was not behind', async () => {
    const { link, second, other, lagOfOther } = two();
    await second();
    await other.takeOver([peer]);
    expect(lagOfOther(4000)).toBe(4001);
    link.lagMs = 60_000;
    await second();
    await other.takeOver([peer]);
    expect(lagOfOther(4000)).toBe(65_000);
  });
});
