import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Answer, anyQuestion, type Planted } from '../../scripts/simulate/simulated-network.js';
import type { SimulatedServer } from '../../scripts/simulate/simulated-server.js';
import type { SealedArticle } from '../../src/core/entry.js';
import { parsePageToken } from '../../src/federation/page-token.js';
import { type Pieces, soundPieces } from '../../src/federation/parts.js';
import { RowBook } from '../../src/federation/row-book.js';
import { anyPlan, type Built, build, isHealthy, type Plan, reachable } from '../support/any-network.js';

const ids = (articles: readonly SealedArticle[]): string[] => articles.map(({ id }) => id);

/** Newest first, then by id, written apart from the code it checks. */
function inOrder(articles: readonly SealedArticle[]): SealedArticle[] {
  return [...articles].sort((a, b) => {
    const [x, y] = [a, b].map(({ entry, id }) => `${String(entry.publishedAtMs).padStart(6, '0')}${id}`);
    return (x ?? '') < (y ?? '') ? 1 : -1;
  });
}

const articlesOf = (servers: readonly SimulatedServer[]): SealedArticle[] =>
  servers.flatMap(({ articles }) => articles);

/** All that an answer promises, on the graph it was given for. */
function check(plan: Plan, built: Built, answer: Answer): void {
  const { network, first } = built;
  const { report, articles } = answer;
  const answeredIds = report.rows.filter(({ outcome }) => outcome === 'ANSWERED').map(({ serverId }) => serverId);
  const answered = [...network.servers.values()].filter(({ id }) => answeredIds.includes(id));
  const all = reachable(built, () => true);
  const healthy = reachable(built, isHealthy);

  expect(new Set(ids(articles)).size).toBe(articles.length);
  if (plan.order === 'newest') expect(ids(articles)).toEqual(ids(inOrder(articles)));
  expect(answeredIds).toEqual(expect.arrayContaining(healthy.map(({ id }) => id)));
  expect(ids(articles)).toEqual(expect.arrayContaining(ids(articlesOf(answered))));
  expect(ids(articlesOf(all))).toEqual(expect.arrayContaining(ids(articles)));

  const rows = new Map(report.rows.map((row) => [row.serverId, row]));
  expect(rows.size).toBe(report.rows.length);
  expect(report.rows[0]).toMatchObject({ serverId: first.id, hop: 0, via: '' });
  for (const server of answered) {
    const row = rows.get(server.id);
    expect(row).toMatchObject({ articles: server.articles.length, links: server.links(), name: server.name });
    for (const link of server.links()) expect(rows.has(link)).toBe(true);
    if (server !== first) expect(network.servers.get(row?.via ?? '')?.links()).toContain(server.id);
  }

  expect(report.complete).toBe(answered.length === all.length);
  expect(report.next).toBeUndefined();
  if (!all.every(isHealthy)) expect(report.rounds).toBeLessThanOrEqual(4);
  else {
    expect(report).toMatchObject({ complete: true, rounds: 1 });
    expect(report.calls).toBe([...network.asks.values()].flat().length);
  }
  expect(network.asks.size).toBeLessThanOrEqual(report.rounds);
  for (const asks of network.asks.values()) expect(asks.length).toBeLessThanOrEqual(network.links);
  expect(answer.largestFrame).toBeLessThanOrEqual(64 * 1024);
}

async function trial(plan: Plan, planted: Planted = {}): Promise<void> {
  const built = build(plan, planted);
  const answer = await built.network.query(built.first, { fanOut: plan.fanOut, order: plan.order });
  check(plan, built, answer);
  await built.network.clock.settle();
  expect(built.network.clock.pending).toBe(0);
}

describe('a query over any graph', () => {
  it('S0.10 S0.14 N1 N2 returns each reachable article once, in order, and says truly what is missing', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan(), (plan) => trial(plan)),
      { numRuns: 1000 },
    );
  }, 240_000);

  it('S0.9 N1 gives every article once, page by page', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan(0, ['newest']), fc.integer({ min: 1, max: 7 }), async (plan, limit) => {
        const built = build(plan);
        const question = { fanOut: plan.fanOut, limit };
        let page = await built.network.query(built.first, question);
        const articles = [...page.articles];
        for (let token = page.report.next; token !== undefined; token = page.report.next) {
          expect(page.articles.length).toBe(limit);
          page = await built.network.query(built.first, { ...question, ...parsePageToken(token, anyQuestion) });
          expect(page.report).toMatchObject({ complete: true, coverageChanged: false, rounds: 1 });
          articles.push(...page.articles);
        }
        expect(ids(articles)).toEqual(ids(inOrder(articlesOf(reachable(built, isHealthy)))));
      }),
      { numRuns: 200 },
    );
  }, 120_000);
});

class ForgetfulBook extends RowBook {
  private dropped = false;

  override note(...[way, row]: Parameters<RowBook['note']>): ReturnType<RowBook['note']> {
    const passed = super.note(way, row);
    if (way === row.via || this.dropped || row.via === '') return passed;
    this.dropped = true;
    return [];
  }
}

const pieces = (wrong: Partial<Pieces>): Planted => ({ pieces: { ...soundPieces, ...wrong } });

const faults: Readonly<Record<string, Planted>> = {
  'no mark check': { marks: () => ({ mark: () => true }) },
  'no second round': pieces({ rounds: 1 }),
  'a row dropped': pieces({ rows: () => new ForgetfulBook() }),
  'merge unsorted': pieces({ compare: () => 0 }),
  'repeats not dropped': pieces({ repeats: () => ({ isNew: () => true }) }),
};

describe('the properties of a query', () => {
  it.each(Object.keys(faults))(
    'S0.10 are not met with %s',
    async (fault) => {
      const result = await fc.check(
        fc.asyncProperty(anyPlan(), (plan) => trial(plan, faults[fault])),
        { numRuns: 1000, endOnFailure: true },
      );
      expect(result.failed).toBe(true);
    },
    120_000,
  );
});
