import type { Clock } from '../core/clock.js';
import { codeOf } from '../core/errors.js';
import type { Outcome } from '../core/row.js';
import type { QueryFrame } from '../federation/query.js';
import type { Observer, QueryEnd } from './observer.js';

/** So many of the newest questions say how long one takes. */
const newest = 128;

/** Counts the questions that a server works on, and how long they take. */
export class WorkCount {
  queries = 0;
  asks = 0;
  private readonly startedMs: number;
  private readonly tookMs: number[] = [];
  private answered = 0;

  constructor(
    private readonly clock: Clock,
    private readonly observer?: Pick<Observer, 'queried'>,
  ) {
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
  async *query(frames: AsyncIterable<QueryFrame>): AsyncGenerator<QueryFrame> {
    const beganMs = this.clock.monotonic();
    this.queries += 1;
    const rows: Outcome[] = [];
    // What stays so when the reader goes before the end.
    let outcome: QueryEnd['outcome'] = 'cancelled';
    try {
      for await (const frame of frames) {
        if (frame.kind === 'rows') for (const row of frame.rows) rows.push(row.outcome);
        if (frame.kind === 'report') outcome = frame.report.complete ? 'complete' : 'partial';
        yield frame;
      }
      this.tookMs[this.answered++ % newest] = this.clock.monotonic() - beganMs;
    } catch (error) {
      outcome = codeOf(error);
      throw error;
    } finally {
      this.observer?.queried({ outcome, tookMs: this.clock.monotonic() - beganMs, rows });
    }
  }
}
