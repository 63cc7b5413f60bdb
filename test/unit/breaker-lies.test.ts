import { describe, expect, it } from '@jest/globals';
import type { Asker } from '../../src/core/asking.js';
import { sleep } from '../../src/core/clock.js';
import { MootError } from '../../src/core/errors.js';
import type { Row } from '../../src/core/row.js';
import { nothingSaid } from '../../src/federation/row-book.js';
import { fails, letGo, silent, watchedPeer } from '../support/watched-peer.js';

const place = { serverId: 'B', name: 'B', outcome: 'ANSWERED', hop: 1, via: '', tookMs: 0, reason: '' } as const;
const anyRow: Row = { ...nothingSaid, ...place };

describe('the breaker of a peer that lies', () => {
  it.each<[string, Asker['ask']]>([
    ['cannot be read', fails(new MootError('damaged', 'wrong'))],
    [
      'begins well, and goes on badly',
      async function* () {
        yield { kind: 'progress' };
        throw new MootError('damaged', 'wrong');
      },
    ],
    [
      'ends before its end',
      async function* () {
        yield { kind: 'progress' };
      },
    ],
    ['the search finds fault with', silent],
  ])(
    'counts an answer that %s: who lies is asked no more than who is dead, and no word but a whole answer closes it',
    async (how, lie) => {
      const b = watchedPeer();
      b.will(lie);
      const ask = how.startsWith('the search') ? () => letGo(b, new MootError('damaged', 'wrong')) : () => b.ask();
      for (let n = 0; n < 5; n += 1) {
        await ask();
        await b.clock.settle(1);
      }
      expect(b.asked()).toBe(5);
      const why = how.startsWith('ends') ? 'ended before its end' : 'wrong';
      expect(await b.ask()).toBe(`not asked: it failed 5 times (${why}), tried again in 1 s`);
      // Its feed is up and down as it likes.
      b.breakers.feed('B', 'down', 'the peer ended the stream', undefined);
      b.breakers.feed('B', 'up', '', undefined);
      expect(b.asker.refusal('B')).toBeDefined();
      await b.clock.settle(1000);
      await ask();
      expect(await b.ask()).toBe(`not asked: it failed 6 times (${why}), tried again in 2 s`);
      expect(b.asked()).toBe(6);
      expect(b.renewed()).toBe(0);
      b.will(async function* () {
        yield { kind: 'already-visited' };
      });
      await b.clock.settle(2000);
      for (let n = 0; n < 5; n += 1) expect(await b.ask()).toBe('answered');
    },
  );

  it('counts an answer that is nothing but words of progress, however short the question was', async () => {
    const b = watchedPeer();
    b.will(async function* (_peer, _request, signal) {
      for (;;) {
        yield { kind: 'progress' };
        await sleep(b.clock, 200, signal);
        if (signal.aborted) throw signal.reason;
      }
    });
    const drips = async (ms: number): Promise<void> => {
      const ending = new AbortController();
      const asking = b.ask({ budgetMs: ms }, ending.signal);
      await b.clock.settle(ms);
      ending.abort(new MootError('timed_out', 'no time was left to wait for it'));
      await asking;
    };
    // Less than a second is no proof.
    for (let n = 0; n < 10; n += 1) await drips(900);
    expect(b.asker.refusal('B')).toBeUndefined();
    for (let n = 0; n < 5; n += 1) await drips(1300);
    expect(b.asker.refusal('B')?.message).toMatch(
      /^not asked: it failed 5 times \(said that it works, and brought nothing\)/,
    );
  });

  it('does not count one that brings its own row, and waits for others until the time is up', async () => {
    const b = watchedPeer();
    b.will(async function* (_peer, _request, signal) {
      yield { kind: 'row', row: anyRow };
      await sleep(b.clock, 60_000, signal);
      throw signal.reason;
    });
    for (let n = 0; n < 10; n += 1) {
      const ending = new AbortController();
      const asking = b.ask({}, ending.signal);
      await b.clock.settle(2000);
      ending.abort(new MootError('timed_out', 'no time was left to wait for it'));
      await asking;
    }
    expect(b.asker.refusal('B')).toBeUndefined();
  });

  it('takes two hundred questions that one lie has spoilt for one lie', async () => {
    const b = watchedPeer();
    b.will(async function* () {
      await sleep(b.clock, 10);
      yield { kind: 'progress' };
      throw new MootError('damaged', 'wrong');
    });
    const calls = Array.from({ length: 200 }, () => b.ask());
    await b.clock.settle(20);
    await Promise.all(calls);
    expect(b.asker.refusal('B')).toBeUndefined();
  });
});
