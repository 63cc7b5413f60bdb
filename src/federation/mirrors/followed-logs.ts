import type { OriginId } from '../../core/ids.js';
import { type Commit, comparePlaces, endOf, follows, type LogPlace, logStart } from '../../core/log.js';
import { sizeOf } from './commit-size.js';
import { feedBounds } from './feed-bounds.js';

/** One log as one follower has it. */
export interface FollowedLog {
  readonly origin: OriginId;
  /** What was sent, or waits to be. */
  through: LogPlace;
}

/**
 * What a follower has of each log. What is committed while it keeps up waits here for it, up to a bound; of what is past
 * that only the fact is kept, and it is read from the log.
 */
export class FollowedLogs {
  private readonly logs = new Map<OriginId, FollowedLog>();
  /** To be read, in turn; true when more was committed since the last read began. */
  private readonly behind = new Map<FollowedLog, boolean>();
  private live: Commit[] = [];
  private liveBytes = 0;

  constructor(private readonly cursor: ReadonlyMap<OriginId, LogPlace>) {}

  add(origin: OriginId): void {
    if (this.logs.has(origin)) return;
    const log = { origin, through: this.cursor.get(origin) ?? logStart };
    this.logs.set(origin, log);
    this.behind.set(log, false);
  }

  /** @returns false when it was not followed. */
  remove(origin: OriginId): boolean {
    const log = this.logs.get(origin);
    if (!log) return false;
    this.logs.delete(origin);
    this.behind.delete(log);
    this.live = this.live.filter(({ seal }) => seal.origin !== origin);
    return true;
  }

  isFollowed(log: FollowedLog): boolean {
    return this.logs.get(log.origin) === log;
  }

  origins(): Iterable<OriginId> {
    return this.logs.keys();
  }

  get hasMore(): boolean {
    return this.live.length > 0 || this.behind.size > 0;
  }

  /** @returns true when the follower lacks it. */
  committed(commit: Commit): boolean {
    const log = this.logs.get(commit.seal.origin);
    if (!log || comparePlaces(endOf(commit), log.through) <= 0) return false;
    const size = sizeOf(commit);
    const { epoch, firstSeq } = commit.seal;
    const isNext = !this.behind.has(log) && epoch === log.through.epoch && follows(log.through, epoch, firstSeq);
    if (!isNext || this.liveBytes + size > feedBounds.queueBytes) {
      this.behind.set(log, true);
      return true;
    }
    log.through = endOf(commit);
    this.live.push(commit);
    this.liveBytes += size;
    return true;
  }

  takeLive(): readonly Commit[] {
    const { live } = this;
    this.live = [];
    this.liveBytes = 0;
    return live;
  }

  /** The log whose turn it is; it goes to the end of the row. */
  nextBehind(): FollowedLog | undefined {
    const [log] = this.behind.keys();
    if (!log) return undefined;
    this.behind.delete(log);
    this.behind.set(log, false);
    return log;
  }

  /** `isAtEnd`: the read gave nothing. */
  wasRead(log: FollowedLog, isAtEnd: boolean): void {
    if (isAtEnd && this.behind.get(log) === false) this.behind.delete(log);
  }
}
