import type { Clock } from '../../core/clock.js';
import type { NotFed } from '../../core/following.js';
import type { OriginId } from '../../core/ids.js';
import { comparePlaces, type LogPlace } from '../../core/log.js';
import type { CarriedLogs } from './carried-logs.js';
import { feedBounds } from './feed-bounds.js';
import type { Heads } from './heads.js';
import type { Positions } from './positions.js';
import type { Repairs } from './repairs.js';

/** A log is not as long here as its origin has said that it is. */
interface Withheld {
  readonly origin: OriginId;
  /** Links that carry it, and bring other things. */
  readonly by: readonly OriginId[];
  readonly reason: string;
  /** By the wall clock. */
  readonly sinceMs: number;
}

export interface ShortLogsParts {
  readonly clock: Clock;
  readonly carried: CarriedLogs;
  readonly heads: Heads;
  readonly positions: Positions;
  readonly repairs: Repairs;
  readonly peerName: (peer: OriginId) => string;
  /** Since when a link has brought frames without a break, on the monotonic clock; undefined: it brings none. */
  readonly fedSinceMs: (peer: OriginId) => number | undefined;
  /** Once when a log is found to be withheld, and once when it is not any more. */
  readonly onChange: (text: string) => void;
  readonly nameOf: (origin: OriginId) => string;
}

/**
 * Tells logs that are kept short from logs that are short. Nobody is accused of what may yet come: a log is looked for at every
 * carrier when it has stood still for a heartbeat while a head says more, and is withheld when that has failed twice.
 */
export class ShortLogs {
  /** Where each log stood at the last look, if a head said more. */
  private readonly stood = new Map<OriginId, LogPlace>();
  private told: ReadonlySet<OriginId> = new Set();

  constructor(private readonly parts: ShortLogsParts) {}

  /** To be called each heartbeat. */
  look(): void {
    this.lookForShort();
    const { nameOf, onChange } = this.parts;
    const withheld = new Map(this.all().map((each) => [each.origin, each]));
    for (const [origin, each] of withheld) if (!this.told.has(origin)) onChange(this.inWords(each));
    for (const origin of this.told)
      if (!withheld.has(origin)) onChange(`the log of ${nameOf(origin)} is as it should be again`);
    this.told = new Set(withheld.keys());
  }

  /** The links that bring frames, but not all that they should. */
  links(): readonly NotFed[] {
    return this.all().flatMap((each) =>
      each.by.map((peer) => ({
        peer,
        name: this.parts.peerName(peer),
        reason: this.inWords(each),
        sinceMs: each.sinceMs,
      })),
    );
  }

  private inWords({ origin, reason }: Withheld): string {
    return `withheld of ${this.parts.nameOf(origin)}: ${reason}`;
  }

  private lookForShort(): void {
    const { carried, heads, positions, repairs } = this.parts;
    for (const origin of carried.origins()) {
      const head = heads.of(origin);
      const { end } = positions.of(origin);
      const [carrier] = carried.carriersOf(origin);
      if (!head || carrier === undefined || comparePlaces(head, end) <= 0) {
        this.stood.delete(origin);
        continue;
      }
      const before = this.stood.get(origin);
      this.stood.set(origin, end);
      const standsStill = before !== undefined && comparePlaces(before, end) === 0;
      if (standsStill && heads.behindMs(origin) >= feedBounds.repairMs) repairs.need(origin, carrier, head, '');
    }
  }

  /** What is known to be kept back of the log of `origin`, or to be wrong with it. */
  withheld(origin: OriginId): Withheld | undefined {
    const { carried, clock, heads, positions, repairs } = this.parts;
    const by = carried.carriersOf(origin).filter((peer) => this.parts.fedSinceMs(peer) !== undefined);
    const split = heads.splitOf(origin);
    if (split) return { origin, by, reason: split.reason, sinceMs: split.sinceMs };
    const head = heads.of(origin);
    const { end } = positions.of(origin);
    if (!head || comparePlaces(head, end) <= 0 || repairs.failuresOf(origin) < 2 || by.length === 0) return undefined;
    const reason = `its log ends at entry ${end.seq} here, and its head says ${head.seq}: ${this.names(by)} did not bring the rest`;
    return { origin, by, reason, sinceMs: Math.round(clock.now() - heads.behindMs(origin)) };
  }

  /** Says that no head has come of `origin`, though each link that carries it brings other things; else undefined. */
  quiet(origin: OriginId): string | undefined {
    const { carried, clock, fedSinceMs, heads } = this.parts;
    const fed = carried.carriersOf(origin).filter((peer) => fedSinceMs(peer) !== undefined);
    if (fed.length === 0) return undefined;
    const sinceMs = Math.max(heads.renewedMs(origin), ...fed.map((peer) => fedSinceMs(peer) ?? 0));
    const quietMs = clock.monotonic() - sinceMs;
    // Each server on the way passes heads on once a heartbeat.
    const mostMs = feedBounds.silenceMs + feedBounds.heartbeatMs * (carried.hopsTo(origin) - 1);
    if (quietMs < mostMs) return undefined;
    return `no new head for ${Math.floor(quietMs / 1000)} s through ${this.names(fed)}`;
  }

  private all(): readonly Withheld[] {
    return this.parts.carried.origins().flatMap((origin) => this.withheld(origin) ?? []);
  }

  private names(peers: readonly OriginId[]): string {
    return peers.map((peer) => this.parts.peerName(peer) || `${peer.slice(0, 12)}…`).join(' and ');
  }
}
