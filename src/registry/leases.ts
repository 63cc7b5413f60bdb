import type { OriginId } from '../core/ids.js';
import { type ServerEntry, type SignedServerEntry, saysTheSame } from '../core/server-entry.js';

export interface Listing {
  readonly entry: ServerEntry;
  readonly signed: SignedServerEntry;
  readonly folded: string;
  readonly renewedMs: number;
  readonly expiresMs: number;
}

/** Where a listing stands among all: they are in the order of folded names, then ids. */
export interface Place {
  readonly folded: string;
  readonly id: OriginId;
}

/** Who is listed now. Nothing ends a lease but looking at it: whoever reads says what time it is, and times only rise. */
export class Leases {
  // In the order of renewal, which is that of ending, since every lease is as long.
  private readonly listings = new Map<OriginId, Listing>();
  private order: readonly Place[] | undefined;
  private bytes = 0;

  /** `changed` is called for each server that has come, gone, or says something else than before. */
  constructor(private readonly changed: (id: OriginId) => void) {}

  get(id: OriginId, nowMs: number): Listing | undefined {
    this.sweep(nowMs);
    return this.listings.get(id);
  }

  put(listing: Listing): void {
    const { entry, signed, folded } = listing;
    const known = this.listings.get(entry.id);
    // A renewal under the same name stands where it stood: no need to sort again.
    const order = known?.folded === folded ? this.order : undefined;
    this.take(entry.id);
    this.listings.set(entry.id, listing);
    this.bytes += signed.entry.length;
    this.order = order;
    if (!known || !saysTheSame(known.entry, entry)) this.changed(entry.id);
  }

  remove(id: OriginId): void {
    if (this.take(id)) this.changed(id);
  }

  /** When the first lease ends; undefined when nobody is listed. */
  firstEndMs(nowMs: number): number | undefined {
    this.sweep(nowMs);
    const [first] = this.listings.values();
    return first?.expiresMs;
  }

  /** How many are listed, and the bytes of their entries. */
  size(nowMs: number): { servers: number; bytes: number } {
    this.sweep(nowMs);
    return { servers: this.listings.size, bytes: this.bytes };
  }

  /** The places of all that are listed, in order. */
  places(nowMs: number): readonly Place[] {
    this.sweep(nowMs);
    this.order ??= [...this.listings.values()]
      .map(({ folded, entry }) => ({ folded, id: entry.id }))
      .sort(comparePlaces);
    return this.order;
  }

  private take(id: OriginId): boolean {
    const listing = this.listings.get(id);
    if (!listing) return false;
    this.listings.delete(id);
    this.bytes -= listing.signed.entry.length;
    this.order = undefined;
    return true;
  }

  private sweep(nowMs: number): void {
    for (const [id, listing] of this.listings) {
      if (listing.expiresMs > nowMs) return;
      this.remove(id);
    }
  }
}

/** Below 0 when `a` stands before `b`. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.folded !== b.folded) return a.folded < b.folded ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
