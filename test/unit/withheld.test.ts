import { describe, expect, it } from '@jest/globals';
import { type FeedNetwork, type FeedServer, type Lie, line } from '../../scripts/simulate/feed-network.js';
import type { FollowFrame } from '../../src/core/following.js';
import { signHead } from '../../src/identity/seal.js';
import { draw, outcomes } from '../support/drawn-network.js';

/** Keeps back the commits of one log, from now on. */
function without(origin: string): Lie {
  return (frame) => {
    if (frame.kind !== 'commits') return [frame];
    const commits = frame.commits.filter(({ seal }) => seal.origin !== origin);
    return commits.length > 0 ? [{ ...frame, commits }] : [];
  };
}

/** Keeps back what an origin says of its log. */
function withoutHeads(origin: string): Lie {
  return (frame): readonly FollowFrame[] => {
    if (frame.kind === 'heads') return [{ ...frame, heads: frame.heads.filter((head) => head.origin !== origin) }];
    if (frame.kind === 'carrying') return [{ ...frame, carried: { ...frame.carried, head: undefined } }];
    return [frame];
  };
}

type Three = [FeedNetwork, FeedServer, FeedServer, FeedServer];

const accused = (servers: readonly FeedServer[]): string[] =>
  servers.flatMap(({ name, mirrors, links }) => {
    const words = [...links].flatMap(({ id }) => mirrors?.withheldBy(id) ?? []);
    return words.map((word) => `${name}: ${word}`);
  });

describe('a log that is kept short', () => {
  it('N5 is withheld, with how long it is and should be, and by whom, until the rest comes', async () => {
    const [network, a, b, c] = (await line('ABC')) as Three;
    await a.publish(12);
    await network.clock.settle(6_000);
    network.wire(c, b).lies = without(a.id);
    await a.publish(3);
    await b.publish(1);
    await network.clock.settle(36_000);
    const reason = 'its log ends at entry 12 here, and its head says 15: B did not bring the rest';
    expect(c.running.withheld(a.id)).toBe(reason);
    expect(c.running.withheldBy(b.id)).toBe(`withheld of A: ${reason}`);
    expect(c.running.notFed()).toMatchObject([{ peer: b.id, name: 'B', reason: `withheld of A: ${reason}` }]);
    expect(c.running.withheld(b.id)).toBeUndefined();
    expect(b.running.notFed()).toEqual([]);
    network.wire(c, b).lies = undefined;
    await network.clock.settle(40_000);
    expect(c.running.withheld(a.id)).toBeUndefined();
    expect(c.running.notFed()).toEqual([]);
    expect(c.lines).toEqual([`withheld of A: ${reason}`, 'the log of A is as it should be again']);
    await network.stop();
  });

  it('N5 is whole all the same where another link brings the rest', async () => {
    const [network, a, b, c] = (await line('ABC')) as Three;
    c.link(a);
    network.wire(c, b).lies = without(a.id);
    for (let count = 0; count < 10; count += 1) {
      await a.publish(1);
      await network.clock.settle(3_000);
      expect(accused([c])).toEqual([]);
    }
    expect(await c.log(a.id)).toEqual(await a.log(a.id));
    await network.stop();
  });

  it('N5 is not said to be withheld by a link that brings nothing', async () => {
    const [network, a, b, c] = (await line('ABC')) as Three;
    await a.publish(2);
    await network.clock.settle(6_000);
    network.wire(c, b).lies = without(a.id);
    await a.publish(1);
    await network.clock.settle(6_000);
    network.cut(c, b, true);
    await network.clock.settle(60_000);
    expect(c.running.withheld(a.id)).toBeUndefined();
    expect(c.running.notFed()).toMatchObject([{ reason: 'no connection' }]);
    await network.stop();
  });

  it('N5 shows by its heads that do not come, when they are kept back with it', async () => {
    const [network, a, b, c] = (await line('ABC')) as Three;
    await a.publish(2);
    await network.clock.settle(6_000);
    const [noHeads, noCommits] = [withoutHeads(a.id), without(a.id)];
    network.wire(c, b).lies = (frame) => noCommits(frame).flatMap(noHeads);
    await a.publish(3);
    await network.clock.settle(12_000);
    expect(c.running.quiet(a.id)).toBeUndefined();
    await network.clock.settle(18_000);
    expect(c.running.quiet(a.id)).toMatch(/^no new head for [23]\d s through B$/);
    expect(c.running.quiet(b.id)).toBeUndefined();
    network.wire(c, b).lies = undefined;
    await network.clock.settle(40_000);
    expect(c.running.quiet(a.id)).toBeUndefined();
    await network.stop();
  });
});

describe('an origin that shows two logs', () => {
  it('N5 has signed the proof of it: two heads of one place, after different seals', async () => {
    const [network, a, b, c] = (await line('ABC')) as Three;
    c.link(a);
    await a.publish(2);
    await network.clock.settle(6_000);
    network.wire(c, b).lies = (frame) =>
      frame.kind === 'heads'
        ? [{ ...frame, heads: frame.heads.map((head) => (head.origin === a.id ? other(a, head) : head)) }]
        : [frame];
    await network.clock.settle(20_000);
    expect(c.running.withheld(a.id)).toBe('its community has signed two different logs up to entry 2');
    expect(c.lines).toEqual(['withheld of A: its community has signed two different logs up to entry 2']);
    expect(b.running.withheld(a.id)).toBeUndefined();
    await network.stop();
  });

  it('N5 is not accused by a head that somebody else has made up', async () => {
    const [network, a, b, c] = (await line('ABC')) as Three;
    await a.publish(2);
    await network.clock.settle(6_000);
    network.wire(c, b).lies = (frame) =>
      frame.kind === 'heads'
        ? [{ ...frame, heads: frame.heads.map((head) => ({ ...head, lastSeal: Buffer.alloc(32, 7) })) }]
        : [frame];
    await network.clock.settle(20_000);
    expect(c.running.withheld(a.id)).toBeUndefined();
    expect(c.running.refused(b.id).heads).toBeGreaterThan(0);
    await network.stop();
  });
});

