import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  components,
  cutPoints,
  linkGraph,
  outOfReach,
  reachableFrom,
  strongComponents,
} from '../../src/core/link-graph.js';

type Links = readonly (readonly [number, number])[];

/** Any graph of up to nine servers, loops and repeats among its links. */
const anyGraph = fc.integer({ min: 0, max: 9 }).chain((size) => {
  const server = fc.nat({ max: Math.max(0, size - 1) });
  const links = fc.array(fc.tuple(server, server), { maxLength: size === 0 ? 0 : size * 3 });
  return fc.record({ size: fc.constant(size), links });
});

/** Who reaches whom, by asking again and again until nothing is new; dumb on purpose. */
function reach(size: number, links: Links, without = -1): boolean[][] {
  const table = Array.from({ length: size }, (_, a) => Array.from({ length: size }, (__, b) => a === b));
  for (let isNew = true; isNew; ) {
    isNew = false;
    for (const [a, b] of links) {
      if (a === without || b === without) continue;
      for (let c = 0; c < size; c += 1)
        if (table[c]?.[a] && !table[c]?.[b]) {
          (table[c] as boolean[])[b] = true;
          isNew = true;
        }
    }
  }
  return table;
}

const all = (size: number): number[] => Array.from({ length: size }, (_, at) => at);

describe('N9 a graph of links', () => {
  it('a cut point is a server without which somebody who reached somebody no longer does', () =>
    fc.assert(
      fc.property(anyGraph, ({ size, links }) => {
        const before = reach(size, links);
        const cuts = all(size).filter((lost) => {
          const after = reach(size, links, lost);
          const others = all(size).filter((at) => at !== lost);
          return others.some((a) => others.some((b) => before[a]?.[b] && !after[a]?.[b]));
        });
        expect(cutPoints(linkGraph(size, links))).toEqual(cuts);
      }),
      { numRuns: 2000 },
    ));

  it('within a strong component everybody reaches everybody, and nobody outside is reached both ways', () =>
    fc.assert(
      fc.property(anyGraph, ({ size, links }) => {
        const table = reach(size, links);
        const groupOf = (a: number): string =>
          all(size)
            .filter((b) => table[a]?.[b] && table[b]?.[a])
            .join();
        const expected = [...new Set(all(size).map(groupOf))];
        expect(strongComponents(linkGraph(size, links)).map((group) => group.join())).toEqual(expected);
      }),
      { numRuns: 2000 },
    ));

  it('who is out of reach of whom is told once for each pair, and for no other', () =>
    fc.assert(
      fc.property(anyGraph, ({ size, links }) => {
        const table = reach(size, links);
        const expected = all(size).flatMap((a) => all(size).flatMap((b) => (table[a]?.[b] ? [] : [`${a} ${b}`])));
        const told = outOfReach(linkGraph(size, links)) ?? [];
        const pairs = told.flatMap(({ from, to }) => from.flatMap((a) => to.map((b) => `${a} ${b}`)));
        expect(pairs.sort()).toEqual(expected.sort());
      }),
      { numRuns: 1000 },
    ));

  it('components are what hangs together when links are taken both ways', () =>
    fc.assert(
      fc.property(anyGraph, ({ size, links }) => {
        const table = reach(size, [...links, ...links.map(([a, b]) => [b, a] as const)]);
        const expected = [
          ...new Set(
            all(size).map((a) =>
              all(size)
                .filter((b) => table[a]?.[b])
                .join(),
            ),
          ),
        ];
        expect(components(linkGraph(size, links)).map((group) => group.join())).toEqual(expected);
      }),
      { numRuns: 1000 },
    ));

  it('a chain of 20,000 overflows nothing; what is out of reach in it is too much to name', () => {
    const chain = linkGraph(
      20_000,
      all(19_999).map((at) => [at, at + 1] as const),
    );
    expect(strongComponents(chain)).toHaveLength(20_000);
    expect(reachableFrom(chain, 0).every((isThere) => isThere === 1)).toBe(true);
    expect(outOfReach(chain, 50_000)).toBeUndefined();
  });

  it('500 servers with six links each are looked through in a moment', () => {
    const links = all(500).flatMap((a) => [1, 7, 31, 99, 203, 311].map((step) => [a, (a + step) % 500] as const));
    const graph = linkGraph(500, links);
    expect([strongComponents(graph).length, cutPoints(graph), outOfReach(graph)]).toEqual([1, [], []]);
  }, 20_000);
});
