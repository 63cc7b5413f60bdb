import type { Clock } from '../../core/clock.js';
import type { OriginId } from '../../core/ids.js';
import { type LeaseStore, replicaLeases, replicaMs } from '../../core/leases.js';

/** One of the programs that run a community together. */
export interface Replica {
  readonly id: string;
  /** Where others find it. */
  readonly address: string;
}

export interface ReplicasParts {
  readonly self: string;
  readonly leases: LeaseStore;
  readonly clock: Clock;
  /** Gives each peer its share: rises with how well a replica suits a peer. */
  readonly suits: (replica: string, peer: OriginId) => number;
}

/** A replica that dies is gone for the others after its lease and one of these. */
const beatMs = 500;
/** One entry of a registry holds no more addresses. */
const mostListed = 16;

/**
 * The replicas of one community that are there now. Each holds a lease in the store that they share; what is to be done by
 * one of them is done by the one that all of them work out from the same list.
 */
export class Replicas {
  private live: readonly Replica[];
  private address = (): string => '';
  private held: string | undefined;
  private readonly changing = new Set<() => void>();
  private cancel = (): void => undefined;
  private isStopped = false;

  constructor(private readonly parts: ReplicasParts) {
    this.live = [{ id: parts.self, address: '' }];
  }

  /** Joins the others, which find it at `address`. @throws what the store throws. */
  async start(address: () => string): Promise<void> {
    this.address = address;
    await this.look();
    this.next();
  }

  get isAlone(): boolean {
    return this.live.length === 1;
  }

  get self(): string {
    return this.parts.self;
  }

  get count(): number {
    return this.live.length;
  }

  /** Of all of them, this one among them. */
  addresses(): readonly string[] {
    const now = this.live.map((one) => (one.id === this.parts.self ? this.address() : one.address));
    return now.slice(0, mostListed);
  }

  othersAddresses(): readonly string[] {
    return this.live.filter(({ id }) => id !== this.parts.self).map(({ address }) => address);
  }

  /** Whether this replica looks after the link to `peer`; every link has one that does. */
  looksAfter(peer: OriginId): boolean {
    return this.whoLooksAfter(peer) === this.parts.self;
  }

  /** The id of the replica that looks after the link to `peer`, as far as is known here. */
  whoLooksAfter(peer: OriginId): string {
    const { self, suits } = this.parts;
    return this.live.reduce((best, { id }) => (suits(id, peer) > suits(best, peer) ? id : best), self);
  }

  /** Whether this replica does what one of them does for all. */
  get isFirst(): boolean {
    return this.looksAfter('');
  }

  /** Calls `tell` when one of them has come or gone, or has another address. */
  onChange(tell: () => void): void {
    this.changing.add(tell);
  }

  /** Leaves the others. Never rejects: the lease ends by itself. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.cancel();
    const { held } = this;
    if (held !== undefined)
      await this.parts.leases.release(replicaLeases + this.parts.self, held).catch(() => undefined);
  }

  private next(): void {
    this.cancel = this.parts.clock.after(beatMs, () => {
      // A store that is away is there again some time; until then the others are where they were.
      void this.look()
        .catch(() => undefined)
        .finally(() => {
          if (!this.isStopped) this.next();
        });
    });
  }

  private async look(): Promise<void> {
    const { leases, self } = this.parts;
    const holder = this.address();
    if (this.held !== undefined && this.held !== holder) await leases.release(replicaLeases + self, this.held);
    await leases.hold(replicaLeases + self, holder, replicaMs);
    this.held = holder;
    if (this.isStopped) return;
    const holders = await leases.holders(replicaLeases);
    const others = holders
      .map(({ name, holder: at }) => ({ id: name.slice(replicaLeases.length), address: at }))
      .filter(({ id }) => id !== self);
    this.become([...others, { id: self, address: holder }].sort((a, b) => (a.id < b.id ? -1 : 1)));
  }

  private become(live: readonly Replica[]): void {
    const isNew = JSON.stringify(live) !== JSON.stringify(this.live);
    this.live = live;
    if (isNew) for (const tell of this.changing) tell();
  }
}
