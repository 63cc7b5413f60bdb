import type { Answer } from '../../scripts/simulate/simulated-network.js';
import { SimulatedNetwork } from '../../scripts/simulate/simulated-network.js';
import type { Faults, SimulatedServer } from '../../scripts/simulate/simulated-server.js';

/** A network drawn as text, `A>B A>C B>A`: links are made in that order, each server has one article, A the newest. */
export function draw(links: string, faults: Readonly<Record<string, Faults>> = {}): Drawn {
  const network = new SimulatedNetwork();
  const pairs = links.split(' ').map((link) => link.split('>'));
  const names = [...new Set(pairs.flat())].sort();
  const servers = new Map<string, SimulatedServer>();
  for (const [at, name] of names.entries()) servers.set(name, network.server(name, faults[name]).publish([1000 - at]));
  const of = (name: string | undefined): SimulatedServer => {
    const server = servers.get(name ?? '');
    if (!server) throw new Error(`no server ${name}`);
    return server;
  };
  for (const [from, to] of pairs) network.link(of(from), of(to));
  return { network, of };
}

export interface Drawn {
  readonly network: SimulatedNetwork;
  readonly of: (name: string) => SimulatedServer;
}

/** The names of the communities that the articles come from, in the order of the articles. */
export function origins({ network }: Drawn, answer: Answer): string {
  return answer.articles.map(({ entry }) => network.servers.get(entry.origin)?.name ?? '?').join(' ');
}

/** What became of each server: `A ANSWERED 0, B UNREACHABLE 1`. */
export function outcomes(answer: Answer): string {
  return answer.report.rows.map(({ name, outcome, hop }) => `${name} ${outcome} ${hop}`).join(', ');
}
