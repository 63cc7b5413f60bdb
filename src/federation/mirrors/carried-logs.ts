import type { Carried } from '../../core/following.js';
import type { OriginId } from '../../core/ids.js';
import { logStart } from '../../core/log.js';
import { type Announced, Carriers } from './carriers.js';
import type { Heads } from './heads.js';
import type { Positions } from './positions.js';
import type { Bringers } from './take-queue.js';
import type { ToldWays } from './told-ways.js';

export interface CarriedParts {
  readonly self: OriginId;
  readonly name: () => string;
  readonly positions: Positions;
  readonly heads: Heads;
  /** Links, now. */
  readonly links: () => readonly OriginId[];
  readonly mostOrigins: number;
  /** A log has no way to this server any more. */
  readonly drop: (origin: OriginId) => void;
}

/** The logs that this server has on offer: the own one, and those that a link carries on a way that does not lead through it. */
export class CarriedLogs implements Bringers {
  private readonly carriers: Carriers;
  /** Links that have said all they carry, in this run. */
  private readonly haveTold = new Set<OriginId>();
  /** Mirrors from before the start that nobody has announced yet, and who brought them. */
  private readonly waiting = new Map<OriginId, OriginId | undefined>();

  constructor(private readonly parts: CarriedParts) {
    this.carriers = new Carriers(parts.self, parts.mostOrigins);
    this.carriers.onChange((origin) => {
      if (!this.isCarried(origin) && !this.waiting.has(origin)) parts.drop(origin);
    });
  }

  /** A mirror that is there from before the start. */
  recall(origin: OriginId, via: OriginId | undefined): void {
    this.waiting.set(origin, via);
  }

  announce(peer: OriginId, carried: Carried): Announced {
    const announced = this.carriers.announce(peer, carried);
    if (announced === 'carried') this.waiting.delete(carried.origin);
    return announced;
  }

  withdraw(peer: OriginId, origin: OriginId): void {
    this.carriers.withdraw(peer, origin);
  }

  hasTold(peer: OriginId): void {
    if (this.haveTold.has(peer) || !this.parts.links().includes(peer)) return;
    this.haveTold.add(peer);
    this.dropOrphans();
  }

  /** What `peer` carries, as far as it has said. */
  told(peer: OriginId): ToldWays {
    return { isAll: this.haveTold.has(peer), ways: this.carriers.waysOf(peer) };
  }

  /** What `peer` has told another replica. */
  hear(peer: OriginId, { isAll, ways }: ToldWays): void {
    const now = new Set(ways.map(({ origin }) => origin));
    for (const { origin } of this.carriers.waysOf(peer)) if (!now.has(origin)) this.carriers.withdraw(peer, origin);
    for (const way of ways) this.announce(peer, { ...way, after: logStart, head: undefined });
    if (isAll) this.hasTold(peer);
  }

  removeLink(peer: OriginId): void {
    this.haveTold.delete(peer);
    for (const [origin, via] of this.waiting) if (via === peer) this.waiting.set(origin, undefined);
    this.carriers.removePeer(peer);
  }

  /** Mirrors from before the start go when the link that brought them has spoken and does not carry them any more. */
  dropOrphans(): void {
    const links = this.parts.links();
    const isSilent = (peer: OriginId): boolean => !this.haveTold.has(peer);
    const anySilent = links.some(isSilent);
    for (const [origin, via] of [...this.waiting]) {
      if (via !== undefined && links.includes(via) ? isSilent(via) : anySilent) continue;
      this.waiting.delete(origin);
      this.carriers.changed(origin);
    }
  }

  isCarried(origin: OriginId): boolean {
    return this.carriers.best(origin) !== undefined;
  }

  /** True for a mirror from before the start whose link has not spoken yet: it is neither on offer nor gone. */
  isWaiting(origin: OriginId): boolean {
    return this.waiting.has(origin);
  }

  /** True when what `peer` sends of this log is wanted. */
  isWanted(peer: OriginId, origin: OriginId): boolean {
    return origin === this.parts.self || this.carriers.has(peer, origin);
  }

  isOnlyWay(origin: OriginId): boolean {
    return this.carriers.of(origin).length < 2;
  }

  /** Whom to ask for a log, the origin first. */
  carriersOf(origin: OriginId): readonly OriginId[] {
    return this.carriers.of(origin);
  }

  /** How many links lie between here and the origin, on the shortest way. */
  hopsTo(origin: OriginId): number {
    return this.carriers.best(origin)?.path.length ?? 1;
  }

  /** All but the own one. */
  origins(): readonly OriginId[] {
    return this.carriers.origins();
  }

  /** How a log is on offer to `caller`; undefined when it is not carried, or only by way of the caller. */
  offer(origin: OriginId, caller?: OriginId): Carried | undefined {
    const { self, name, positions, heads } = this.parts;
    const after = positions.after(origin);
    const head = heads.of(origin);
    if (origin === self) return { origin, name: name(), path: [], after, head };
    const way = this.carriers.best(origin, caller);
    return way && { origin, name: way.name, path: way.path, after, head };
  }

  /** Calls `listener` when a log may be on offer in another way than before. @returns takes it back. */
  onChange(listener: (origin: OriginId) => void): () => void {
    return this.carriers.onChange(listener);
  }
}
