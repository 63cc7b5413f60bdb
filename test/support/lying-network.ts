import { type Answer, SimulatedNetwork } from '../../scripts/simulate/simulated-network.js';
import type { SimulatedServer } from '../../scripts/simulate/simulated-server.js';
import type { Row } from '../../src/core/row.js';
import { corrupt, liars } from './lying-servers.js';
import { seededRandom } from './seeded-random.js';

/** A random graph of 5 to 12 servers of which about one in five lies, never the one that is asked. */
export interface LyingNetwork {
  readonly network: SimulatedNetwork;
  readonly servers: readonly SimulatedServer[];
  readonly first: SimulatedServer;
  /** Which lie each liar tells. */
  readonly lies: ReadonlyMap<SimulatedServer, string>;
}

export function anyLyingNetwork(seed: number, percent = 20): LyingNetwork {
  const random = seededRandom(seed);
  const upTo = (most: number): number => Math.floor(random() * most);
  const network = new SimulatedNetwork();
  const servers = Array.from({ length: 5 + upTo(8) }, (_, at) =>
    network.server(`s${at}`).publish(Array.from({ length: upTo(4) }, () => 1 + upTo(20))),
  );
  const links = servers.length + upTo(servers.length * 2);
  for (let at = 0; at < links; at += 1) {
    const [from, to] = [servers[upTo(servers.length)], servers[upTo(servers.length)]];
    if (from && to && from !== to) network.link(from, to, { latencyMs: 1 + upTo(9) });
  }
  const kinds = Object.entries(liars);
  const lies = new Map<SimulatedServer, string>();
  for (const server of servers.slice(1)) {
    const [name, liar] = kinds[upTo(kinds.length)] ?? [];
    if (upTo(100) >= percent || !name || !liar) continue;
    lies.set(server, name);
    corrupt(network, server, liar);
  }
  const [first] = servers;
  if (!first) throw new Error('a network has a server');
  return { network, servers, first, lies };
}

/** What somebody knows who sees the whole graph, and what is wrong with an answer by that; empty: nothing. */
export function faultsOf({ network, servers, first, lies }: LyingNetwork, answer: Answer): readonly string[] {
  const rows = new Map(answer.report.rows.map((row) => [row.serverId, row]));
  const isHonest = (server: SimulatedServer): boolean => !lies.has(server);
  const hasAnswered = (server: SimulatedServer): boolean => rows.get(server.id)?.outcome === 'ANSWERED';
  const sent = new Set(answer.articles.map(({ id }) => id));
  const hasAll = (server: SimulatedServer): boolean => server.articles.every(({ id }) => sent.has(id));
  const honest = servers.filter(isHonest);
  const faults: string[] = [];
  if (sent.size !== answer.articles.length) faults.push('an article came twice');
  for (const asks of network.asks.values()) {
    const between = asks.filter(({ from }) => !lies.has(network.servers.get(from) as SimulatedServer));
    if (between.length > network.links) faults.push(`${between.length} calls over ${network.links} links`);
  }
  if (answer.report.rounds > 4) faults.push(`${answer.report.rounds} rounds`);
  for (const server of honest) {
    if (hasAnswered(server) && !hasAll(server)) faults.push(`${server.name} answered, and its articles are not there`);
    if (!hasAnswered(server)) continue;
    for (const link of server.links()) if (!rows.has(link)) faults.push(`nothing is said of a link of ${server.name}`);
  }
  if (!answer.report.complete) return faults;
  // What there is by the links of the honest, and by what the others say theirs are.
  const linksOf = (server: SimulatedServer, row: Row | undefined) =>
    isHonest(server) ? server.links() : (row?.links ?? []);
  for (const server of reach(network, first, (one) => linksOf(one, rows.get(one.id))))
    if (!hasAnswered(server) || (isHonest(server) && !hasAll(server))) faults.push(`complete without ${server.name}`);
  return faults;
}

/** Each honest server that can be reached over honest ones has answered. */
export function isWhole({ network, first, lies }: LyingNetwork, { report }: Answer): boolean {
  const answered = new Set(report.rows.filter(({ outcome }) => outcome === 'ANSWERED').map(({ serverId }) => serverId));
  return reach(network, first, (server) => (lies.has(server) ? [] : server.links())).every(
    (server) => lies.has(server) || answered.has(server.id),
  );
}

function reach(
  network: SimulatedNetwork,
  first: SimulatedServer,
  linksOf: (server: SimulatedServer) => readonly string[],
): SimulatedServer[] {
  const found = [first];
  for (const server of found) {
    for (const id of linksOf(server)) {
      const peer = network.servers.get(id);
      if (peer && !found.includes(peer)) found.push(peer);
    }
  }
  return found;
}
