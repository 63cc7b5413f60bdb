import type { Clock } from '../core/clock.js';
import type { ErrorCode } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { LinkState } from '../core/peering.js';
import { type Attempt, Breaker, type BreakerState } from './breaker.js';

export interface BreakersParts {
  readonly clock: Clock;
  /** From 0 to 1, for back-off. */
  readonly random: () => number;
  /** What was seen of a peer. */
  readonly note?: (peer: OriginId, state: LinkState, reason: string, by: 'answer' | 'feed') => void;
  /** `peer` is not called from now on, and its connection is broken: the next try had better dial anew, without a back-off. */
  readonly onBroken?: (peer: OriginId) => void;
}

/** A breaker for each peer. What queries see of one and what its feed shows count together. */
export class Breakers {
  private readonly breakers = new Map<OriginId, Breaker>();

  constructor(private readonly parts: BreakersParts) {}

  of(peer: OriginId): Breaker {
    const breaker = this.breakers.get(peer) ?? new Breaker(this.parts.clock, this.parts.random);
    this.breakers.set(peer, breaker);
    return breaker;
  }

  /** How those stand that have been asked for. */
  states(): readonly BreakerState[] {
    return [...this.breakers.values()].map(({ state }) => state);
  }

  /** `peer` is there, or it is not, or not for us. */
  note(peer: OriginId, state: LinkState, reason: string, by: 'answer' | 'feed' = 'answer'): void {
    this.parts.note?.(peer, state, reason, by);
  }

  /** See `Breaker.failed`. */
  failed(peer: OriginId, attempt: Attempt, reason: string, breaks: boolean): void {
    const opens = this.of(peer).failed(attempt, reason, breaks);
    this.note(peer, 'down', reason);
    if (opens && breaks) this.parts.onBroken?.(peer);
  }

  /** See `Breaker.lied`. */
  lied(peer: OriginId, attempt: Attempt, reason: string): void {
    this.of(peer).lied(attempt, reason);
    this.note(peer, 'down', reason);
  }

  /** How the feed of `peer` stands. It has a back-off of its own and is never held up; that it runs again closes the breaker. */
  feed(peer: OriginId, state: LinkState, reason: string, code: ErrorCode | undefined): void {
    const isDead = state === 'down' && (code === 'unavailable' || code === 'timed_out');
    this.of(peer).isTriedByFeed = isDead;
    if (state === 'up') this.of(peer).reached();
    if (isDead) this.failed(peer, { beganAtMs: this.parts.clock.monotonic() }, reason, code === 'unavailable');
    else this.note(peer, state, reason, 'feed');
  }

  /** There is no link any more, or `peer` is somewhere else now. */
  forget(peer: OriginId): void {
    this.breakers.delete(peer);
  }
}
