import type { Clock } from '../core/clock.js';
import { MootError } from '../core/errors.js';

/** Sources: RELIABILITY of the network, "peer down, slow, cut off". */
const bounds = {
  /** Failures in a row after which it is not asked: the sixth query pays nothing. */
  failures: 5,
  momentMs: 250,
  /** How long it is left alone: doubles with each try that fails. */
  leastMs: 1_000,
  mostMs: 30_000,
} as const;

/** As said at `Breaker`. */
export type BreakerState = 'closed' | 'open' | 'probing';

/** One call to the peer, while it lasts. */
export interface Attempt {
  readonly beganAtMs: number;
}

/**
 * Whether one peer is called. Closed: it is. Open, after five failures in a row: calls fail at once. After a while one call
 * is let through, and as long as nobody knows what comes of it the others still fail at once (probing). An answer that comes
 * to its end closes it, and the failures are forgotten. It has no timers of its own.
 */
export class Breaker {
  private failures = 0;
  private reason = '';
  private lastFailureMs = Number.NEGATIVE_INFINITY;
  private lastBeganMs = Number.NEGATIVE_INFINITY;
  private tries = 0;
  /** Set while it is open. */
  private retryAtMs: number | undefined;
  private probe: Attempt | undefined;
  /** It was there when it last failed, and what it sent was wrong. */
  private hasLied = false;
  /** The feed of the peer is down as well, and makes its own tries: questions need hardly pay for any. */
  isTriedByFeed = false;

  /** @param random from 0 to 1, so that those who lost the same peer do not return together. */
  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  get state(): BreakerState {
    if (this.retryAtMs === undefined) return 'closed';
    return this.probe ? 'probing' : 'open';
  }

  /** Why a call fails at once now; undefined: one may be made. */
  refusal(): MootError | undefined {
    if (this.retryAtMs === undefined) return undefined;
    const leftMs = this.retryAtMs - this.clock.monotonic();
    if (leftMs <= 0 && !this.probe) return undefined;
    const again = this.probe ? 'and is being tried now' : `tried again in ${Math.ceil(leftMs / 1000)} s`;
    return new MootError('unavailable', `not asked: it failed ${this.failures} times (${this.reason}), ${again}`);
  }

  /** A call begins; what comes of it is to be told. @throws MootError `unavailable`: the refusal. */
  begin(): Attempt {
    const refusal = this.refusal();
    if (refusal) throw refusal;
    const attempt = { beganAtMs: this.clock.monotonic() };
    if (this.retryAtMs !== undefined) this.probe = attempt;
    return attempt;
  }

  /** The peer refuses, in words of its own: it is there. One more failure opens again what this closes. */
  refused(): void {
    if (this.retryAtMs === undefined) return;
    this.retryAtMs = undefined;
    this.probe = undefined;
    this.failures = bounds.failures - 1;
  }

  /** An answer has come to its end, or as far as it was wanted. */
  answered(): void {
    this.refused();
    this.failures = 0;
    this.tries = 0;
    this.hasLied = false;
  }

  /** Its feed is back: it can be reached. That says nothing of who was there all the time, and answered wrongly. */
  reached(): void {
    if (!this.hasLied) this.answered();
  }

  /**
   * What the peer sent was no answer. Calls that began before one such failure was known are the same failure.
   * @returns as `failed` does.
   */
  lied(attempt: Attempt, reason: string): boolean {
    this.hasLied = true;
    return this.failed(attempt, reason, true);
  }

  /**
   * The peer could not be reached, or was silent for longer than one that is slow.
   * @param breaks the connection broke: all calls that it took with it are one failure. So are calls that are silent and
   * began at the same moment: it may have been held up for that moment.
   * @returns true when nothing more is asked from now on.
   */
  failed(attempt: Attempt, reason: string, breaks: boolean): boolean {
    if (this.retryAtMs !== undefined) {
      if (attempt !== this.probe) return false;
    } else if (attempt.beganAtMs < (breaks ? this.lastFailureMs : this.lastBeganMs + bounds.momentMs)) return false;
    this.failures += 1;
    this.reason = reason;
    this.lastFailureMs = this.clock.monotonic();
    this.lastBeganMs = attempt.beganAtMs;
    return this.failures >= bounds.failures && this.open();
  }

  /** The time was up before the peer could be expected to speak: that proves nothing, but the next try is not due yet. */
  late(attempt: Attempt): void {
    if (attempt === this.probe) this.open();
  }

  /** Nobody wanted the answer any more. */
  dropped(attempt: Attempt): void {
    if (attempt === this.probe) this.probe = undefined;
  }

  private open(): true {
    const doubledMs = this.isTriedByFeed ? bounds.mostMs : bounds.leastMs * 2 ** this.tries;
    const mostMs = Math.min(bounds.mostMs, doubledMs);
    this.tries += 1;
    this.probe = undefined;
    this.retryAtMs = this.clock.monotonic() + mostMs * (0.5 + this.random() / 2);
    return true;
  }
}
