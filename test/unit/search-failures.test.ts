import { describe, expect, it } from '@jest/globals';
import { anyQuestion, SimulatedNetwork } from '../../scripts/simulate/simulated-network.js';
import { type Faults, fabricate } from '../../scripts/simulate/simulated-server.js';
import type { AskFrame, AskRequest } from '../../src/core/asking.js';
import { answerAsk } from '../../src/federation/search.js';
import { build } from '../support/any-network.js';
import { draw, origins, outcomes } from '../support/drawn-network.js';

function reason(answer: { report: { rows: readonly { name: string; reason: string }[] } }, name: string): string {
  return answer.report.rows.find((row) => row.name === name)?.reason ?? 'no row';
}

const request: AskRequest = {
  ...anyQuestion,
  before: undefined,
  queryId: 'q',
  hop: 1,
  budgetMs: 5000,
  visited: [],
  have: [],
  avoid: [],
};

describe('a peer that fails', () => {
  it.each([
    ['is silent', { freezesAtMs: 0 }, 'UNREACHABLE', 'silent for 4 s'],
    ['is dead', { diesAtMs: 0 }, 'UNREACHABLE', 'connection lost'],
    ['refuses', { denies: true }, 'DENIED', 'you are not wanted here'],
    ['is full', { isFull: true }, 'OVERLOADED', 'too many queries'],
    ['has a broken store', { storeFails: true }, 'FAILED', 'its store could not be read'],
  ])('S0.14 N2 is a row when it %s', async (_, faults, outcome, why) => {
    const drawn = draw('A>B A>C C>B', { B: faults });
    const answer = await drawn.network.query(drawn.of('A'));
    expect(origins(drawn, answer)).toBe('A C');
    expect(outcomes(answer)).toBe(`A ANSWERED 0, B ${outcome} 1, C ANSWERED 1`);
    expect(reason(answer, 'B')).toBe(why);
    expect(answer.report.complete).toBe(false);
  });

  it('S0.14 N2 is gone round once more, when a second round has lost to it who answers by another way', async () => {
    const faults: Readonly<Record<number, Faults>> = {
      1: { diesAtMs: 39 },
      3: { diesAtMs: 84 },
      7: { freezesAtMs: 18 },
      8: { diesAtMs: 0 },
    };
    // Diamonds on top of each other: from each of two servers to both of the next two.
    const pairs = ['0>1 0>2', '1>3 1>4 2>3 2>4', '3>5 3>6 4>5 4>6', '5>7 5>8 6>7 6>8'].join(' ').split(' ');
    const latenciesMs: Readonly<Record<string, number>> = { '5>8': 3, '6>7': 4, '6>8': 8 };
    const { network, first } = build({
      servers: Array.from({ length: 9 }, (_, at) => ({ dates: [], bytes: 100, faults: faults[at] ?? {} })),
      links: pairs.map((pair) => {
        const [from = 0, to = 0] = pair.split('>').map(Number);
        return { from, to, latencyMs: latenciesMs[pair] ?? 1 };
      }),
      fanOut: 1,
      order: 'newest',
    });
    const { report } = await network.query(first, { fanOut: 1, order: 'newest' });
    const answered = report.rows.filter((row) => row.outcome === 'ANSWERED').map(({ name }) => name);
    // 5 is known by 3, which dies while it brings 5's answer, and by 4.
    expect([report.rounds, answered]).toEqual([3, ['s0', 's2', 's4', 's5', 's6']]);
  });

  it('is given most of the time for its first word, and no more than 4 s', async () => {
    for (const [timeoutMs, waitedMs] of [
      [60_000, 4000],
      [5000, 3638.5],
      [1000, 765],
    ] as const) {
      const drawn = draw('A>B', { B: { freezesAtMs: 0 } });
      expect((await drawn.network.query(drawn.of('A'), { timeoutMs })).tookMs).toBe(waitedMs);
    }
  });

  it('is given 1 s of silence in the middle of its answer', async () => {
    const drawn = draw('A>B', { B: { freezesAtMs: 300, slowMs: 400 } });
    const answer = await drawn.network.query(drawn.of('A'));
    // Its last word was the progress of 251 ms.
    expect(reason(answer, 'B')).toBe('silent for 1 s');
    expect(answer.tookMs).toBe(1252);
  });

  it('S0.14 N2 has answered though it is 3 s late, within a time of 5 s', async () => {
    const network = new SimulatedNetwork();
    const [near, far] = [network.server('near').publish([2]), network.server('far').publish([1])];
    network.link(near, far, { latencyMs: 1500 });
    const answer = await network.query(near, { timeoutMs: 5000 });
    expect(outcomes(answer)).toBe('near ANSWERED 0, far ANSWERED 1');
    expect(answer.report.complete).toBe(true);
  });

  it('S0.14 does not hide who is behind it: a broken store still passes on', async () => {
    const drawn = draw('A>B B>C', { B: { storeFails: true } });
    expect(origins(drawn, await drawn.network.query(drawn.of('A')))).toBe('A C');
  });

  it('S0.14 is no fault of who waits for it: progress keeps the branch', async () => {
    const drawn = draw('A>B B>C', { C: { slowMs: 1800 }, B: { slowMs: 3000 } });
    const answer = await drawn.network.query(drawn.of('A'));
    expect(outcomes(answer)).toBe('A ANSWERED 0, B ANSWERED 1, C ANSWERED 2');
    expect(answer.report).toMatchObject({ complete: true, rounds: 1 });
  });

  it('sends progress each 250 ms while it has nothing else to send', async () => {
    const drawn = draw('A>B', { A: { slowMs: 900 } });
    const { clock } = drawn.network;
    const collect = async (): Promise<string[]> => {
      const seen: string[] = [];
      const { signal } = new AbortController();
      const alone = { ...request, avoid: [{ from: drawn.of('A').id, to: drawn.of('B').id }] };
      for await (const frame of answerAsk(drawn.network.partsOf(drawn.of('A')), alone, signal))
        seen.push(`${frame.kind} ${clock.monotonic()}`);
      return seen;
    };
    expect((await clock.run(collect())).slice(0, 4)).toEqual([
      'progress 250',
      'progress 500',
      'progress 750',
      'row 900',
    ]);
  });

  it('N2 loses only what was still being asked when the time is over', async () => {
    const drawn = draw('A>B B>C C>D A>E', { D: { slowMs: 10_000 } });
    const answer = await drawn.network.query(drawn.of('A'), { timeoutMs: 2000 });
    expect(origins(drawn, answer)).toBe('A B C E');
    expect(answer.report.rows.find(({ name }) => name === 'D')?.outcome).toBe('DEADLINE');
    expect(answer.report.complete).toBe(false);
    expect(answer.tookMs).toBeLessThanOrEqual(2000);
  });

  it('S0.14 N2 is asked for again what its branch had claimed, over another link', async () => {
    // B answers, asks C, and dies before C's articles have come through it; C is marked.
    const drawn = draw('A>B B>C A>D D>C', { B: { diesAtMs: 4 }, C: { slowMs: 5 }, D: { slowMs: 3 } });
    const answer = await drawn.network.query(drawn.of('A'));
    expect(origins(drawn, answer)).toContain('C');
    expect(answer.report.rounds).toBe(2);
    expect(answer.report.rows.find(({ name }) => name === 'C')?.outcome).toBe('ANSWERED');
  });

  it('N2 takes back the rows of a branch that broke, for what came by it may not be whole', async () => {
    const drawn = draw('A>B B>C');
    drawn.of('C').publish(
      Array.from({ length: 40 }, (_, at) => at),
      30_000,
    );
    drawn.of('B').faults.lies = (frame: AskFrame) => {
      if (frame.kind === 'end') throw new Error('a bug');
      return frame;
    };
    const answer = await drawn.network.query(drawn.of('A'));
    expect(outcomes(answer)).toBe('A ANSWERED 0, B FAILED 1, C FAILED 2');
    expect([reason(answer, 'B'), reason(answer, 'C')]).toEqual(['the call failed', 'branch broke']);
    expect(answer.articles).toHaveLength(43);
  });
});

