import type { Clock } from '../../core/clock.js';
import type { OriginId } from '../../core/ids.js';
import { comparePlaces, type LogPlace } from '../../core/log.js';
import { BackOff } from './back-off.js';
import { type Claim, Repair, type RepairParts } from './repair.js';

/** At once; the others wait their turn. */
const mostRepairs = 32;

interface Case {
  readonly claims: Map<OriginId, Claim>;
  readonly backOff: BackOff;
  repair: Repair | undefined;
  /** Repairs that have brought nothing since one that has. */
  failures: number;
  /** Takes the wait until the next repair back. */
  cancel: (() => void) | undefined;
}

export interface RepairsParts extends RepairParts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly onBug: (error: unknown) => void;
}

/** The logs in which something is missing. Whose claims turn out to be empty waits longer each time. */
export class Repairs {
  private readonly cases = new Map<OriginId, Case>();
  private readonly waiting = new Set<OriginId>();
  private running = 0;
  private isStopped = false;

  constructor(private readonly parts: RepairsParts) {}

  /** `peer` claims that `origin` reaches `through`. */
  need(origin: OriginId, peer: OriginId, through: LogPlace, why: string): void {
    if (this.isStopped) return;
    const found = this.caseOf(origin);
    const known = found.claims.get(peer);
    const isFarther = !known || comparePlaces(through, known.through) > 0;
    found.claims.set(peer, { through: isFarther ? through : known.through, why: why || (known?.why ?? '') });
    if (!found.repair && !found.cancel) this.start(origin);
  }

  /** How often every carrier was asked for what is missing now, and nobody brought any of it. */
  failuresOf(origin: OriginId): number {
    return this.cases.get(origin)?.failures ?? 0;
  }

  /** What `peer` has claimed counts no more. */
  forgetPeer(peer: OriginId): void {
    for (const { claims } of this.cases.values()) claims.delete(peer);
  }

  forget(origin: OriginId): void {
    const found = this.cases.get(origin);
    found?.cancel?.();
    found?.repair?.stop();
    this.cases.delete(origin);
    this.waiting.delete(origin);
  }

  stop(): void {
    this.isStopped = true;
    for (const origin of [...this.cases.keys()]) this.forget(origin);
  }

  private caseOf(origin: OriginId): Case {
    const found = this.cases.get(origin) ?? {
      claims: new Map<OriginId, Claim>(),
      backOff: new BackOff(this.parts.random),
      repair: undefined,
      failures: 0,
      cancel: undefined,
    };
    this.cases.set(origin, found);
    return found;
  }

  private start(origin: OriginId): void {
    this.waiting.add(origin);
    for (const next of this.waiting) {
      if (this.running >= mostRepairs) return;
      this.waiting.delete(next);
      const found = this.cases.get(next);
      if (found) void this.repair(next, found);
    }
  }

  private async repair(origin: OriginId, found: Case): Promise<void> {
    this.running += 1;
    found.repair = new Repair(origin, this.parts, found.claims);
    try {
      const hasGrown = await found.repair.run();
      if (hasGrown) found.backOff.reset();
      found.failures = hasGrown ? 0 : found.failures + 1;
    } catch (error) {
      this.parts.onBug(error);
    } finally {
      this.running -= 1;
      found.repair = undefined;
    }
    if (this.cases.get(origin) === found) this.after(origin, found);
    for (const next of this.waiting) this.start(next);
  }

  private after(origin: OriginId, found: Case): void {
    const { end } = this.parts.positions.of(origin);
    for (const [peer, { through }] of found.claims) if (comparePlaces(through, end) <= 0) found.claims.delete(peer);
    if (found.claims.size === 0) {
      this.cases.delete(origin);
      return;
    }
    found.cancel = this.parts.clock.after(found.backOff.next(), () => {
      found.cancel = undefined;
      if (found.claims.size > 0) this.start(origin);
      else this.cases.delete(origin);
    });
  }
}
