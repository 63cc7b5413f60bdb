import { feedBounds } from './feed-bounds.js';

/** Full jitter: each wait is drawn between nothing and a bound that doubles, so that those who lost the same server do not return together. */
export class BackOff {
  private tries = 0;

  constructor(private readonly random: () => number) {}

  /** Milliseconds until the next try. */
  next(): number {
    const most = Math.min(feedBounds.mostBackOffMs, feedBounds.leastBackOffMs * 2 ** this.tries);
    this.tries += 1;
    return this.random() * most;
  }

  reset(): void {
    this.tries = 0;
  }
}
