import { type Growth, SteadyNetwork } from '../../test/support/steady.js';

/** About 300 MB of lines. */
const articles = 270_000;

/** By how many MiB processes grow, at most, over what they held before. */
export interface SteadyFigures {
  readonly importing: number;
  readonly direct: number;
  readonly twoHops: number;
}

/** Imports 270,000 articles of 1 KiB, and reads them all, by a reader that stops for 10 s: from one server, then over two hops. */
export async function benchSteady(say: (line: string) => void): Promise<SteadyFigures> {
  const network = new SteadyNetwork();
  const told = (what: string, grown: Growth): number => {
    const each = Object.entries(grown).map(([name, mib]) => `${name} + ${Math.round(mib)} MiB`);
    say(`steady, ${what}: ${each.join(', ')}`);
    return Math.max(...Object.values(grown));
  };
  const read = async (name: string, through: readonly string[]): Promise<number> => {
    const { articles: found, grown } = await network.queryAll(name, through);
    if (found !== articles) throw new Error(`${found} articles of ${articles} came`);
    return told(`read from ${name}`, grown);
  };
  try {
    await network.start();
    const importing = told('import', await network.importInto(articles));
    return { importing, direct: await read('C', ['C']), twoHops: await read('A', ['A', 'B', 'C']) };
  } finally {
    await network.close();
  }
}
