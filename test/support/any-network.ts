import fc from 'fast-check';
import { type Planted, SimulatedNetwork } from '../../scripts/simulate/simulated-network.js';
import type { Faults, SimulatedServer } from '../../scripts/simulate/simulated-server.js';
import type { Order } from '../../src/core/asking.js';

/** A network on paper: servers are numbers, 0 is the one that is asked. */
export interface Plan {
  readonly servers: readonly { readonly dates: readonly number[]; readonly bytes: number; readonly faults: Faults }[];
  readonly links: readonly { readonly from: number; readonly to: number; readonly latencyMs: number }[];
  readonly fanOut: number;
  readonly order: Order;
}

const size = fc.integer({ min: 1, max: 9 });

/** Edges of a graph of `n` servers. */
const shapes: Readonly<Record<string, (n: number) => fc.Arbitrary<readonly (readonly [number, number])[]>>> = {
  random: (n) =>
    fc.array(fc.tuple(fc.nat({ max: n - 1 }), fc.nat({ max: n - 1 })), { minLength: n - 1, maxLength: n * 3 }),
  cycle: (n) => fc.constant(ring(n)),
  'two-way cycle': (n) => fc.constant(ring(n).flatMap(([a, b]) => [[a, b] as const, [b, a] as const])),
  'cycle with chords': (n) =>
    fc.array(fc.tuple(fc.nat({ max: n - 1 }), fc.nat({ max: n - 1 })), { maxLength: n }).map((c) => [...ring(n), ...c]),
  clique: (n) => fc.constant(pairs(n).filter(([a, b]) => a !== b)),
  'clique with self-loops': (n) => fc.constant(pairs(n)),
  'stacked diamonds': (n) =>
    fc.constant(pairs(n).filter(([a, b]) => Math.ceil(b / 2) === Math.ceil(a / 2) + 1 && b !== a)),
  ladder: (n) => fc.constant(pairs(n).filter(([a, b]) => b === a + 2 || b === a - 2 || (a >> 1 === b >> 1 && a !== b))),
  chain: (n) => fc.constant(pairs(n).filter(([a, b]) => b === a + 1)),
};

function ring(n: number): (readonly [number, number])[] {
  return Array.from({ length: n }, (_, a) => [a, (a + 1) % n] as const);
}

function pairs(n: number): (readonly [number, number])[] {
  return Array.from({ length: n * n }, (_, at) => [Math.floor(at / n), at % n] as const);
}

// Few dates, so that many articles share one and the id must decide.
const dates = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 6 });
const bytes = fc.constantFrom(100, 100, 30_000);
const momentMs = fc.oneof(fc.nat({ max: 60 }), fc.nat({ max: 60 }), fc.nat({ max: 3000 }));
const failing: fc.Arbitrary<Faults> = fc.oneof(
  momentMs.map((freezesAtMs) => ({ freezesAtMs })),
  momentMs.map((diesAtMs) => ({ diesAtMs })),
);
const healthy: fc.Arbitrary<Faults> = fc.constantFrom({}, {}, { slowMs: 20 });

function anyServer(mayFail: boolean) {
  const faults = mayFail ? fc.oneof({ weight: 3, arbitrary: failing }, { weight: 4, arbitrary: healthy }) : healthy;
  return fc.record({ dates, bytes, faults });
}

/** Any graph; in 30 % of them servers freeze or die at any moment (never the one that is asked). */
export function anyPlan(faultyPercent = 30, order: readonly Order[] = ['newest', 'found']): fc.Arbitrary<Plan> {
  const shape = fc.constantFrom(...Object.values(shapes));
  return fc.tuple(size, shape, fc.integer({ min: 1, max: 100 })).chain(([n, edges, dice]) =>
    fc.record({
      servers: fc
        .tuple(anyServer(false), fc.array(anyServer(dice <= faultyPercent), { minLength: n - 1, maxLength: n - 1 }))
        .map(([first, rest]) => [first, ...rest]),
      links: edges(n).chain((pairs) => fc.tuple(...pairs.map(([from, to]) => link(from, to)))),
      fanOut: fc.constantFrom(1, 2, 16),
      order: fc.constantFrom(...order),
    }),
  );
}

function link(from: number, to: number) {
  return fc.record({ from: fc.constant(from), to: fc.constant(to), latencyMs: fc.integer({ min: 1, max: 9 }) });
}

export interface Built {
  readonly network: SimulatedNetwork;
  readonly servers: readonly SimulatedServer[];
  readonly first: SimulatedServer;
}

export function build(plan: Plan, planted: Planted = {}): Built {
  const network = new SimulatedNetwork(planted);
  const servers = plan.servers.map(({ dates, bytes, faults }, at) =>
    network.server(`s${at}`, faults).publish(dates, bytes),
  );
  for (const { from, to, latencyMs } of plan.links) {
    const [a, b] = [servers[from], servers[to]];
    if (a && b) network.link(a, b, { latencyMs });
  }
  const [first] = servers;
  if (!first) throw new Error('a network has a server');
  return { network, servers, first };
}

/** The oracle: a plain breadth-first search over the servers that `may` be passed. */
export function reachable({ network, first }: Built, may: (server: SimulatedServer) => boolean): SimulatedServer[] {
  const found = [first];
  for (const server of found) {
    for (const id of server.links()) {
      const peer = network.servers.get(id);
      if (peer && !found.includes(peer) && may(peer)) found.push(peer);
    }
  }
  return found;
}

export function isHealthy({ faults }: SimulatedServer): boolean {
  return faults.freezesAtMs === undefined && faults.diesAtMs === undefined;
}
