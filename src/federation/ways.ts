import type { OriginId } from '../core/ids.js';

/** Who links to whom, by the words of those who have answered. */
export type Links = ReadonlyMap<OriginId, readonly OriginId[]>;

/** Of thousands of targets, those that are tried alone. */
const mostAlone = 64;
/** In hops. */
const doubtCosts = 4;

interface Way {
  /** From the first server to the one that claims a link to the target. */
  readonly servers: readonly OriginId[];
  /** The doubt about the most doubtful of them. */
  readonly doubt: number;
}

interface Plan {
  readonly ways: ReadonlyMap<OriginId, Way>;
  readonly isAlone: boolean;
}

/**
 * The ways on which another round looks for the servers that are missing. A server between that keeps what it should pass on
 * cannot be told from one whose branch broke; so those who claim or stand on a way to what does not come are doubted, and ways
 * through the least doubtful are taken first. Who leads to nothing that is missing is not asked again: it has no part in it.
 */
export class Ways {
  /** How often a server did not bring what it should have. */
  private readonly failures = new Map<OriginId, number>();
  private readonly tried = new Set<string>();
  /** Of the last round; undefined for those that were left out of it. */
  private ways: ReadonlyMap<OriginId, Way | undefined> = new Map();

  constructor(private readonly root: OriginId) {}

  /** `target` did not come in this round, though `claimants` say that they link to it. */
  missed(target: OriginId, claimants: readonly OriginId[]): void {
    const way = this.ways.get(target);
    if (!way && this.ways.has(target)) return;
    for (const server of way?.servers ?? claimants) this.failures.set(server, (this.failures.get(server) ?? 0) + 1);
  }

  /**
   * @param targets the missing, of whom some claim holds.
   * @param isOpen over which links they may be asked.
   * @param all take every way, if that has not been tried; else the least doubtful, or one alone.
   * @returns whom to ask of those who are known; undefined when all that has been tried.
   */
  next(
    links: Links,
    targets: readonly OriginId[],
    isOpen: (from: OriginId, to: OriginId) => boolean,
    all: boolean,
  ): ReadonlySet<OriginId> | undefined {
    const found = this.find(links, targets, isOpen);
    for (const { ways, isAlone } of plansOf(found, all)) {
      const between = new Set([...ways.values()].flatMap(({ servers }) => servers));
      const name = nameOf(between);
      // To fewer the same ways are others, for who has spoiled them may be gone; to one alone of many they are not.
      const named = `${name} to ${nameOf(ways.keys())}`;
      if (ways.size === 0 || this.tried.has(isAlone ? name : named)) continue;
      this.tried.add(name).add(named);
      this.ways = new Map([...found.keys()].map((target) => [target, ways.get(target)]));
      return new Set([...between, ...ways.keys()]);
    }
    return undefined;
  }

  private find(
    links: Links,
    targets: readonly OriginId[],
    isOpen: (from: OriginId, to: OriginId) => boolean,
  ): ReadonlyMap<OriginId, Way> {
    const from = this.walk(links, isOpen);
    const found = new Map<OriginId, Way>();
    for (const target of targets) {
      if (!from.has(target)) continue;
      const servers: OriginId[] = [];
      for (let at = from.get(target); at !== undefined; at = from.get(at)) servers.unshift(at);
      found.set(target, { servers, doubt: Math.max(...servers.map((server) => this.doubt(server))) });
    }
    return found;
  }

  /** From where each server is reached at the least cost: a hop each, and more for doubts about those between. */
  private walk(links: Links, isOpen: (from: OriginId, to: OriginId) => boolean): ReadonlyMap<OriginId, OriginId> {
    const from = new Map<OriginId, OriginId>();
    const costs = new Map<OriginId, number>([[this.root, 0]]);
    const atCost: OriginId[][] = [[this.root]];
    for (let cost = 0; cost < atCost.length; cost += 1) {
      for (const server of atCost[cost] ?? []) {
        // It was reached at less since.
        if (costs.get(server) !== cost) continue;
        for (const peer of links.get(server) ?? []) {
          const next = cost + 1 + doubtCosts * this.doubt(peer);
          if (!isOpen(server, peer) || next >= (costs.get(peer) ?? Number.POSITIVE_INFINITY)) continue;
          costs.set(peer, next);
          from.set(peer, server);
          const beside = atCost[next];
          if (beside) beside.push(peer);
          else atCost[next] = [peer];
        }
      }
    }
    return from;
  }

  // A thousand invented links are worse than one, but not a thousand times.
  private doubt(server: OriginId): number {
    return server === this.root ? 0 : Math.ceil(Math.log2(1 + (this.failures.get(server) ?? 0)));
  }
}

/** What another round may try, one after the other: a server that spoils what it takes part in is in some, and not in all. */
function* plansOf(found: ReadonlyMap<OriginId, Way>, all: boolean): Generator<Plan> {
  if (all) yield { ways: found, isAlone: false };
  const byDoubt = [...found].sort(([, a], [, b]) => a.doubt - b.doubt);
  const least = byDoubt[0]?.[1].doubt;
  yield { ways: new Map(byDoubt.filter(([, { doubt }]) => doubt === least)), isAlone: false };
  for (const alone of byDoubt.slice(0, mostAlone)) yield { ways: new Map([alone]), isAlone: true };
}

function nameOf(servers: Iterable<OriginId>): string {
  return [...servers].sort().join();
}
