import { parseAddress } from '../core/address.js';
import type { Clock } from '../core/clock.js';
import { invalid, MootError } from '../core/errors.js';
import { fromId, type OriginId } from '../core/ids.js';
import type { Link, LinkStore } from '../core/stores.js';

/** Reaches another community. rpc/ does it over gRPC. */
export interface PeerPort {
  /**
   * Proves both keys to each other.
   * @returns the name the other one goes by.
   * @throws MootError `unavailable` when nobody answers at `address`, `denied` when the key is not `peer`'s or links are refused.
   */
  introduce(peer: OriginId, address: string): Promise<{ name: string }>;
  /** Where the registry says that `peer` is now; undefined when no registry knows. */
  lookUp(peer: OriginId): Promise<{ name: string; address: string } | undefined>;
  /** Lets go of the connection to `peer`. */
  forget(peer: OriginId): void;
}

export type PeerState = 'up' | 'down' | 'unknown';

export interface PeerView extends Link {
  readonly state: PeerState;
  readonly reason: string;
}

/** The links of a community to others: made and removed by its operator, kept by id over restarts. */
export class Links {
  /** In the order in which they were made: it is the order of the search. */
  private readonly links = new Map<OriginId, Link>();
  private readonly states = new Map<OriginId, { state: PeerState; reason: string }>();
  private readonly changing = new Set<() => void>();

  private constructor(
    private readonly self: OriginId,
    private readonly store: LinkStore,
    private readonly port: PeerPort,
    private readonly clock: Clock,
  ) {}

  static async open(self: OriginId, store: LinkStore, port: PeerPort, clock: Clock): Promise<Links> {
    const links = new Links(self, store, port, clock);
    const kept = [...(await store.all())].sort((a, b) => a.sinceMs - b.sinceMs || (a.peer < b.peer ? -1 : 1));
    for (const link of kept) links.links.set(link.peer, link);
    return links;
  }

  ids(): readonly OriginId[] {
    return [...this.links.keys()];
  }

  nameOf(peer: OriginId): string {
    return this.links.get(peer)?.name ?? '';
  }

  addressOf(peer: OriginId): string | undefined {
    return this.links.get(peer)?.address;
  }

  view(): readonly PeerView[] {
    return [...this.links.values()].map((link) => ({ ...link, ...(this.states.get(link.peer) ?? unknown) }));
  }

  /**
   * Links to `peer`, once it has proved its key.
   * @throws MootError `invalid` for a link to itself, `already_exists` for a second one, and what `introduce` throws.
   */
  async connect(peer: OriginId, address: string): Promise<PeerView> {
    fromId(peer);
    parseAddress(address);
    if (peer === this.self) throw invalid('id', 'a community cannot link to itself');
    this.requireNew(peer);
    const { name } = await this.port.introduce(peer, address);
    this.requireNew(peer);
    const link = { peer, name, address, sinceMs: this.clock.now() };
    await this.store.put(link);
    this.links.set(peer, link);
    this.states.set(peer, { state: 'up', reason: '' });
    this.changed();
    return { ...link, state: 'up', reason: '' };
  }

  /** @throws MootError `not_found` when there is no such link. */
  async disconnect(peer: OriginId): Promise<PeerView> {
    const view = this.view().find((link) => link.peer === peer);
    if (!view) throw new MootError('not_found', 'there is no link to that community', { field: 'id' });
    await this.store.remove(peer);
    this.links.delete(peer);
    this.states.delete(peer);
    this.port.forget(peer);
    this.changed();
    return view;
  }

  /** Notes what a call to `peer` showed; one that is away is looked up again, since it may have moved. */
  note(peer: OriginId, state: 'up' | 'down', reason: string): void {
    if (!this.links.has(peer)) return;
    this.states.set(peer, { state, reason });
    if (state === 'down') void this.refresh(peer);
  }

  /** Asks the registry where every peer is now. Never throws: without a registry the last known addresses serve. */
  async refreshAll(): Promise<void> {
    await Promise.all(this.ids().map((peer) => this.refresh(peer)));
  }

  /** Calls `tell` after each link that was made or removed. */
  onChange(tell: () => void): void {
    this.changing.add(tell);
  }

  private readonly refreshing = new Set<OriginId>();

  private async refresh(peer: OriginId): Promise<void> {
    if (this.refreshing.has(peer)) return;
    this.refreshing.add(peer);
    try {
      const now = await this.port.lookUp(peer);
      const link = this.links.get(peer);
      if (!now || !link || (link.address === now.address && link.name === now.name)) return;
      const moved = { ...link, ...now };
      await this.store.put(moved);
      if (this.links.has(peer)) this.links.set(peer, moved);
      if (link.address !== now.address) this.port.forget(peer);
    } catch {
      // The registry is away: what is known serves, and the next failed call asks again.
    } finally {
      this.refreshing.delete(peer);
    }
  }

  private requireNew(peer: OriginId): void {
    const link = this.links.get(peer);
    if (link) throw new MootError('already_exists', `there is a link to ${link.name} already`, { field: 'id' });
  }

  private changed(): void {
    for (const tell of this.changing) tell();
  }
}

const unknown: { readonly state: PeerState; readonly reason: string } = { state: 'unknown', reason: '' };
