import { describe, expect, it } from '@jest/globals';
import { anyQuestion } from '../../scripts/simulate/simulated-network.js';
import { anyArticle } from '../../src/core/filter.js';
import { comparePositions } from '../../src/core/position.js';
import { positionOf } from '../../src/federation/merge.js';
import { parsePageToken } from '../../src/federation/page-token.js';
import { draw, origins, outcomes } from '../support/drawn-network.js';

describe('a query', () => {
  it('S0.8 of local scope asks this server alone, and is complete', async () => {
    const drawn = draw('A>B B>A');
    const answer = await drawn.network.query(drawn.of('A'), { scope: 'local' });
    expect(origins(drawn, answer)).toBe('A');
    expect(outcomes(answer)).toBe('A ANSWERED 0');
    expect(answer.report).toMatchObject({ complete: true, calls: 0, rounds: 1 });
  });

  it('N2 of what is mirrored asks nobody, and names who is not mirrored', async () => {
    const drawn = draw('A>B B>C');
    const answer = await drawn.network.query(drawn.of('A'), { fresh: 'mirrored' });
    expect(outcomes(answer)).toBe('A ANSWERED 0, B UNREACHABLE 1');
    expect(answer.report).toMatchObject({ complete: false, calls: 0, rounds: 1 });
    expect(answer.report.rows[1]?.reason).toBe('not mirrored here');
    expect(drawn.network.asks.size).toBe(0);
  });

  it('N6 serves a peer that is down from the copy kept here, with its age, and is not complete', async () => {
    const drawn = draw('A>B B>C');
    const [a, b, c] = [drawn.of('A'), drawn.of('B'), drawn.of('C')];
    a.mirror(b, 4_000);
    a.mirror(c, 9_000);
    b.faults.diesAtMs = 0;
    const answer = await drawn.network.query(a);
    expect(origins(drawn, answer)).toBe('A B C');
    expect(outcomes(answer)).toBe('A ANSWERED 0, C STALE 0, B STALE 1');
    expect(answer.report.complete).toBe(false);
    const rows = new Map(answer.report.rows.map((row) => [row.name, row]));
    expect(rows.get('B')).toMatchObject({ ageMs: 4_000, articles: 1, reason: expect.stringContaining('unreachable') });
    expect(rows.get('C')).toMatchObject({ ageMs: 9_000, articles: 1 });
  });

  it('N6 asks no copy of who answers, and not for what is not asked', async () => {
    const drawn = draw('A>B B>C');
    drawn.of('A').mirror(drawn.of('B'), 4_000);
    drawn.of('B').publish([77]);
    const answer = await drawn.network.query(drawn.of('A'));
    expect(outcomes(answer)).toBe('A ANSWERED 0, B ANSWERED 1, C ANSWERED 2');
    expect(answer.articles).toHaveLength(4);
    const local = await drawn.network.query(drawn.of('A'), { scope: 'local', fresh: 'mirrored' });
    expect(outcomes(local)).toBe('A ANSWERED 0');
  });

  it('N6 of what is mirrored answers without a hop, page by page like a live answer', async () => {
    const drawn = draw('A>B B>C');
    const [a, b, c] = [drawn.of('A'), drawn.of('B'), drawn.of('C')];
    b.publish([10, 20, 30]);
    c.publish([15, 25, 35]);
    a.mirror(b, 1);
    a.mirror(c, 1);
    const seen: string[] = [];
    let page: string | undefined;
    do {
      const place = page === undefined ? {} : parsePageToken(page, anyQuestion);
      const answer = await drawn.network.query(a, { fresh: 'mirrored', limit: 2, ...place });
      expect(answer.report.calls).toBe(0);
      seen.push(...answer.articles.map(({ id }) => id));
      page = answer.report.next;
    } while (page !== undefined);
    expect(drawn.network.asks.size).toBe(0);
    const right = [...a.articles, ...b.articles, ...c.articles].map((article) => positionOf(article));
    expect(seen).toEqual(right.sort(comparePositions).map(({ id }) => id));
  });

  it('S0.9 for one origin goes through the others', async () => {
    const drawn = draw('A>B B>C');
    const filter = { ...anyArticle, origins: [drawn.of('C').id] };
    const answer = await drawn.network.query(drawn.of('A'), { filter });
    expect(origins(drawn, answer)).toBe('C');
    expect(answer.report.complete).toBe(true);
  });

  it('N1 goes on on the next page when a page is cut by its bytes', async () => {
    const drawn = draw('A>B B>A');
    drawn.of('A').publish(
      Array.from({ length: 12 }, (_, at) => at),
      250_000,
    );
    drawn.of('B').publish(
      Array.from({ length: 12 }, (_, at) => at),
      250_000,
    );
    let page = await drawn.network.query(drawn.of('A'));
    expect(page.articles.length).toBeLessThan(26);
    const ids = page.articles.map(({ id }) => id);
    while (page.report.next !== undefined) {
      expect(page.report.complete).toBe(true);
      page = await drawn.network.query(drawn.of('A'), parsePageToken(page.report.next, anyQuestion));
      ids.push(...page.articles.map(({ id }) => id));
    }
    expect(ids).toHaveLength(26);
    expect(new Set(ids).size).toBe(26);
  });

  it('N2 says so when the next page is asked of other servers', async () => {
    const drawn = draw('A>B A>C');
    const first = await drawn.network.query(drawn.of('A'), { limit: 1 });
    drawn.of('C').faults.diesAtMs = 0;
    const place = parsePageToken(first.report.next ?? '', anyQuestion);
    const second = await drawn.network.query(drawn.of('A'), { limit: 1, ...place });
    expect(second.report).toMatchObject({ coverageChanged: true, complete: false });
  });

  it('has no next page when the limit is exactly what there is', async () => {
    const drawn = draw('A>B A>C');
    const answer = await drawn.network.query(drawn.of('A'), { limit: 3 });
    expect(answer.articles).toHaveLength(3);
    expect(answer.report.next).toBeUndefined();
  });

  it('S0.10 loads its own articles a frame at a time', async () => {
    const drawn = draw('A>B');
    drawn.of('A').publish(
      Array.from({ length: 50 }, (_, at) => at),
      10_000,
    );
    const answer = await drawn.network.query(drawn.of('A'));
    expect(answer.articles).toHaveLength(52);
    expect(Math.max(...drawn.of('A').loads)).toBeLessThanOrEqual(64 * 1024);
    expect(answer.largestFrame).toBeLessThanOrEqual(64 * 1024);
  });
});

