import { MootError } from '../core/errors.js';

export interface GateBounds {
  /** Searches under way at once. */
  readonly most: number;
  /** By how much the event loop may be behind: past that, one more search would hold up the feed. */
  readonly mostDelayMs: number;
}

/** A search holds a frame for each branch, some 100 KiB in all. */
const byDefault: GateBounds = { most: 512, mostDelayMs: 300 };

/** Searches that hold it up now are over by then: most take less than a second. */
const retryAfterMs = 2_000;

/** Lets searches in while there is room for them. One that is turned away costs nothing, and is told when to come again. */
export class QueryGate {
  private underWay = 0;

  /** @param delayMs by how much the event loop is behind, and has been for a while. */
  constructor(
    private readonly delayMs: () => number,
    private readonly bounds: GateBounds = byDefault,
  ) {}

  /** What `search` gives. @throws MootError `full`, before anything is searched, when this server is too busy. */
  async *through<T>(search: () => AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    const { most, mostDelayMs } = this.bounds;
    if (this.underWay >= most) throw busy(`${most} queries are under way`);
    if (this.delayMs() > mostDelayMs) throw busy('it has more to do than it can');
    this.underWay += 1;
    try {
      yield* search();
    } finally {
      this.underWay -= 1;
    }
  }
}

function busy(why: string): MootError {
  return new MootError('full', `this server is too busy: ${why}; try again in a few seconds`, { retryAfterMs });
}
