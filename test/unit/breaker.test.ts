import { setMaxListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Answer } from '../../scripts/simulate/simulated-network.js';
import { MootError } from '../../src/core/errors.js';
import { draw, origins, outcomes } from '../support/drawn-network.js';
import { dead, fails, letGo, silence, silent, watchedPeer } from '../support/watched-peer.js';

describe('the breaker of a peer', () => {
  it('S0.14 from the sixth call on asks a dead peer no more, and says why and until when', async () => {
    const b = watchedPeer();
    b.will(dead);
    for (let n = 0; n < 5; n += 1) {
      expect(await b.ask()).toBe('connection refused');
      await b.clock.settle(1);
    }
    expect(b.renewed()).toBe(1);
    expect(b.noted.at(-1)).toBe('down connection refused');
    for (let n = 0; n < 100; n += 1)
      expect(await b.ask()).toBe('not asked: it failed 5 times (connection refused), tried again in 1 s');
    expect(b.asked()).toBe(5);
    expect(b.asker.refusal('B')).toMatchObject({ code: 'unavailable' });
  });

  it('lets one call through now and then, ever more rarely, and closes with the first word', async () => {
    const b = watchedPeer();
    b.will(dead);
    const triedAtMs: number[] = [];
    let asked = 0;
    while (b.clock.monotonic() < 120_000) {
      await b.ask();
      if (b.asked() > asked) triedAtMs.push(b.clock.monotonic());
      asked = b.asked();
      await b.clock.settle(100);
    }
    const pauses = triedAtMs.slice(5).map((atMs, n) => atMs - (triedAtMs[n + 4] ?? 0));
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    b.will(async function* () {
      yield { kind: 'end', calls: 0 };
    });
    await b.clock.settle(30_000);
    expect([await b.ask(), await b.ask()]).toEqual(['answered', 'answered']);
    expect(b.noted.at(-1)).toBe('up');
  });

  it('lets nobody else through while it tries', async () => {
    const b = watchedPeer();
    b.will(dead);
    for (let n = 0; n < 5; n += 1) await b.ask();
    await b.clock.settle(1000);
    b.will(silent);
    const ending = new AbortController();
    const trying = b.ask({}, ending.signal);
    await Promise.resolve();
    expect(await b.ask()).toBe('not asked: it failed 5 times (connection refused), and is being tried now');
    ending.abort(silence);
    expect(await trying).toBe('silent for 3.7 s');
    expect(await b.ask()).toBe('not asked: it failed 6 times (silent for 3.7 s), tried again in 2 s');
    // Nobody wanted that answer: the next call is the try.
    await b.clock.settle(2000);
    await letGo(b, undefined);
    b.will(dead);
    expect(await b.ask()).toBe('connection refused');
  });

  it('counts silence, but none that is shorter than what one that is slow may need', async () => {
    const b = watchedPeer();
    b.will(silent);
    for (let n = 0; n < 20; n += 1) await letGo(b, silence, 2000);
    for (let n = 0; n < 20; n += 1) await letGo(b, new MootError('timed_out', 'no time was left'));
    for (let n = 0; n < 20; n += 1) await letGo(b, undefined);
    expect(b.asked()).toBe(60);
    // Calls of one moment are one.
    const ending = new AbortController();
    setMaxListeners(0, ending.signal);
    const calls = Array.from({ length: 20 }, () => b.ask({}, ending.signal));
    await b.clock.settle(249);
    calls.push(b.ask({}, ending.signal));
    await Promise.resolve();
    ending.abort(silence);
    await Promise.all(calls);
    await b.clock.settle(1);
    for (let n = 0; n < 5; n += 1) {
      await b.clock.settle(250);
      await letGo(b, silence);
    }
    expect(b.asked()).toBe(60 + 21 + 4);
  });

  it('counts what breaks with one connection once, and no refusal of the peer', async () => {
    const b = watchedPeer();
    let broken = (): void => undefined;
    b.will(async function* () {
      yield { kind: 'progress' };
      await new Promise<void>((resolve) => {
        const before = broken;
        broken = () => {
          before();
          resolve();
        };
      });
      throw new MootError('unavailable', 'connection lost');
    });
    const calls = Array.from({ length: 50 }, () => b.ask());
    await b.clock.settle(10);
    broken();
    await Promise.all(calls);
    for (const code of ['denied', 'full', 'invalid', 'cancelled', 'timed_out'] as const) {
      b.will(fails(new MootError(code, code)));
      for (let n = 0; n < 10; n += 1) expect(await b.ask()).toBe(code);
    }
    expect(b.renewed()).toBe(0);
    expect(b.noted).not.toContain('down full');
    expect(b.noted).toContain('down denied');
  });

  it('counts answers that begin and never end', async () => {
    const b = watchedPeer();
    b.will(async function* () {
      yield { kind: 'progress' };
      throw new MootError('unavailable', 'connection lost');
    });
    for (let n = 0; n < 9; n += 1) await b.ask();
    expect(b.asked()).toBe(5);
  });

  it('is shared with the feed: one that cannot connect opens it, one that is back closes it', async () => {
    const b = watchedPeer();
    for (let n = 0; n < 5; n += 1) {
      b.breakers.feed('B', 'down', 'you are not wanted here', 'denied');
      b.breakers.feed('B', 'down', 'the peer ended the stream', undefined);
    }
    expect(b.asker.refusal('B')).toBeUndefined();
    for (let n = 0; n < 5; n += 1) {
      b.breakers.feed('B', 'down', 'nothing came for 15 s', 'timed_out');
      await b.clock.settle(15_000);
    }
    expect(await b.ask()).toMatch('not asked: it failed 5 times (nothing came for 15 s)');
    // It tries by itself, so questions hardly pay for tries; and its tries do not put off ours.
    await b.clock.settle(14_999);
    b.breakers.feed('B', 'down', 'the server cannot be reached', 'unavailable');
    expect(await b.ask()).toMatch('tried again in 1 s');
    await b.clock.settle(1);
    expect(b.asker.refusal('B')).toBeUndefined();
    b.breakers.feed('B', 'up', '', undefined);
    expect(b.noted.at(-1)).toBe('up');
    expect(await b.ask()).toBe('answered');
  });

  it('knows nothing of a peer that has moved', async () => {
    const b = watchedPeer();
    b.will(dead);
    for (let n = 0; n < 5; n += 1) await b.ask();
    b.breakers.forget('B');
    expect(b.asker.refusal('B')).toBeUndefined();
  });
});

