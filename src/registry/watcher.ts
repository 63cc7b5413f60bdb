import { type Clock, sleep } from '../core/clock.js';
import type { OriginId } from '../core/ids.js';
import type { Listing } from './leases.js';
import type { ServerChange, WatchedList, WatchFrame } from './watchers.js';

const heartbeatMs = 5000;
/** What comes so close together is told as one, so that a busy network costs ten frames a second for each who watches. */
const togetherMs = 100;
/** What the entries of one frame may take; a larger entry stands alone. */
const frameBytes = 64 * 1024;
/** What a change costs besides its entry: an id, a key, a signature. */
const changeBytes = 200;

/**
 * One who watches. It keeps ids alone: of what was told, and of what has changed since. What a server says is looked up when
 * it is told, so many changes of one server that come while nobody reads are one.
 */
export class Watcher {
  private readonly told = new Set<OriginId>();
  /** In the order in which they will be told. */
  private readonly changed: Set<OriginId>;
  /** How many of those that were listed at the beginning are still to be told; they come first. */
  private ahead: number;
  private waiting = new AbortController();
  private readonly over = new AbortController();

  constructor(
    private readonly list: WatchedList,
    private readonly isAsked: (listing: Listing) => boolean,
    private readonly clock: Clock,
  ) {
    this.changed = new Set(list.ids());
    this.ahead = this.changed.size;
  }

  note(id: OriginId): void {
    this.changed.add(id);
    this.waiting.abort();
  }

  end(): void {
    this.over.abort();
    this.waiting.abort();
  }

  /** Until `end`; `over` is called when nobody reads any more. */
  async *frames(over: () => void): AsyncGenerator<WatchFrame> {
    try {
      yield* this.untilEnd();
    } finally {
      over();
    }
  }

  private async *untilEnd(): AsyncGenerator<WatchFrame> {
    let isComplete = false;
    let quietMs = heartbeatMs;
    while (!this.over.signal.aborted) {
      const changes = this.next(isComplete);
      if (changes.length > 0) yield { kind: 'changes', changes };
      else if (!isComplete && this.ahead === 0) {
        isComplete = true;
        yield { kind: 'listed-all' };
      } else {
        quietMs = await this.wait(quietMs);
        if (quietMs > 0) continue;
        yield { kind: 'heartbeat' };
      }
      quietMs = heartbeatMs;
    }
  }

  /** Waits for a change. @returns how much of `ms` is left: nothing when none came. */
  private async wait(ms: number): Promise<number> {
    const beganMs = this.clock.monotonic();
    this.waiting = new AbortController();
    await sleep(this.clock, ms, this.waiting.signal);
    if (!this.waiting.signal.aborted) return 0;
    await sleep(this.clock, togetherMs, this.over.signal);
    return Math.max(1, ms - (this.clock.monotonic() - beganMs));
  }

  /** A frame's worth of what is to be told, as it is now; at first only of what was listed at the beginning. */
  private next(isComplete: boolean): readonly ServerChange[] {
    const changes: ServerChange[] = [];
    let bytes = 0;
    for (const id of this.changed) {
      if (!isComplete && this.ahead === 0) break;
      const change = this.changeOf(id);
      bytes += change === undefined ? 0 : changeBytes;
      if (change && change.kind !== 'gone') bytes += change.server.signed.entry.length;
      if (changes.length > 0 && bytes > frameBytes) break;
      this.changed.delete(id);
      this.ahead = Math.max(0, this.ahead - 1);
      if (!change) continue;
      if (change.kind === 'gone') this.told.delete(id);
      else this.told.add(id);
      changes.push(change);
    }
    return changes;
  }

  /** Undefined when there is nothing to tell: it came and went, or was never asked for. */
  private changeOf(id: OriginId): ServerChange | undefined {
    const listing = this.list.get(id);
    if (listing && this.isAsked(listing))
      return { kind: this.told.has(id) ? 'changed' : 'listed', server: listing.listed() };
    return this.told.has(id) ? { kind: 'gone', id } : undefined;
  }
}
