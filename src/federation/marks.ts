import type { Clock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import { bounds } from './bounds.js';

/** What a search needs of marks. */
export interface Marking {
  /** True the first time a query comes. @throws MootError `full` when no more can be remembered. */
  mark(queryId: string): boolean;
}

/** The queries that have been here. A mark is never taken back, and never forgotten before `keepMs` have gone. */
export class Marks implements Marking {
  // In the order of their age: a Map keeps the order of insertion.
  private readonly since = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly most: number = bounds.marks,
    private readonly keepMs: number = bounds.markMs,
  ) {}

  mark(queryId: string): boolean {
    const now = this.clock.monotonic();
    this.forget(now);
    if (this.since.has(queryId)) return false;
    if (this.since.size >= this.most) throw new MootError('full', 'this server has too many queries at the moment');
    this.since.set(queryId, now);
    return true;
  }

  private forget(now: number): void {
    for (const [queryId, since] of this.since) {
      if (now - since < this.keepMs) return;
      this.since.delete(queryId);
    }
  }
}
