import type { Clock } from '../core/clock.js';
import type { OriginId } from '../core/ids.js';
import type { LinkRequest, PeeringStore } from '../core/peering.js';

/** More are not kept: keys cost nothing, and whoever still wants a link asks again within half a minute. */
const mostRequests = 1_000;
/** However many ask, the disk is written to this often. */
const keepMs = 1_000;

/** The servers that would link here and wait for the operator; who has not asked for longest is forgotten first. */
export class LinkRequests {
  /** In the order in which they asked last. */
  private readonly requests = new Map<OriginId, LinkRequest>();
  private readonly unkept = new Set<OriginId>();
  private keeping: (() => void) | undefined;

  private constructor(
    private readonly store: PeeringStore,
    private readonly clock: Clock,
  ) {}

  static async open(store: PeeringStore, clock: Clock): Promise<LinkRequests> {
    const requests = new LinkRequests(store, clock);
    const kept = [...(await store.requests())].sort((a, b) => a.lastMs - b.lastMs);
    for (const request of kept) requests.requests.set(request.peer, request);
    return requests;
  }

  /** Becomes what other replicas have made of it in the store, but for what is not there yet. */
  async reload(): Promise<void> {
    const kept = new Map((await this.store.requests()).map((request) => [request.peer, request]));
    for (const peer of new Set([...this.requests.keys(), ...kept.keys()])) {
      if (this.unkept.has(peer)) continue;
      const request = kept.get(peer);
      if (request) this.requests.set(peer, request);
      else this.requests.delete(peer);
    }
  }

  all(): readonly LinkRequest[] {
    return [...this.requests.values()];
  }

  of(peer: OriginId): LinkRequest | undefined {
    return this.requests.get(peer);
  }

  /** `peer` has asked, under this name. */
  note(peer: OriginId, name: string): void {
    const lastMs = this.clock.now();
    const firstMs = this.requests.get(peer)?.firstMs ?? lastMs;
    this.requests.delete(peer);
    this.requests.set(peer, { peer, name, firstMs, lastMs });
    this.change(peer);
    const [oldest] = this.requests.keys();
    if (this.requests.size > mostRequests && oldest !== undefined) this.remove(oldest);
  }

  remove(peer: OriginId): void {
    if (this.requests.delete(peer)) this.change(peer);
  }

  /** Puts on the disk what is not there yet. Requests come again, so that a disk which refuses costs nothing. */
  async keep(): Promise<void> {
    this.keeping?.();
    this.keeping = undefined;
    const changed = [...this.unkept];
    if (changed.length === 0) return;
    this.unkept.clear();
    const put = changed.flatMap((peer) => this.requests.get(peer) ?? []);
    const gone = changed.filter((peer) => !this.requests.has(peer));
    await this.store.changeRequests(put, gone).catch(() => undefined);
  }

  private change(peer: OriginId): void {
    this.unkept.add(peer);
    this.keeping ??= this.clock.after(keepMs, () => void this.keep());
  }
}
