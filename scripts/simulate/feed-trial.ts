import { sha256 } from '../../src/identity/hash.js';
import { identityOf } from '../../test/support/fixed-identity.js';
import { seededRandom } from '../../test/support/seeded-random.js';
import { FeedNetwork, type FeedServer } from './feed-network.js';
import { distances, drawGraph, type Graph } from './graph.js';

export interface FeedTrial {
  readonly servers: number;
  readonly links: number;
  /** There and back. */
  readonly rttMs: number;
  readonly seed: number;
}

/** What one article took until all servers had it in their mirrors. */
export interface FeedFigures {
  readonly servers: number;
  readonly links: number;
  /** Links between the server that published and the one that is furthest away from it. */
  readonly depth: number;
  readonly halfMs: number;
  readonly allMs: number;
  /** Times it was sent, over one link each. */
  readonly messages: number;
  readonly bytes: number;
  /** Times it came to who had it already. */
  readonly echoes: number;
  /** Mirrors that have it, once each. */
  readonly mirrors: number;
}

/** Until everybody has been told of every log, and no longer: from then on heartbeats are all that is sent. */
const settleMs = 3_500;
/** A mirror that an article has not reached by then is not reached. */
const patienceMs = 10_000;

/** One article is published at a server of a network that is at rest. */
export async function feedTrial(trial: FeedTrial): Promise<FeedFigures> {
  const random = seededRandom(trial.seed);
  const graph = drawGraph(trial.servers, trial.links, random);
  const network = new FeedNetwork(trial.seed);
  const servers = await build(network, trial, graph);
  const [first] = servers;
  if (!first) throw new Error('a network has a server');
  await network.clock.settle(settleMs + 20 * trial.rttMs);
  const before = { sent: network.sent, bytes: network.sentBytes, echoes: echoes(servers) };
  const startedAtMs = network.clock.monotonic();
  const arrivedAfterMs: number[] = [];
  const arrived = new Promise<void>((resolve) => {
    network.clock.after(patienceMs, resolve);
    for (const { store } of servers.slice(1))
      store.logs.onCommit(() => {
        arrivedAfterMs.push(network.clock.monotonic() - startedAtMs);
        if (arrivedAfterMs.length === servers.length - 1) resolve();
      });
    if (servers.length === 1) resolve();
  });
  await first.publish(1, 300);
  await network.clock.run(arrived);
  // What is still on its way are echoes.
  await network.clock.settle(2 * trial.rttMs);
  const figures = {
    servers: trial.servers,
    links: trial.links,
    depth: Math.max(...distances(followersOf(graph), () => true).values()),
    halfMs: Math.round(arrivedAfterMs[Math.ceil(arrivedAfterMs.length / 2) - 1] ?? 0),
    allMs: Math.round(arrivedAfterMs.at(-1) ?? 0),
    messages: network.sent - before.sent,
    bytes: network.sentBytes - before.bytes,
    echoes: echoes(servers) - before.echoes,
    mirrors: arrivedAfterMs.length,
  };
  await network.stop();
  return figures;
}

async function build(network: FeedNetwork, { rttMs, seed }: FeedTrial, graph: Graph): Promise<readonly FeedServer[]> {
  const servers: FeedServer[] = [];
  for (const at of graph.keys())
    servers.push(await network.server(`s${at}`, identityOf(sha256(Buffer.from(`${seed} ${at}`)))));
  for (const [at, links] of graph.entries()) {
    for (const to of links) {
      const [a, b] = [servers[at], servers[to]];
      if (!a || !b) continue;
      network.wire(a, b).latencyMs = rttMs / 2;
      a.link(b);
    }
  }
  return servers;
}

/** Articles go against the links. */
function followersOf(graph: Graph): Graph {
  const followers: number[][] = graph.map(() => []);
  for (const [from, links] of graph.entries()) for (const to of links) followers[to]?.push(from);
  return followers;
}

function echoes(servers: readonly FeedServer[]): number {
  let sum = 0;
  for (const server of servers) for (const peer of server.links) sum += server.running.refused(peer.id).echoes;
  return sum;
}
