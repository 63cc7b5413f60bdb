/** Who links to whom, by number: `to[a]` are the servers that `a` links to. Each link once, and none to itself. */
export interface LinkGraph {
  readonly size: number;
  readonly to: readonly (readonly number[])[];
  readonly from: readonly (readonly number[])[];
}

/** Links that name what is not one of the `size` servers are a mistake of the caller. */
export function linkGraph(size: number, links: Iterable<readonly [number, number]>): LinkGraph {
  const to = Array.from({ length: size }, () => new Set<number>());
  const from = Array.from({ length: size }, () => new Set<number>());
  for (const [a, b] of links) {
    if (a === b) continue;
    to[a]?.add(b);
    from[b]?.add(a);
  }
  return { size, to: to.map((all) => [...all]), from: from.map((all) => [...all]) };
}

/** All that `start` reaches over any number of links, itself among them, as if `without` were not there. */
export function reachableFrom({ size, to }: LinkGraph, start: number, without = -1): Uint8Array {
  const seen = new Uint8Array(size);
  const ahead = [start];
  seen[start] = 1;
  for (let at = ahead.pop(); at !== undefined; at = ahead.pop())
    for (const next of to[at] ?? []) {
      if (next === without || seen[next]) continue;
      seen[next] = 1;
      ahead.push(next);
    }
  return seen;
}

/**
 * The strongly connected components, in the order of their smallest numbers: within one, everybody reaches everybody. One
 * with more than one server is a cycle, or several that hang together.
 */
export function strongComponents({ size, to }: LinkGraph): readonly (readonly number[])[] {
  // Tarjan's, with a stack of its own: a chain of servers may be longer than that of calls.
  const found = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const isOpen = new Uint8Array(size);
  const open: number[] = [];
  const components: number[][] = [];
  let count = 0;
  const enter = (at: number): { at: number; next: number } => {
    found[at] = low[at] = count++;
    open.push(at);
    isOpen[at] = 1;
    return { at, next: 0 };
  };
  const leave = (at: number): void => {
    if (low[at] !== found[at]) return;
    const component = open.splice(open.lastIndexOf(at));
    for (const member of component) isOpen[member] = 0;
    components.push(component.sort((a, b) => a - b));
  };
  for (let start = 0; start < size; start += 1) {
    if (found[start] !== -1) continue;
    const path = [enter(start)];
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const next = to[step.at]?.[step.next++];
      if (next === undefined) {
        path.pop();
        leave(step.at);
        const above = path.at(-1);
        if (above) low[above.at] = Math.min(low[above.at] ?? 0, low[step.at] ?? 0);
      } else if (found[next] === -1) path.push(enter(next));
      else if (isOpen[next]) low[step.at] = Math.min(low[step.at] ?? 0, found[next] ?? 0);
    }
  }
  return components.sort(([a = 0], [b = 0]) => a - b);
}

/** Groups between which there is no link in either direction, in the order of their smallest numbers. */
export function components(graph: LinkGraph): readonly (readonly number[])[] {
  const { size, to, from } = graph;
  const either = { size, to: to.map((next, at) => [...next, ...(from[at] ?? [])]), from };
  const taken = new Uint8Array(size);
  const all: number[][] = [];
  for (let start = 0; start < size; start += 1) {
    if (taken[start]) continue;
    const group: number[] = [];
    reachableFrom(either, start).forEach((isThere, at) => {
      if (isThere) group.push(at);
      taken[at] ||= isThere;
    });
    all.push(group);
  }
  return all;
}

/**
 * The servers whose loss cuts somebody from somebody: `a` reaches `b`, and would not without this one.
 *
 * It is enough to look at its neighbours. Who reaches somebody through it comes by one that links to it and goes on by one
 * that it links to; if every such pair has another way, so have they all.
 */
export function cutPoints(graph: LinkGraph): readonly number[] {
  return graph.to.flatMap((next, at) => (isCutPoint(graph, at, next) ? [at] : []));
}

function isCutPoint(graph: LinkGraph, at: number, next: readonly number[]): boolean {
  return (graph.from[at] ?? []).some((before) => {
    const direct = new Set(graph.to[before]);
    const far = next.filter((after) => after !== before && !direct.has(after));
    if (far.length === 0) return false;
    const seen = reachableFrom(graph, before, at);
    return far.some((after) => !seen[after]);
  });
}

/**
 * What is out of reach, by groups: nobody of `from` reaches anybody of `to`. Undefined when that would name more than `most`
 * servers.
 */
export function outOfReach(
  graph: LinkGraph,
  most = 100_000,
): readonly { readonly from: readonly number[]; readonly to: readonly number[] }[] | undefined {
  const groups = new Map<string, { from: number[]; to: readonly number[] }>();
  let named = 0;
  for (const component of strongComponents(graph)) {
    const seen = reachableFrom(graph, component[0] ?? 0);
    const to = [...seen.keys()].filter((at) => !seen[at]);
    if (to.length === 0) continue;
    const key = to.join();
    const group = groups.get(key) ?? { from: [], to };
    if (group.from.length === 0) named += to.length;
    named += component.length;
    if (named > most) return undefined;
    group.from.push(...component);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ from, to }) => ({ from: from.sort((a, b) => a - b), to }));
}
