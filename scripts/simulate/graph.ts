/** Servers by number: the links of each, in their order. */
export type Graph = readonly (readonly number[])[];

/** Each server links to the next one on a ring, so that all reach all, and to others that are drawn: `links` in all, or all others. */
export function drawGraph(servers: number, links: number, random: () => number): Graph {
  return Array.from({ length: servers }, (_, from) => {
    const drawn = new Set(servers > 1 ? [(from + 1) % servers] : []);
    while (drawn.size < Math.min(links, servers - 1)) {
      const to = Math.floor(random() * servers);
      if (to !== from) drawn.add(to);
    }
    return [...drawn];
  });
}

/** How many links it takes to each server from the first, over servers that `may` be passed; breadth first, with none of the code under test. */
export function distances(graph: Graph, may: (server: number) => boolean): ReadonlyMap<number, number> {
  const found = new Map([[0, 0]]);
  // A Map may grow while it is walked.
  for (const [from, distance] of found)
    for (const to of graph[from] ?? []) if (!found.has(to) && may(to)) found.set(to, distance + 1);
  return found;
}
