import { type Clock, sleep } from '../../core/clock.js';

/** Somebody who has written so lately writes on. */
const lateMs = 1000;
const leastMs = 4;
const mostMs = 20;
/** How much the newest commit counts for how long one takes. */
const newest = 0.2;

/**
 * Whether other replicas write to the same log at the moment. Each of them then waits for more before it commits, as long as
 * a commit takes: so two of them commit no more often than one alone, which gathers while its last commit is under way.
 */
export class Siblings {
  private wroteMs = Number.NEGATIVE_INFINITY;
  private commitMs = leastMs;

  constructor(private readonly clock: Clock) {}

  /** Another replica has written. */
  wrote(): void {
    this.wroteMs = this.clock.monotonic();
  }

  /** A commit: how long one takes is learned from it. */
  async commit<Result>(work: () => Promise<Result>): Promise<Result> {
    const beganMs = this.clock.monotonic();
    try {
      return await work();
    } finally {
      this.commitMs += newest * (this.clock.monotonic() - beganMs - this.commitMs);
    }
  }

  /** Where others write, time for more to come, or until `signal`. */
  async gather(signal: AbortSignal): Promise<void> {
    if (this.clock.monotonic() - this.wroteMs >= lateMs) return;
    await sleep(this.clock, Math.min(mostMs, Math.max(leastMs, this.commitMs)), signal);
  }
}
