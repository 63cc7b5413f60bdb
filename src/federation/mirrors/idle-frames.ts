import type { Clock } from '../../core/clock.js';
import { MootError } from '../../core/errors.js';
import type { OriginId } from '../../core/ids.js';
import { type Commit, comparePlaces, endOf, type LogPlace, logStart } from '../../core/log.js';
import { feedBounds } from './feed-bounds.js';

/**
 * Bounds what one stream may send that brings nothing: what it has brought before, what is not taken, words about itself. A
 * peer may be late with everything, and many may bring the same; but each says a thing once.
 */
export class IdleFrames {
  private left: number = feedBounds.idleFrames;
  private countedAtMs: number;
  /** What the stream has brought of each log that it has announced. */
  private readonly through = new Map<OriginId, LogPlace>();

  constructor(private readonly clock: Clock) {
    this.countedAtMs = clock.monotonic();
  }

  /** A log was announced. @throws as `idle` does. */
  announced(origin: OriginId): void {
    const isFirst = !this.through.has(origin) && this.through.size < feedBounds.namedOrigins;
    if (isFirst) this.through.set(origin, logStart);
    else this.idle(feedBounds.doubtfulCost);
  }

  /** Commits came; `anyGood`: some of them are on their way into their logs, or were there before. @throws as `idle` does. */
  came(commits: readonly Commit[], anyGood: boolean): void {
    let anyNew = false;
    for (const commit of commits) anyNew = this.advances(commit) || anyNew;
    // Past a hole, or of logs past the link's share, much may come from an honest peer that is not taken.
    if (!anyNew) this.idle();
    else if (!anyGood) this.idle(feedBounds.doubtfulCost);
  }

  /** One more that brings nothing. @throws MootError `damaged` when that is too much. */
  idle(cost = 1): void {
    const nowMs = this.clock.monotonic();
    const earned = ((nowMs - this.countedAtMs) / 1000) * feedBounds.idleFramesPerSecond;
    this.left = Math.min(feedBounds.idleFrames, this.left + earned) - cost;
    this.countedAtMs = nowMs;
    if (this.left < 0) throw new MootError('damaged', 'it sends without end what brings nothing');
  }

  private advances(commit: Commit): boolean {
    const { origin } = commit.seal;
    const through = this.through.get(origin);
    if (!through || comparePlaces(endOf(commit), through) <= 0) return false;
    this.through.set(origin, endOf(commit));
    return true;
  }
}
