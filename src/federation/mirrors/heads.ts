import type { Clock } from '../../core/clock.js';
import { type Head, noHash } from '../../core/entry.js';
import type { OriginId } from '../../core/ids.js';
import { comparePlaces, type LogPlace, type LogStore } from '../../core/log.js';
import { isNewerHead } from '../../core/newer-head.js';
import type { KeyRing } from '../../identity/key-ring.js';
import type { Identity } from '../../identity/keys.js';
import { isHeadValid, signHead } from '../../identity/seal.js';
import { feedBounds } from './feed-bounds.js';
import type { Positions } from './positions.js';

/** The newest word of each origin on the length of its log, the own one among them. */
export class Heads {
  private readonly heads = new Map<OriginId, Head>();
  /** Since when a head says more than what came. */
  private readonly longerSince = new Map<OriginId, number>();
  private readonly kept = new Map<OriginId, { readonly head: Head; readonly atMs: number }>();
  /** When a head of it was last kept that was newer than the one before. */
  private readonly renewed = new Map<OriginId, number>();
  /** The longest that a head has said a log is, and when that was first said here. */
  private readonly longest = new Map<OriginId, { readonly place: LogPlace; readonly atMs: number }>();
  private readonly split = new Map<OriginId, Split>();
  private own: Head | undefined;

  constructor(
    private readonly identity: Identity,
    private readonly positions: Positions,
    private readonly logs: LogStore,
    private readonly clock: Clock,
    private readonly ring: KeyRing,
  ) {}

  /** Signed anew when it has changed or is older than half a heartbeat, so that each heartbeat has a new one. */
  ownHead(): Head {
    const { end, lastSeal } = this.positions.of(this.identity.id);
    const nowMs = Math.round(this.clock.now());
    const { own } = this;
    const isOld = !own || nowMs - own.asOfMs >= feedBounds.heartbeatMs / 2 || nowMs < own.asOfMs;
    if (own && !isOld && comparePlaces(own, end) === 0) return own;
    this.own = signHead(this.identity, { ...end, lastSeal }, nowMs);
    return this.own;
  }

  of(origin: OriginId): Head | undefined {
    return origin === this.identity.id ? this.ownHead() : this.heads.get(origin);
  }

  /** By which key its newest head is signed. */
  keyOf(origin: OriginId): Uint8Array | undefined {
    return origin === this.identity.id ? this.identity.publicKey : this.heads.get(origin)?.publicKey;
  }

  /** What was kept, when the server stopped or by another replica. */
  recall(head: Head): void {
    const known = this.heads.get(head.origin);
    if (known && !isNewerHead(head, known)) return;
    this.kept.set(head.origin, { head, atMs: Number.NEGATIVE_INFINITY });
    this.heads.set(head.origin, head);
    this.longest.set(head.origin, { place: head, atMs: Number.NEGATIVE_INFINITY });
  }

  /** Keeps it when it is newer than what is known. @returns false when its origin did not sign it, or with a key that it has replaced. */
  note(head: Head): boolean {
    const known = this.heads.get(head.origin);
    const isSplit = known !== undefined && !this.split.has(head.origin) && areTwoLogs(head, known);
    if (known && !isNewerHead(head, known) && !isSplit) return true;
    if (!isHeadValid(head) || !this.ring.acceptsHead(head)) return false;
    if (isSplit) this.noteSplit(head);
    if (known && !isNewerHead(head, known)) return true;
    this.heads.set(head.origin, head);
    this.renewed.set(head.origin, this.clock.monotonic());
    if (!known || comparePlaces(head, known) > 0)
      this.longest.set(head.origin, { place: head, atMs: this.clock.monotonic() });
    if (this.isLonger(head))
      this.longerSince.set(head.origin, this.longerSince.get(head.origin) ?? this.clock.monotonic());
    this.keep(head);
    return true;
  }

  /** For how many milliseconds a head has said more than what is here. */
  behindMs(origin: OriginId): number {
    const head = this.heads.get(origin);
    const since = this.longerSince.get(origin);
    if (!head || since === undefined) return 0;
    if (this.isLonger(head)) return this.clock.monotonic() - since;
    this.longerSince.delete(origin);
    return 0;
  }

  /** How far a head has said that a log has come, if that was known before `beforeMs` of the monotonic clock. */
  shown(origin: OriginId, beforeMs: number): LogPlace | undefined {
    const longest = this.longest.get(origin);
    return longest && longest.atMs <= beforeMs ? longest.place : undefined;
  }

  /** When a newer head of it last came, on the monotonic clock; minus infinity: not in this run. */
  renewedMs(origin: OriginId): number {
    return this.renewed.get(origin) ?? Number.NEGATIVE_INFINITY;
  }

  /** Its community has signed two logs for the same place: proof that what it shows differs from reader to reader. */
  splitOf(origin: OriginId): Split | undefined {
    return this.split.get(origin);
  }

  /** Keeps what has changed since it was last kept. */
  keepAll(): void {
    for (const head of this.heads.values()) if (this.kept.get(head.origin)?.head !== head) this.write(head);
  }

  forget(origin: OriginId): void {
    for (const each of [this.heads, this.longerSince, this.kept, this.renewed, this.longest, this.split])
      each.delete(origin);
  }

  private noteSplit({ origin, seq }: Head): void {
    const reason = `its community has signed two different logs up to entry ${seq}`;
    this.split.set(origin, { reason, sinceMs: this.clock.now() });
  }

  private isLonger(head: Head): boolean {
    return comparePlaces(head, this.positions.of(head.origin).end) > 0;
  }

  /** Once in half a minute is enough for a log: each costs a sync of the disk. By a new key, the old one is known to be replaced. */
  private keep(head: Head): void {
    const kept = this.kept.get(head.origin);
    const isByNewKey = kept !== undefined && head.publicKey.length > kept.head.publicKey.length;
    if (!kept || isByNewKey || this.clock.monotonic() - kept.atMs >= feedBounds.keepHeadsMs) this.write(head);
  }

  private write(head: Head): void {
    this.kept.set(head.origin, { head, atMs: this.clock.monotonic() });
    // Only a memory: what cannot be kept is told again with the next heartbeat.
    this.logs.noteHead(head).catch(() => undefined);
  }
}

export interface Split {
  readonly reason: string;
  /** By the wall clock. */
  readonly sinceMs: number;
}

/** The same place after two different seals. */
function areTwoLogs(a: Head, b: Head): boolean {
  const isKnown = Buffer.compare(a.lastSeal, noHash) !== 0 && Buffer.compare(b.lastSeal, noHash) !== 0;
  return isKnown && comparePlaces(a, b) === 0 && Buffer.compare(a.lastSeal, b.lastSeal) !== 0;
}