function other(server: FeedServer, head: { epoch: number; seq: number; asOfMs: number }) {
  return signHead(server.identity, { ...head, lastSeal: Buffer.alloc(32, 7) }, head.asOfMs);
}

describe('honest servers', () => {
  it('N5 are never accused: quiet logs, long ways, slow wires, long logs to catch up with, restarts', async () => {
    const [network, ...servers] = await line('ABCDEFG', { mirrorDays: 1 });
    const [a, b, , , e] = servers as [FeedServer, FeedServer, FeedServer, FeedServer, FeedServer];
    const seen: string[] = [];
    const watch = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) {
        await network.clock.settle(1_000);
        seen.push(...accused(servers));
        for (const { name, mirrors } of servers)
          for (const { id } of servers) {
            const word = mirrors?.quiet(id);
            if (word !== undefined) seen.push(`${name}: ${word}`);
          }
      }
    };
    await watch(300);
    network.wire(e, servers[3] as FeedServer).latencyMs = 1_500;
    for (let count = 0; count < 200; count += 1) await a.publish(3, 4_000);
    await watch(120);
    const late = await network.server('H');
    late.link(servers[6] as FeedServer);
    servers.push(late);
    await watch(60);
    await network.clock.run(b.stop());
    await a.publish(5);
    await b.start();
    await watch(90);
    expect(seen).toEqual([]);
    expect(await late.log(a.id)).toEqual(await a.log(a.id));
    await network.stop();
  }, 60_000);
});

describe('a log that is late', () => {
  it('N5 is not withheld: what comes within some seconds, or when it is asked for, accuses nobody', async () => {
    const [network, a, b, c] = (await line('ABC')) as Three;
    await a.publish(2);
    await network.clock.settle(6_000);
    for (let count = 0; count < 5; count += 1) {
      network.wire(c, b).lies = without(a.id);
      await a.publish(1);
      for (let second = 0; second < 40; second += 1) {
        if (second === 9) network.wire(c, b).lies = undefined;
        await network.clock.settle(1_000);
        expect(accused([c])).toEqual([]);
      }
      expect(await c.log(a.id)).toEqual(await a.log(a.id));
    }
    await network.stop();
  });
});

describe('a query', () => {
  it('N2 N5 is not complete where a log is withheld, and says so', async () => {
    const drawn = draw('A>B B>C', { C: { diesAtMs: 0 } });
    const withheld = 'its log ends at entry 12 here, and its head says 15: B did not bring the rest';
    drawn.of('A').mirror(drawn.of('C'), 60_000, { withheld });
    const answer = await drawn.network.query(drawn.of('A'));
    expect(outcomes(answer)).toBe('A ANSWERED 0, B ANSWERED 1, C WITHHELD 2');
    expect(answer.report.complete).toBe(false);
    expect(answer.report.rows.at(-1)).toMatchObject({
      reason: `${withheld}; unreachable: connection refused`,
      ageMs: 60_000,
      articles: 1,
    });
    expect(answer.articles).toHaveLength(3);
  });

  it('N2 N5 calls withheld an answer from a shorter log than its server has shown', async () => {
    const drawn = draw('A>B A>C');
    drawn.of('A').heads.set(drawn.of('B').id, { epoch: 1, seq: 3 });
    drawn.of('A').heads.set(drawn.of('C').id, { epoch: 1, seq: 1 });
    const answer = await drawn.network.query(drawn.of('A'));
    expect(outcomes(answer)).toBe('A ANSWERED 0, B WITHHELD 1, C ANSWERED 1');
    const reason = 'it answered for a log of 1 entries, and its head has said 3';
    expect(answer.report.rows[1]).toMatchObject({ name: 'B', reason });
    expect(answer.report.complete).toBe(false);
    drawn.of('A').mirror(drawn.of('B'), 1000);
    const { report, articles } = await drawn.network.query(drawn.of('A'));
    expect(report.rows[1]).toMatchObject({ outcome: 'WITHHELD', reason: `withheld: ${reason}`, ageMs: 1000 });
    expect(articles).toHaveLength(3);
  });

  const quiet = 'no new head for 40 s through B';

  it('N2 N5 calls withheld whom nobody has a word of, while the link that carries it brings other things', async () => {
    const drawn = draw('A>B B>C');
    const { id } = drawn.of('C');
    drawn.of('B').faults.lies = (frame) => {
      if (frame.kind === 'row') return frame.row.serverId === id ? undefined : frame;
      if (frame.kind !== 'articles') return frame;
      return { ...frame, articles: frame.articles.filter(({ entry }) => entry.origin !== id) };
    };
    drawn.of('A').mirror(drawn.of('C'), 60_000, { quiet });
    const answer = await drawn.network.query(drawn.of('A'));
    expect(answer.report.rows.find(({ name }) => name === 'C')).toMatchObject({
      outcome: 'WITHHELD',
      reason: `${quiet}; failed: no word of it came`,
    });
  });

  it('N6 calls stale, not withheld, whom somebody could not reach', async () => {
    const drawn = draw('A>B B>C', { C: { diesAtMs: 0 } });
    drawn.of('A').mirror(drawn.of('C'), 60_000, { quiet });
    expect(outcomes(await drawn.network.query(drawn.of('A')))).toBe('A ANSWERED 0, B ANSWERED 1, C STALE 2');
  });
});
