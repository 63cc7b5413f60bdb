import type { Clock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { ListedServer } from '../core/server-entry.js';
import type { Listing } from './leases.js';
import { Watcher } from './watcher.js';

export type ServerChange =
  | { readonly kind: 'listed' | 'changed'; readonly server: ListedServer }
  | { readonly kind: 'gone'; readonly id: OriginId };

export type WatchFrame =
  | { readonly kind: 'changes'; readonly changes: readonly ServerChange[] }
  /** Once: all that was listed at the beginning has been given. */
  | { readonly kind: 'listed-all' }
  | { readonly kind: 'heartbeat' };

/** What is listed, as those who watch look at it. */
export interface WatchedList {
  get(id: OriginId): (Listing & { listed(): ListedServer }) | undefined;
  ids(): readonly OriginId[];
  /** When the first lease ends, on the monotonic clock. */
  firstEndMs(): number | undefined;
}

/** Those who watch the list. While there are any, a timer looks at leases when they end: nothing else would tell. */
export class Watchers {
  private readonly all = new Set<Watcher>();
  private disarm: (() => void) | undefined;

  constructor(
    private readonly list: WatchedList,
    private readonly clock: Clock,
    private readonly most: number,
  ) {}

  get size(): number {
    return this.all.size;
  }

  /** Listens from now on, until the signal fires. @throws MootError `full`. */
  watch(isAsked: (listing: Listing) => boolean, signal: AbortSignal): AsyncIterable<WatchFrame> {
    if (this.all.size >= this.most) throw full(this.most);
    const watcher = new Watcher(this.list, isAsked, this.clock);
    this.all.add(watcher);
    this.arm();
    const over = (): void => {
      this.all.delete(watcher);
      watcher.end();
      if (this.all.size > 0) return;
      this.disarm?.();
      this.disarm = undefined;
    };
    // A generator that nobody has pulled never runs its `finally`.
    signal.addEventListener('abort', over, { once: true });
    if (signal.aborted) over();
    return watcher.frames(over);
  }

  note(id: OriginId): void {
    for (const watcher of this.all) watcher.note(id);
    this.arm();
  }

  private arm(): void {
    if (this.disarm || this.all.size === 0) return;
    const endMs = this.list.firstEndMs();
    // Looking may have told of a lease that had ended, and armed already.
    if (endMs === undefined || this.disarm) return;
    this.disarm = this.clock.after(Math.max(1, endMs - this.clock.monotonic()), () => {
      this.disarm = undefined;
      this.arm();
    });
  }
}

function full(most: number): MootError {
  return new MootError('full', `this registry has ${most} watcher${most === 1 ? '' : 's'} already, and takes no more`);
}
