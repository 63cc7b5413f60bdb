import type { SealedArticle } from '../../src/core/entry.js';
import { limits } from '../../src/core/limits.js';
import { peerWindowBytes } from '../../src/wire/channel-options.js';
import { seededRandom } from '../../test/support/seeded-random.js';
import { drawFailures, type Failing } from './failures.js';
import { distances, drawGraph, type Graph } from './graph.js';
import { type Answer, SimulatedNetwork } from './simulated-network.js';
import type { SimulatedServer } from './simulated-server.js';

export interface QueryTrial {
  readonly servers: number;
  readonly links: number;
  readonly fanOut: number;
  /** There and back. */
  readonly rttMs: number;
  /** Share of the servers that fail, 0 to 1. */
  readonly failures: number;
  readonly seed: number;
}

/** What one query over one network took, and whether its answer is right. */
export interface QueryFigures {
  readonly servers: number;
  readonly links: number;
  readonly fanOut: number;
  readonly failing: number;
  /** Links between the first server and the healthy one that is furthest away. */
  readonly depth: number;
  readonly timeMs: number;
  readonly rounds: number;
  readonly calls: number;
  /** The most calls of one round over the number of links; 1 or less, or a server was asked twice over one link. */
  readonly callsPerLink: number;
  readonly bytes: number;
  /** Healthy servers that the first one reaches over healthy servers, and how many of them the answer holds. */
  readonly reachable: number;
  readonly covered: number;
  readonly complete: boolean;
  /** What is wrong with the answer; empty: nothing. */
  readonly faults: readonly string[];
}

/** Longer than anyone waits, so that what the network takes shows, and not the patience of whoever asks. */
const timeoutMs = 60_000;
/** Of a healthy query, in which servers fall silent. */
const failingWithinMs = 200;

/** Asks the first server for the newest articles of all, one article a server, and holds the answer against the graph. */
export async function queryTrial(trial: QueryTrial): Promise<QueryFigures> {
  const random = seededRandom(trial.seed);
  const graph = drawGraph(trial.servers, trial.links, random);
  const failing = drawFailures(trial.servers, trial.failures, failingWithinMs, random);
  const { network, servers } = build(trial, graph, failing, random);
  const [first] = servers;
  if (!first) throw new Error('a network has a server');
  const answer = await network.query(first, { fanOut: trial.fanOut, limit: limits.queryLimit, timeoutMs });
  const healthy = distances(graph, (server) => isHealthy(failing.get(server)));
  const named = distances(graph, () => true);
  const answered = new Set(
    answer.report.rows.filter(({ outcome }) => outcome === 'ANSWERED').map((row) => row.serverId),
  );
  const covered = [...healthy.keys()].filter((server) => answered.has(servers[server]?.id ?? '')).length;
  const links = graph.flat().length;
  return {
    servers: trial.servers,
    links: Math.min(trial.links, trial.servers - 1),
    fanOut: trial.fanOut,
    failing: failing.size,
    depth: Math.max(...healthy.values()),
    timeMs: Math.round(answer.tookMs),
    rounds: answer.report.rounds,
    calls: answer.report.calls,
    callsPerLink: Math.max(0, ...[...network.asks.values()].map(({ length }) => length)) / Math.max(1, links),
    bytes: network.sentBytes,
    reachable: healthy.size,
    covered,
    complete: answer.report.complete,
    faults: faultsOf(answer, servers, answered, { healthy: healthy.size, covered, named: named.size }),
  };
}

function isHealthy(failing: Failing | undefined): boolean {
  return failing === undefined || failing.kind === 'slow';
}

interface Built {
  readonly network: SimulatedNetwork;
  readonly servers: readonly SimulatedServer[];
}

function build(trial: QueryTrial, graph: Graph, failing: ReadonlyMap<number, Failing>, random: () => number): Built {
  const network = new SimulatedNetwork({}, peerWindowBytes);
  const servers = graph.map((_, at) =>
    network.server(`s${at}`, failing.get(at)?.faults).publish([Math.floor(random() * 1e9)], 300),
  );
  const wire = { latencyMs: trial.rttMs / 2 };
  for (const [at, links] of graph.entries()) {
    for (const to of links) {
      const [a, b] = [servers[at], servers[to]];
      if (a && b) network.link(a, b, wire);
    }
  }
  return { network, servers };
}

interface Counts {
  readonly healthy: number;
  readonly covered: number;
  readonly named: number;
}

/** All that an answer promises, said apart from the code that makes it. */
function faultsOf(
  { articles, report }: Answer,
  servers: readonly SimulatedServer[],
  answered: ReadonlySet<string>,
  { healthy, covered, named }: Counts,
): string[] {
  const newest = servers
    .filter(({ id }) => answered.has(id))
    .flatMap((server) => server.articles)
    .sort((a, b) => b.entry.publishedAtMs - a.entry.publishedAtMs || (a.id < b.id ? 1 : -1))
    .slice(0, limits.queryLimit);
  const wrong: Readonly<Record<string, boolean>> = {
    'the articles are not the newest of those who answered, each once': idsOf(articles) !== idsOf(newest),
    'a healthy server that can be reached is missing': covered < healthy,
    'it does not say truly whether it is complete': report.complete !== (answered.size === named),
  };
  return Object.keys(wrong).filter((fault) => wrong[fault]);
}

function idsOf(articles: readonly SealedArticle[]): string {
  return articles.map(({ id }) => id).join(' ');
}
