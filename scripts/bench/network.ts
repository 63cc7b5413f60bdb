import { connect } from '../../dist/client/index.js';
import { Processes } from '../../test/support/processes.js';
import { median } from './support.js';

/** The time of a query over a network, to that of the same query of one server of it, alone. */
export interface NetworkFigures {
  readonly star: number;
  readonly clique: number;
}

const servers = 6;
const articlesEach = 200;
const queries = 40;

export async function benchNetwork(rounds: number, say: (line: string) => void): Promise<NetworkFigures> {
  const names = Array.from({ length: servers }, (_, n) => `Bench${n + 1}`);
  const [middle = '', ...others] = names;
  const star = await ratio(
    names,
    others.map((name) => [middle, name] as const),
    rounds,
  );
  say(`network: a star of ${servers} takes ${star.toFixed(2)} times one server`);
  const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));
  const clique = await ratio(names, pairs, rounds);
  say(`network: a clique of ${servers} takes ${clique.toFixed(2)} times one server`);
  return { star, clique };
}

async function ratio(
  names: readonly string[],
  links: readonly (readonly [string, string])[],
  rounds: number,
): Promise<number> {
  const network = new Processes();
  try {
    const registry = await network.startRegistry();
    for (const name of names) {
      await network.startServer(name);
      await network.ok('join', name, '--as', 'ada');
      const lines = Array.from({ length: articlesEach }, (_, n) => {
        return `${JSON.stringify({ topic: 'bench', body: `article ${n} of ${name}`, publishedAt: 1_600_000_000 + n * 60 })}\n`;
      });
      await network.run(['import', name, '-'], lines.join(''));
    }
    for (const [from, to] of links) await network.ok('connect', from, to);
    const moot = await connect({ registry: registry.address, home: network.home, timeoutMs: 20_000 });
    const community = await moot.community(names[0] ?? '');
    const ask = async (scope: 'local' | 'network'): Promise<number> => {
      const began = performance.now();
      const { complete } = await community.query({ scope, limit: 50 }).report;
      if (!complete) throw new Error('an answer was not complete');
      return performance.now() - began;
    };
    const ratios: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const [local, whole]: [number[], number[]] = [[], []];
      for (let n = 0; n < queries; n += 1) {
        local.push(await ask('local'));
        whole.push(await ask('network'));
      }
      // The first round warms up.
      if (round > 0) ratios.push(median(whole) / median(local));
    }
    await moot.close();
    return median(ratios);
  } finally {
    await network.close();
  }
}
