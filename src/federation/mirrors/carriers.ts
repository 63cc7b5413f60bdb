import type { Carried } from '../../core/following.js';
import type { OriginId } from '../../core/ids.js';
import { Listeners } from '../../core/listeners.js';
import { feedBounds } from './feed-bounds.js';

/** A way on which a log comes here. */
export interface Way {
  readonly peer: OriginId;
  readonly name: string;
  /** From the peer to the origin. */
  readonly path: readonly OriginId[];
}

export type Announced = 'carried' | 'loops' | 'malformed' | 'too many';

/** Which links carry which logs, by what the peers say. Paths are vectors: one that holds this server is no way to it. */
export class Carriers {
  private readonly ways = new Map<OriginId, Map<OriginId, Way>>();
  private readonly counts = new Map<OriginId, number>();
  private readonly listeners = new Listeners<OriginId>();

  constructor(
    private readonly self: OriginId,
    private readonly mostOrigins: number = feedBounds.originsPerLink,
  ) {}

  announce(peer: OriginId, { origin, name, path }: Carried): Announced {
    const way: Way = { peer, name, path: [peer, ...path] };
    if (way.path.at(-1) !== origin || way.path.length > feedBounds.pathServers || hasTwice(way.path))
      return 'malformed';
    if (way.path.includes(this.self)) {
      this.withdraw(peer, origin);
      return 'loops';
    }
    const ways = this.ways.get(origin) ?? new Map<OriginId, Way>();
    const before = ways.get(peer);
    const count = this.counts.get(peer) ?? 0;
    if (!before && count >= this.mostOrigins) return 'too many';
    if (!before) this.counts.set(peer, count + 1);
    ways.set(peer, way);
    this.ways.set(origin, ways);
    if (before?.name !== name || before.path.join() !== way.path.join()) this.changed(origin);
    return 'carried';
  }

  /** @returns false when `peer` did not carry it. */
  withdraw(peer: OriginId, origin: OriginId): boolean {
    const ways = this.ways.get(origin);
    if (!ways?.delete(peer)) return false;
    if (ways.size === 0) this.ways.delete(origin);
    this.counts.set(peer, (this.counts.get(peer) ?? 1) - 1);
    this.changed(origin);
    return true;
  }

  removePeer(peer: OriginId): void {
    for (const [origin, ways] of [...this.ways]) if (ways.has(peer)) this.withdraw(peer, origin);
    this.counts.delete(peer);
  }

  has(peer: OriginId, origin: OriginId): boolean {
    return this.ways.get(origin)?.has(peer) === true;
  }

  /** Its carriers, the origin itself first. */
  of(origin: OriginId): readonly OriginId[] {
    return this.sorted(origin).map(({ peer }) => peer);
  }

  /** The shortest way that does not lead through `except`. */
  best(origin: OriginId, except?: OriginId): Way | undefined {
    return this.sorted(origin).find(({ path }) => except === undefined || !path.includes(except));
  }

  /** What `peer` carries: each log with the servers between the peer and its origin. */
  waysOf(peer: OriginId): readonly Pick<Carried, 'origin' | 'name' | 'path'>[] {
    return [...this.ways].flatMap(([origin, ways]) => {
      const way = ways.get(peer);
      return way ? [{ origin, name: way.name, path: way.path.slice(1) }] : [];
    });
  }

  origins(): readonly OriginId[] {
    return [...this.ways.keys()];
  }

  /** Calls `listener` when the ways of a log have changed. @returns takes it back. */
  onChange(listener: (origin: OriginId) => void): () => void {
    return this.listeners.add(listener);
  }

  /** Tells the listeners of it, whether or not a way has changed. */
  changed(origin: OriginId): void {
    this.listeners.tell(origin);
  }

  private sorted(origin: OriginId): readonly Way[] {
    const ways = [...(this.ways.get(origin)?.values() ?? [])];
    return ways.sort((a, b) => a.path.length - b.path.length || (a.peer < b.peer ? -1 : 1));
  }
}

function hasTwice(path: readonly OriginId[]): boolean {
  return new Set(path).size !== path.length;
}
