import { parseAddress } from '../core/address.js';
import type { Clock } from '../core/clock.js';
import { invalid, MootError } from '../core/errors.js';
import { fromId, type OriginId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import type { LinkState } from '../core/peering.js';
import type { Link, LinkStore } from '../core/stores.js';
import { readWhole } from './replicas/read-whole.js';

/** Another community that has proved its key. */
export interface Met {
  /** What it goes by. */
  readonly name: string;
  /** With what it refuses the link; undefined when it does not. */
  readonly refused?: MootError | undefined;
}

/** Where a registry says that a community is. */
export interface Found {
  readonly name: string;
  readonly address: string;
  /** All of them, where it has replicas. */
  readonly addresses?: readonly string[] | undefined;
}

/** Reaches another community. rpc/ does it over gRPC. */
export interface PeerPort {
  /**
   * Proves both keys to each other.
   * @throws MootError `unavailable` when nobody answers at `address`, `denied` when the key is not `peer`'s.
   */
  introduce(peer: OriginId, address: string): Promise<Met>;
  /** Where the registry says that `peer` is now; undefined when no registry knows. */
  lookUp(peer: OriginId): Promise<Found | undefined>;
  /** Lets go of the connection to `peer`. */
  forget(peer: OriginId): void;
}

export type PeerState = LinkState | 'unknown';

export interface PeerView extends Link {
  readonly state: PeerState;
  readonly reason: string;
}

/** The links of a community to others: made and removed by its operator, kept by id over restarts. */
export class Links {
  /** In the order in which they were made: it is the order of the search. */
  private readonly links = new Map<OriginId, Link>();
  private readonly states = new Map<OriginId, { state: LinkState; reason: string }>();
  private readonly changing = new Set<(peer: OriginId) => void>();
  /** Rises with each link that is made or removed. */
  version = 0;

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

  /** Becomes what other replicas have made of it in the store; where each peer is reached from here is this one's to know. */
  async reload(): Promise<void> {
    const kept = await readWhole(this, () => this.store.all());
    const now = new Set(kept.map(({ peer }) => peer));
    for (const peer of this.all()) if (!now.has(peer)) this.remove(peer);
    for (const link of kept) {
      const before = this.links.get(link.peer);
      this.links.set(link.peer, before ? { ...link, address: before.address } : link);
      if (!before) this.changed(link.peer);
    }
  }

  /** The peers that are searched; a link that is refused is none. */
  ids(): readonly OriginId[] {
    return this.all().filter((peer) => !this.isRefused(peer));
  }

  /** Every peer, those too that refuse the link. */
  all(): readonly OriginId[] {
    return [...this.links.keys()];
  }

  /** The other side denies the link, or has not approved it yet. */
  isRefused(peer: OriginId): boolean {
    const state = this.states.get(peer)?.state;
    return state === 'waiting' || state === 'denied';
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
   * Links to `peer`, once it has proved its key. A link that waits for the other operator is kept, and comes up by itself; to link
   * again where it is refused asks again.
   * @throws MootError `invalid` for a link to itself, `already_exists` for a second one, `full` when there are `limits.links`,
   * `denied`, and what `introduce` throws.
   */
  async connect(peer: OriginId, address: string): Promise<PeerView> {
    fromId(peer);
    parseAddress(address);
    if (peer === this.self) throw invalid('id', 'a community cannot link to itself');
    this.requireNew(peer);
    const { name, refused } = await this.port.introduce(peer, address);
    if (refused?.refusal === 'denied') {
      this.note(peer, 'denied', refused.message, 'feed');
      throw refused;
    }
    this.requireNew(peer);
    const link = { peer, name, address, sinceMs: this.links.get(peer)?.sinceMs ?? this.clock.now() };
    await this.store.put(link);
    this.links.set(peer, link);
    this.version += 1;
    const state: LinkState = refused?.refusal ?? 'up';
    const standing = { state, reason: refused?.message ?? '' };
    this.states.set(peer, standing);
    this.changed(peer);
    return { ...link, ...standing };
  }

  /** @throws MootError `not_found` when there is no such link. */
  async disconnect(peer: OriginId): Promise<PeerView> {
    const view = this.view().find((link) => link.peer === peer);
    if (!view) throw new MootError('not_found', 'there is no link to that community', { field: 'id' });
    await this.store.remove(peer);
    this.remove(peer);
    return view;
  }

  /**
   * Notes what a call to `peer` showed; one that is away is looked up again, since it may have moved. What was refused stays so
   * until a feed comes: who cannot be reached has not said yes, nor has who still answers a question from before.
   */
  note(peer: OriginId, state: LinkState, reason: string, by: 'answer' | 'feed'): void {
    if (!this.links.has(peer)) return;
    if (state === 'down') void this.refresh(peer, true);
    const before = this.states.get(peer)?.state ?? 'up';
    const wasRefused = before !== 'up' && before !== 'down';
    if (wasRefused && (state === 'down' || (state === 'up' && by === 'answer'))) return;
    const wasLink = !this.isRefused(peer);
    this.states.set(peer, { state, reason });
    if (wasLink === this.isRefused(peer)) this.changed(peer);
  }

  /** Asks the registry where every peer is now. Never throws: without a registry the last known addresses serve. */
  async refreshAll(): Promise<void> {
    await Promise.all(this.all().map((peer) => this.refresh(peer)));
  }

  /** Calls `tell` with the peer of each link that was made, removed, refused, or is refused no longer. */
  onChange(tell: (peer: OriginId) => void): void {
    this.changing.add(tell);
  }

  private readonly refreshing = new Set<OriginId>();

  private async refresh(peer: OriginId, isDown = false): Promise<void> {
    if (this.refreshing.has(peer)) return;
    this.refreshing.add(peer);
    try {
      const found = await this.port.lookUp(peer);
      const link = this.links.get(peer);
      if (!found || !link) return;
      const now = { name: found.name, address: placeFor(this.self, link.address, found, isDown) };
      if (link.address === now.address && link.name === now.name) return;
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

  private remove(peer: OriginId): void {
    this.version += 1;
    this.links.delete(peer);
    this.states.delete(peer);
    this.port.forget(peer);
    this.changed(peer);
  }

  private requireNew(peer: OriginId): void {
    const link = this.links.get(peer);
    if (link && !this.isRefused(peer))
      throw new MootError('already_exists', `there is a link to ${link.name} already`, { field: 'id' });
    if (!link && this.links.size >= limits.links)
      throw new MootError('full', `a community links to ${limits.links} others at most`, {
        field: 'id',
        hint: 'end a link that brings little: moot disconnect A B. What others link to is reached through them',
      });
  }

  private changed(peer: OriginId): void {
    for (const tell of this.changing) tell(peer);
  }
}

/** The replica that serves stays the one that is asked; when it is down it is another, and not the same one for every community. */
function placeFor(self: OriginId, current: string, { address, addresses = [address] }: Found, isDown: boolean): string {
  if (addresses.includes(current) && !(isDown && addresses.length > 1)) return current;
  const others = addresses.filter((one) => one !== current);
  const start = [...self].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return others[start % others.length] ?? address;
}

const unknown: { readonly state: PeerState; readonly reason: string } = { state: 'unknown', reason: '' };
