import { describe, expect, it } from '@jest/globals';
import { drawFailures } from '../../scripts/simulate/failures.js';
import { feedTrial } from '../../scripts/simulate/feed-trial.js';
import { distances, drawGraph } from '../../scripts/simulate/graph.js';
import { type QueryTrial, queryTrial } from '../../scripts/simulate/query-trial.js';
import { anyQuestion, SimulatedNetwork } from '../../scripts/simulate/simulated-network.js';
import type { SimulatedServer } from '../../scripts/simulate/simulated-server.js';
import type { SealedArticle } from '../../src/core/entry.js';
import { parsePageToken } from '../../src/federation/page-token.js';
import { peerWindowBytes } from '../../src/wire/channel-options.js';
import { seededRandom } from '../support/seeded-random.js';

const trial: QueryTrial = { servers: 500, links: 4, fanOut: 16, rttMs: 20, failures: 0, seed: 1 };
const seeds = [1, 2, 3, 4, 5];

describe('a query over a network that grows', () => {
  it.each(seeds)(
    'N1 takes as long as the network is deep, and at most a call a link (500 servers, seed %d)',
    async (seed) => {
      const figures = await queryTrial({ ...trial, seed });
      expect(figures).toMatchObject({ faults: [], rounds: 1, complete: true, reachable: 500, covered: 500 });
      expect(figures.timeMs).toBeLessThanOrEqual(1.15 * figures.depth * 20 + 10);
      expect(figures.callsPerLink).toBeLessThanOrEqual(1);
    },
  );

  it.each(seeds)(
    'N1 N2 loses no healthy server, and at most a call a link and round, where a tenth fail (seed %d)',
    async (seed) => {
      const figures = await queryTrial({ ...trial, seed, failures: 0.1 });
      expect(figures).toMatchObject({ faults: [], complete: false, covered: figures.reachable });
      expect(figures.failing).toBeGreaterThan(25);
      expect(figures.rounds).toBeLessThanOrEqual(4);
      expect(figures.callsPerLink).toBeLessThanOrEqual(1);
    },
  );

  it('N1 N2 stays exact among 10,000 servers', async () => {
    const figures = await queryTrial({ ...trial, servers: 10_000 });
    expect(figures).toMatchObject({ faults: [], rounds: 1, complete: true, covered: 10_000 });
    expect(figures.calls).toBeLessThanOrEqual(40_000);
  }, 300_000);

  it('N1 gives each article of 1,200 servers once, page by page', async () => {
    const network = new SimulatedNetwork({}, peerWindowBytes);
    const random = seededRandom(7);
    const graph = drawGraph(1200, 4, random);
    // Few dates, so that the id has to decide.
    const servers = graph.map((_, at) => network.server(`s${at}`).publish([Math.floor(random() * 40)]));
    const of = (at: number): SimulatedServer => servers[at] as SimulatedServer;
    for (const [at, links] of graph.entries()) for (const to of links) network.link(of(at), of(to), { latencyMs: 10 });
    const seen: SealedArticle[] = [];
    let place = {};
    for (;;) {
      const { articles, report } = await network.query(of(0), { ...place, limit: 500 });
      expect(report.complete).toBe(true);
      seen.push(...articles);
      if (report.next === undefined) break;
      place = parsePageToken(report.next, anyQuestion);
    }
    const right = servers.flatMap(({ articles }) => articles.map(({ id }) => id));
    expect(seen.map(({ id }) => id).sort()).toEqual(right.sort());
  }, 120_000);

  it('N1 asks one after the other with fan_out 1, and asks no server twice', async () => {
    const figures = await queryTrial({ ...trial, servers: 100, fanOut: 1 });
    expect(figures).toMatchObject({ faults: [], complete: true, calls: 99, timeMs: 99 * 20 });
  });
});

describe('an article on a network that is at rest', () => {
  it('N3 is in every mirror after a link each hop, sent over each link once at most', async () => {
    const figures = await feedTrial({ servers: 30, links: 4, rttMs: 20, seed: 7 });
    expect(figures.mirrors).toBe(29);
    expect(figures.allMs).toBe(figures.depth * 10);
    expect(figures.messages).toBeLessThanOrEqual(30 * 4);
    expect(figures.echoes).toBe(figures.messages - figures.mirrors);
  }, 60_000);
});

describe('what the simulator draws', () => {
  it('is the same for the same seed, and another for another', () => {
    const draw = (seed: number) => drawGraph(50, 4, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(8)).not.toEqual(draw(7));
  });

  it('has as many links as were asked for, or to all others, and reaches all', () => {
    for (const [servers, links, each] of [
      [1, 4, 0],
      [2, 4, 1],
      [50, 4, 4],
      [50, 1, 1],
    ] as const) {
      const graph = drawGraph(servers, links, seededRandom(1));
      expect(graph.every((to, from) => to.length === each && !to.includes(from))).toBe(true);
      expect(distances(graph, () => true).size).toBe(servers);
    }
  });

  it('fails the share that was asked for, and never the server that is asked', () => {
    const failing = drawFailures(10_000, 0.05, 200, seededRandom(1));
    expect(Math.abs(failing.size - 500)).toBeLessThan(100);
    expect(new Set([...failing.values()].map(({ kind }) => kind)).size).toBe(3);
    expect(drawFailures(100, 1, 200, seededRandom(1)).size).toBe(99);
  });
});
