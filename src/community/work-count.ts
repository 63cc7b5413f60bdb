import type { Clock } from '../core/clock.js';

/** So many of the newest questions say how long one takes. */
const newest = 128;

/** Counts the questions that a server works on, and how long they take. */
export class WorkCount {
  queries = 0;
  asks = 0;
  private readonly startedMs: number;
  private readonly tookMs: number[] = [];
  private answered = 0;

  constructor(private readonly clock: Clock) {
    this.startedMs = clock.monotonic();
  }

  get upMs(): number {
    return this.clock.monotonic() - this.startedMs;
  }

  /** Half of the newest queries took no longer; undefined: none has been answered. */
  get queryP50Ms(): number | undefined {
    return [...this.tookMs].sort((a, b) => a - b)[(this.tookMs.length - 1) >> 1];
  }

  /** `frames` as they come, counted as one query, and timed unless its reader went before the end. */
  async *query<Frame>(frames: AsyncIterable<Frame>): AsyncGenerator<Frame> {
    const beganMs = this.clock.monotonic();
    this.queries += 1;
    yield* frames;
    this.tookMs[this.answered++ % newest] = this.clock.monotonic() - beganMs;
  }
}
