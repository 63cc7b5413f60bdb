import { describe, expect, it } from '@jest/globals';
import { LoopDelay } from '../../src/app/loop-delay.js';
import type { Clock } from '../../src/core/clock.js';
import { QueryGate } from '../../src/federation/query-gate.js';

async function* frames(): AsyncGenerator<number> {
  yield 1;
  yield 2;
}

describe('the gate before the searches', () => {
  it('S0.14 turns the one too many away at once, says when to come again, and lets it in when there is room', async () => {
    let begun = 0;
    const gate = new QueryGate(() => 0, { most: 2, mostDelayMs: 300 });
    const search = (): AsyncIterable<number> => {
      begun += 1;
      return frames();
    };
    const [first, second, third] = [gate.through(search), gate.through(search), gate.through(search)];
    await Promise.all([first.next(), second.next()]);
    await expect(third.next()).rejects.toMatchObject({
      code: 'full',
      message: 'this server is too busy: 2 queries are under way; try again in a few seconds',
      retryAfterMs: 2000,
    });
    expect(begun).toBe(2);
    await first.return();
    for await (const _ of second);
    expect(await gate.through(search).next()).toMatchObject({ value: 1 });
    const broken = gate.through(() => {
      throw new Error('a bug');
    });
    await expect(broken.next()).rejects.toThrow('a bug');
    expect(await gate.through(search).next()).toMatchObject({ value: 1 });
  });

  it('S0.14 turns everybody away while the event loop is behind, but not those who are in', async () => {
    let delayMs = 0;
    const gate = new QueryGate(() => delayMs, { most: 9, mostDelayMs: 300 });
    const inside = gate.through(frames);
    await inside.next();
    delayMs = 301;
    await expect(gate.through(frames).next()).rejects.toMatchObject({ code: 'full' });
    expect(await inside.next()).toMatchObject({ value: 2 });
    delayMs = 300;
    expect(await gate.through(frames).next()).toMatchObject({ value: 1 });
  });
});

describe('the delay of the event loop', () => {
  /** A clock whose timers are run by hand, as late as is wished. */
  function lateClock() {
    let nowMs = 0;
    let timer: { atMs: number; run: () => void } | undefined;
    const clock: Clock = {
      now: () => nowMs,
      monotonic: () => nowMs,
      after: (ms, run) => {
        timer = { atMs: nowMs + ms, run };
        return () => {
          timer = undefined;
        };
      },
    };
    const step = (lateMs: number): void => {
      if (!timer) throw new Error('no timer');
      nowMs = timer.atMs + lateMs;
      timer.run();
    };
    return { clock, step, isArmed: () => timer !== undefined };
  }

  it('is what timers are late by, for two seconds at least', () => {
    const { clock, step, isArmed } = lateClock();
    const loop = new LoopDelay(clock);
    const delayedBy = (...late: number[]): number => {
      for (const ms of late) step(ms);
      return loop.delayMs();
    };
    expect(delayedBy(...Array.from({ length: 30 }, () => 2))).toBe(2);
    // One long step in a second, and a whole second lost.
    expect(delayedBy(5000, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)).toBeLessThan(10);
    expect(delayedBy(400, 400)).toBeLessThan(10);
    expect(delayedBy(400, 400)).toBe(400);
    expect(delayedBy(...Array.from({ length: 12 }, () => 0))).toBe(0);
    loop.close();
    expect(isArmed()).toBe(false);
  });
});