describe('a peer that lies', () => {
  const article = (date: number) => fabricate(draw('B>A').of('B').id, 99, date, 100, 'test');
  const lies: Readonly<Record<string, (frame: AskFrame) => AskFrame | undefined>> = {
    'sent articles out of order': (frame) =>
      frame.kind === 'articles' ? { ...frame, articles: [article(1), article(2)] } : frame,
    'sent articles that do not match': (frame) =>
      frame.kind === 'articles' ? { ...frame, articles: [fabricate(article(1).entry.origin, 9, 1, 9, 'else')] } : frame,
    'sent no row of its own': (frame) => (frame.kind === 'row' ? undefined : frame),
    'sent a row that cannot be': (frame) =>
      frame.kind === 'row' ? { ...frame, row: { ...frame.row, name: 'x'.repeat(9999) } } : frame,
    'ended before its end': (frame) => (frame.kind === 'end' ? undefined : frame),
    'sent fewer articles than its row says': (frame) => (frame.kind === 'articles' ? undefined : frame),
    'sent more articles than its row says': (frame) =>
      frame.kind === 'row' ? { ...frame, row: { ...frame.row, articles: 0 } } : frame,
    'sent other articles than its row says': (frame) =>
      frame.kind === 'row' ? { ...frame, row: { ...frame.row, digest: new Uint8Array(32) } } : frame,
  };

  it.each(Object.keys(lies))('N2 is a row that says "%s"', async (why) => {
    const drawn = draw('A>B A>C');
    const lie = lies[why];
    if (lie) drawn.of('B').faults.lies = lie;
    const answer = await drawn.network.query(drawn.of('A'), { filter: { topics: ['test'], origins: [] } });
    expect(outcomes(answer)).toBe('A ANSWERED 0, B FAILED 1, C ANSWERED 1');
    expect(reason(answer, 'B')).toBe(why);
    expect(answer.report.complete).toBe(false);
  });

  it('N2 is noticed where nobody reads on, since there is enough', async () => {
    const drawn = draw('A>B A>C');
    drawn.of('B').faults.lies = (frame) =>
      frame.kind === 'row' ? { ...frame, row: { ...frame.row, digest: new Uint8Array(32) } } : frame;
    const answer = await drawn.network.query(drawn.of('A'), { limit: 2 });
    expect(answer.articles).toHaveLength(2);
    expect(reason(answer, 'B')).toBe('sent other articles than its row says');
  });

  it('N2 is asked no more after five answers whose count or digest is false, and neither is who passed them on', async () => {
    const drawn = draw('A>B B>L');
    let asked = 0;
    drawn.of('L').faults.lies = (frame) => {
      if (frame.kind !== 'row') return frame;
      asked += 1;
      return { ...frame, row: { ...frame.row, articles: asked % 2, digest: new Uint8Array(32) } };
    };
    for (let n = 0; n < 8; n += 1) {
      const answer = await drawn.network.query(drawn.of('A'));
      expect(outcomes(answer)).toMatch(/^A ANSWERED 0, B ANSWERED 1, L (FAILED|UNREACHABLE) 2$/);
      if (n > 4) expect(reason(answer, 'L')).toMatch(/^not asked: it failed 5 times \(sent (more|other) articles/);
    }
    expect(asked).toBe(5);
  });

  it('N2 that brings articles of who asks it, as they were once, changes nothing', async () => {
    const drawn = draw('A>L L>A');
    const old = fabricate(drawn.of('A').id, 50, 2000, 100, 'test');
    drawn.of('L').faults.lies = (frame) =>
      frame.kind === 'articles' ? { ...frame, articles: [old, ...frame.articles] } : frame;
    const answer = await drawn.network.query(drawn.of('A'));
    expect(answer.articles.map(({ id }) => id)).not.toContain(old.id);
    expect(answer.report.complete).toBe(true);
  });

  it('N2 keeps back what another sent, and is told from who sent it: another way is tried', async () => {
    const drawn = draw('A>B B>C');
    const { id } = drawn.of('C');
    drawn.of('B').faults.lies = (frame) =>
      frame.kind === 'articles'
        ? { ...frame, articles: frame.articles.filter(({ entry }) => entry.origin !== id) }
        : frame;
    const answer = await drawn.network.query(drawn.of('A'));
    expect([reason(answer, 'B'), reason(answer, 'C')]).toEqual(['', 'articles missing']);
  });

  it('N2 cannot make a query go on for links that it does not have', async () => {
    const drawn = draw('A>B A>C');
    const ghost = draw('G>H').of('G').id;
    drawn.of('B').faults.lies = (frame) =>
      frame.kind === 'row' ? { ...frame, row: { ...frame.row, links: [ghost] } } : frame;
    const answer = await drawn.network.query(drawn.of('A'));
    expect(answer.report).toMatchObject({ complete: false, rounds: 2 });
    expect(answer.report.rows).toContainEqual(
      expect.objectContaining({ serverId: ghost, reason: 'no word of it came' }),
    );
  });
});
