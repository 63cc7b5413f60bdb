import { type Clock, sleep } from '../../core/clock.js';
import type { Head } from '../../core/entry.js';
import type { FollowFrame, FollowRequest } from '../../core/following.js';
import type { OriginId } from '../../core/ids.js';
import { comparePlaces, endOf, endOfGap, type LogItem, type LogStore } from '../../core/log.js';
import type { CarriedLogs } from './carried-logs.js';
import { feedBounds } from './feed-bounds.js';
import { type FollowedLog, FollowedLogs } from './followed-logs.js';
import type { Heads } from './heads.js';
import type { Positions } from './positions.js';

export interface ServeParts {
  readonly self: OriginId;
  readonly logs: LogStore;
  readonly clock: Clock;
  readonly carried: CarriedLogs;
  readonly heads: Heads;
  readonly positions: Positions;
}

/**
 * What `caller` does not have of the logs that are here, then what comes. First what is here of the caller's own log past
 * its cursor, then what is carried, then heads (so much for how things stand), then all logs in turn, a slice each.
 */
export async function* serveFollow(
  parts: ServeParts,
  caller: OriginId,
  request: FollowRequest,
  signal: AbortSignal,
): AsyncGenerator<FollowFrame, void, undefined> {
  const serving = new Serving(parts, caller, request, signal);
  try {
    yield* request.once ? serving.once() : serving.all();
  } finally {
    serving.close();
  }
}

// Any reason will do, but none makes an error each time, with the stack it came from: a fifth of what a large network costs.
const awake = 'something happened';

interface Reading {
  readonly log: FollowedLog;
  readonly items: Promise<readonly LogItem[]>;
}

class Serving {
  private readonly followed: FollowedLogs;
  private readonly sentHeads = new Map<OriginId, Head>();
  private headsDueMs: number;
  private announceDueMs: number;
  /** Logs whose ways have changed since they were announced. */
  private readonly changed = new Set<OriginId>();
  private readonly unhook: (() => void)[];
  private waking = new AbortController();
  private reading: Reading | undefined;

  constructor(
    private readonly parts: ServeParts,
    private readonly caller: OriginId,
    private readonly request: FollowRequest,
    private readonly signal: AbortSignal,
  ) {
    const { logs, carried, clock } = parts;
    this.followed = new FollowedLogs(request.cursor);
    const wake = (): void => this.waking.abort(awake);
    // Armed before anything is read: what is committed from now on is noticed.
    this.unhook = [
      logs.onCommit((commit) => {
        if (this.followed.committed(commit)) wake();
      }),
      carried.onChange((origin) => {
        if (!this.isAskedFor(origin)) return;
        this.changed.add(origin);
        wake();
      }),
    ];
    signal.addEventListener('abort', wake, { once: true });
    this.unhook.push(() => signal.removeEventListener('abort', wake));
    this.announceDueMs = clock.monotonic();
    this.headsDueMs = clock.monotonic();
  }

  close(): void {
    for (const step of this.unhook) step();
  }

  /** All that is here now of the logs that were asked for, by whatever way it came. */
  async *once(): AsyncGenerator<FollowFrame, void, undefined> {
    const { carried, positions } = this.parts;
    const origins = this.request.origins.length > 0 ? this.request.origins : [this.parts.self, ...carried.origins()];
    for (const origin of origins) if (positions.has(origin)) this.followed.add(origin);
    while (this.followed.hasMore && !this.signal.aborted) yield* this.more();
  }

  async *all(): AsyncGenerator<FollowFrame, void, undefined> {
    yield* this.ownOfCaller();
    for (const origin of [this.parts.self, ...this.parts.carried.origins()])
      if (this.isAskedFor(origin)) this.changed.add(origin);
    for (const origin of this.request.cursor.keys()) if (this.isAskedFor(origin)) this.changed.add(origin);
    while (!this.signal.aborted) {
      if (this.changed.size > 0 && this.isDue(this.announceDueMs)) yield* this.announce();
      if (this.isDue(this.headsDueMs)) yield this.newHeads();
      if (this.followed.hasMore) yield* this.more();
      else await this.rest();
    }
  }