describe('a query that is cancelled', () => {
  const slow = { B: { slowMs: 500 }, C: { slowMs: 500 }, D: { freezesAtMs: 5 } };

  it.each([0, 1, 3, 7, 300, 700])('leaves nothing behind after %i ms, when it is being pulled', async (ms) => {
    const drawn = draw('A>B B>C B>D C>A A>D', slow);
    const { network } = drawn;
    const stopping = new AbortController();
    const frames = network.frames(drawn.of('A'), {}, stopping.signal);
    const pulled = (async () => {
      for await (const frame of frames) void frame;
    })();
    network.clock.after(ms, () => stopping.abort());
    await expect(network.clock.run(pulled)).rejects.toMatchObject({ code: 'cancelled' });
    await network.clock.settle(50);
    expect(network.openCalls).toBe(0);
  });

  it('leaves nothing behind when nobody pulls it any more', async () => {
    const drawn = draw('A>B B>C C>A');
    const { network } = drawn;
    for (const name of 'ABC')
      drawn.of(name).publish(
        Array.from({ length: 30 }, (_, at) => at),
        20_000,
      );
    const stopping = new AbortController();
    const frames = network.frames(drawn.of('A'), { order: 'found' }, stopping.signal);
    await network.clock.run(frames.next());
    await network.clock.run(frames.next());
    stopping.abort();
    await network.clock.settle(50);
    expect(network.clock.pending).toBe(0);
    expect(network.openCalls).toBe(0);
  });

  it('ends by itself at its deadline when nobody pulls and nobody cancels', async () => {
    const drawn = draw('A>B B>C');
    const { network } = drawn;
    for (const name of 'ABC')
      drawn.of(name).publish(
        Array.from({ length: 90 }, (_, at) => at),
        20_000,
      );
    const frames = network.frames(drawn.of('A'), { order: 'found', timeoutMs: 2000 });
    await network.clock.run(frames.next());
    await network.clock.settle(2100);
    expect(network.clock.pending).toBe(0);
    expect(network.openCalls).toBe(0);
  });
});
