import { describe, expect, it } from '@jest/globals';
import { draw, origins } from '../support/drawn-network.js';

/** The textbook, to hold the drawn orders against. */
function depthFirst(links: string, at = 'A', seen: string[] = []): string[] {
  if (seen.includes(at)) return seen;
  seen.push(at);
  for (const link of links.split(' ')) if (link.startsWith(`${at}>`)) depthFirst(links, link.slice(2), seen);
  return seen;
}

const graphs: Readonly<Record<string, { links: string; order: string }>> = {
  'a chain with a back edge': { links: 'A>B B>C C>D C>A D>B', order: 'A B C D' },
  'a diamond': { links: 'A>C A>B B>D C>D D>A', order: 'A C D B' },
  'a tree with cross links': {
    links: 'A>E A>B B>C B>D E>F E>G F>D G>A D>E C>G',
    order: 'A E F D G B C',
  },
};

describe('the order of a search', () => {
  it.each(Object.keys(graphs))('S0.10 with fan-out 1 is the textbook depth-first order on %s', async (name) => {
    const { links, order } = graphs[name] ?? { links: '', order: '' };
    expect(depthFirst(links).join(' ')).toBe(order);
    const drawn = draw(links);
    const answer = await drawn.network.query(drawn.of('A'), { fanOut: 1, order: 'found' });
    expect(origins(drawn, answer)).toBe(order);
    expect(answer.report).toMatchObject({ complete: true, rounds: 1, next: undefined });
  });

  it('S0.10 asks in the same order when articles come newest first', async () => {
    const drawn = draw('A>E A>B B>C B>D E>F E>G F>D G>A D>E C>G');
    const answer = await drawn.network.query(drawn.of('A'), { fanOut: 1 });
    expect(origins(drawn, answer)).toBe('A B C D E F G');
    const [asks = []] = drawn.network.asks.values();
    const asked = asks.map(({ to }) => drawn.network.servers.get(to)?.name).join(' ');
    expect(asked).toBe('E F D G B C G D');
  });

  it.each([5, 16])('S0.10 N1 takes 5 calls on a complete graph of six, with fan-out %i', async (fanOut) => {
    const names = [...'ABCDEF'];
    const links = names.flatMap((a) => names.filter((b) => b !== a).map((b) => `${a}>${b}`)).join(' ');
    const drawn = draw(links);
    const answer = await drawn.network.query(drawn.of('A'), { fanOut });
    expect(origins(drawn, answer)).toBe('A B C D E F');
    expect(answer.report).toMatchObject({ complete: true, rounds: 1, calls: 5 });
    expect([...drawn.network.asks.values()].flat()).toHaveLength(5);
  });

  it('S0.9 a link goes one way', async () => {
    const drawn = draw('A>B');
    expect(origins(drawn, await drawn.network.query(drawn.of('A')))).toBe('A B');
    expect(origins(drawn, await drawn.network.query(drawn.of('B')))).toBe('B');
  });

  it('takes the depth of the graph and not its size when branches are explored side by side', async () => {
    const leaves = Array.from({ length: 12 }, (_, at) => `A>B${at}`).join(' ');
    const slow = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`B${at}`, { slowMs: 100 }]));
    const drawn = draw(leaves, slow);
    expect((await drawn.network.query(drawn.of('A'))).tookMs).toBeLessThan(250);
    expect((await drawn.network.query(drawn.of('A'), { fanOut: 1, limit: 1 })).tookMs).toBeGreaterThan(1200);
  });
});