  /** The caller's own log, when more of it is here than there: a copy that was restored gets the rest back. */
  private async *ownOfCaller(): AsyncGenerator<FollowFrame, void, undefined> {
    const { caller, request, parts } = this;
    const had = request.cursor.get(caller);
    const offer = parts.carried.offer(caller);
    if (!had || !offer || !this.isAskedFor(caller)) return;
    const { end } = parts.positions.of(caller);
    const isAhead = offer.head && comparePlaces(offer.head, had) > 0;
    if (comparePlaces(end, had) <= 0 && !isAhead) return;
    yield { kind: 'carrying', carried: offer };
    this.followed.add(caller);
    while (this.followed.hasMore && !this.signal.aborted) yield* this.more();
    this.followed.remove(caller);
  }

  private async *announce(): AsyncGenerator<FollowFrame, void, undefined> {
    const { carried, clock } = this.parts;
    this.announceDueMs = clock.monotonic() + feedBounds.announceMs;
    const changed = [...this.changed];
    this.changed.clear();
    for (const origin of changed) {
      if (origin === this.caller) continue;
      const offer = carried.offer(origin, this.caller);
      if (offer) {
        this.followed.add(origin);
        if (offer.head) this.sentHeads.set(origin, offer.head);
        yield { kind: 'carrying', carried: offer };
      } else if (!carried.isWaiting(origin) && (this.followed.remove(origin) || this.request.cursor.has(origin)))
        yield { kind: 'stopped', origin };
    }
  }

  private newHeads(): FollowFrame {
    const { heads, clock } = this.parts;
    this.headsDueMs = clock.monotonic() + feedBounds.heartbeatMs;
    const fresh: Head[] = [];
    for (const origin of this.followed.origins()) {
      const head = heads.of(origin);
      if (!head || head === this.sentHeads.get(origin)) continue;
      this.sentHeads.set(origin, head);
      fresh.push(head);
    }
    return { kind: 'heads', heads: fresh };
  }

  /** What was committed meanwhile, and a slice of a log that the caller is behind in. */
  private async *more(): AsyncGenerator<FollowFrame, void, undefined> {
    yield* this.live();
    this.reading ??= this.read();
    if (!this.reading) return;
    const { log, items: read } = this.reading;
    const items = await read;
    // While the caller took the last frame, commits of this log may have waited here before it fell behind.
    yield* this.live();
    this.reading = undefined;
    if (!this.followed.isFollowed(log)) return;
    this.followed.wasRead(log, items.length === 0);
    for (const item of items) log.through = item.kind === 'commit' ? endOf(item.commit) : endOfGap(item.gap);
    // The next slice is read while this one is sent.
    this.reading = this.read();
    yield* framesOf(items);
  }

  private *live(): Generator<FollowFrame, void, undefined> {
    const commits = this.followed.takeLive();
    if (commits.length > 0) yield { kind: 'commits', commits };
  }

  private read(): Reading | undefined {
    const log = this.followed.nextBehind();
    if (!log) return undefined;
    const items = this.parts.logs.read(log.origin, log.through, feedBounds.sliceBytes);
    // Who goes before it has come does not hear of its failure.
    items.catch(() => undefined);
    return { log, items };
  }

  /** Until something happens, or it is time for the next frame that comes by itself. */
  private async rest(): Promise<void> {
    const { clock } = this.parts;
    const dueMs = this.changed.size > 0 ? Math.min(this.headsDueMs, this.announceDueMs) : this.headsDueMs;
    await sleep(clock, Math.max(0, dueMs - clock.monotonic()), this.waking.signal);
    this.waking = new AbortController();
  }

  private isDue(ms: number): boolean {
    return this.parts.clock.monotonic() >= ms;
  }

  private isAskedFor(origin: OriginId): boolean {
    return this.request.origins.length === 0 || this.request.origins.includes(origin);
  }
}

function* framesOf(items: readonly LogItem[]): Generator<FollowFrame, void, undefined> {
  let from = 0;
  for (const [at, item] of items.entries()) {
    if (item.kind === 'commit') continue;
    if (at > from) yield { kind: 'commits', commits: commitsOf(items.slice(from, at)) };
    yield { kind: 'gap', gap: item.gap };
    from = at + 1;
  }
  if (items.length > from) yield { kind: 'commits', commits: commitsOf(items.slice(from)) };
}

function commitsOf(items: readonly LogItem[]) {
  return items.flatMap((item) => (item.kind === 'commit' ? [item.commit] : []));
}