describe('a network with a dead server', () => {
  it.each([
    ['dead', { diesAtMs: 0 }],
    ['frozen', { freezesAtMs: 0 }],
  ])(
    'S0.14 N2 a %s one of a clique costs nothing once all have found out: no call, no time, no other round',
    async (_, faults) => {
      const clique = 'A>B A>C A>X B>A B>C B>X C>A C>B C>X';
      const drawn = draw(clique, { X: faults });
      const alone = draw('A>B A>C B>A B>C C>A C>B');
      const ask = (): Promise<Answer> => drawn.network.query(drawn.of('A'), { timeoutMs: 5000 });
      let waitedMs = 0;
      for (let n = 0; n < 30; n += 1) waitedMs += (await ask()).tookMs;
      // Five times each of the three waited, two of them at the same time; then one query in many makes a try.
      expect(waitedMs).toBeLessThan(80_000);
      const without = await alone.network.query(alone.of('A'), { timeoutMs: 5000 });
      for (let n = 0; n < 100; n += 1) {
        const answer = await ask();
        expect(origins(drawn, answer)).toBe('A B C');
        expect(outcomes(answer)).toBe('A ANSWERED 0, B ANSWERED 1, C ANSWERED 1, X UNREACHABLE 1');
        expect(answer.report).toMatchObject({ rounds: 1, calls: 2, complete: false });
        expect(answer.tookMs).toBe(without.tookMs);
      }
    },
  );

  it('S0.14 reaches one that only we cannot reach over another, in the first round', async () => {
    const drawn = draw('A>B A>X B>X');
    drawn.network.link(drawn.of('A'), drawn.of('X'), { latencyMs: 1, cutsAtMs: 0 });
    for (let n = 0; n < 6; n += 1) await drawn.network.query(drawn.of('A'));
    const answer = await drawn.network.query(drawn.of('A'));
    expect(outcomes(answer)).toBe('A ANSWERED 0, B ANSWERED 1, X ANSWERED 2');
    expect(answer.report).toMatchObject({ rounds: 1, calls: 2, complete: true });
  });
});
