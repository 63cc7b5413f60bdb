import type { OriginId } from '../core/ids.js';
import type { EntryAge } from '../core/server-entry.js';

interface Claim {
  newest: EntryAge;
  /** Folded names, the newest last, and until when each is held. */
  readonly names: Map<string, number>;
  untilMs: number;
}

type Heard = EntryAge & { readonly id: OriginId };

/** A key that renames itself again and again keeps its newest names only, so that it cannot hold them all. */
const namesEach = 4;

/**
 * What is remembered of a key after its lease: its newest counter, so that an old entry cannot bring it back, and its names.
 * Bounded: past `most` keys the one that was heard of longest ago is forgotten first. Times are the caller's, and only rise.
 */
export class Claims {
  // Both in the order in which they were last heard of.
  private readonly claims = new Map<OriginId, Claim>();
  private readonly holders = new Map<string, OriginId>();

  constructor(private readonly most: number) {}

  /** Of the newest entry heard of `id`; undefined when nothing is remembered. */
  newestOf(id: OriginId, nowMs: number): EntryAge | undefined {
    return this.claimOf(id, nowMs)?.newest;
  }

  /** Whose `folded` is now, if anyone's. */
  holderOf(folded: string, nowMs: number): OriginId | undefined {
    const holder = this.holders.get(folded);
    const until = holder === undefined ? undefined : this.claims.get(holder)?.names.get(folded);
    return until !== undefined && until > nowMs ? holder : undefined;
  }

  /** Holds `folded` for `id` until `untilMs`. `isListed` keys are not forgotten. */
  hold({ id, ...age }: Heard, folded: string, untilMs: number, isListed: (id: OriginId) => boolean): void {
    const names = this.claims.get(id)?.names ?? new Map<string, number>();
    this.claims.delete(id);
    this.claims.set(id, { newest: ageOf(age), names, untilMs });
    names.delete(folded);
    names.set(folded, untilMs);
    this.holders.set(folded, id);
    for (const oldest of names.keys()) {
      if (names.size <= namesEach) break;
      names.delete(oldest);
      this.release(oldest, id);
    }
    this.forget(isListed);
  }

  /** Remembers a newer entry of a server that is known. */
  raise({ id, ...age }: Heard): void {
    const claim = this.claims.get(id);
    if (claim) claim.newest = ageOf(age);
  }

  private claimOf(id: OriginId, nowMs: number): Claim | undefined {
    const claim = this.claims.get(id);
    return claim && claim.untilMs > nowMs ? claim : undefined;
  }

  // A listed key at the front means that all behind it were heard of within one lease: then it may be more for that long.
  private forget(isListed: (id: OriginId) => boolean): void {
    for (const [id, claim] of this.claims) {
      if (this.claims.size <= this.most || isListed(id)) return;
      this.claims.delete(id);
      for (const name of claim.names.keys()) this.release(name, id);
    }
  }

  private release(name: string, id: OriginId): void {
    if (this.holders.get(name) === id) this.holders.delete(name);
  }
}

/** And no more of the entry. */
function ageOf({ rotations, counter }: EntryAge): EntryAge {
  return { rotations, counter };
}
