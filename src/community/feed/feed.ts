import type { Clock } from '../../core/clock.js';
import { MootError } from '../../core/errors.js';
import { type ArticleFilter, parseFilter } from '../../core/filter.js';
import type { NotFed } from '../../core/following.js';
import type { OriginId } from '../../core/ids.js';
import {
  comparePlaces,
  endOf,
  endOfGap,
  follows,
  type LogItem,
  type LogPlace,
  type LogState,
  type LogStore,
  logStart,
} from '../../core/log.js';
import type { SubscribeRequest, SubscriptionFrame } from '../../core/subscribing.js';
import { DecodedCommit } from './decoded.js';
import { Group, type Happened, isPast } from './group.js';
import { Matcher } from './matcher.js';
import { Subscriber } from './subscriber.js';
import { FrameRoom } from './told.js';

/** How often a subscription that has nothing to say says so. */
const heartbeatMs = 5000;
const readBytes = 256 * 1024;

export interface FeedParts {
  readonly self: OriginId;
  readonly logs: LogStore;
  readonly clock: Clock;
  readonly notFed: () => readonly NotFed[];
  /** What the frames may take that are kept for those who are a little behind; default 8 MiB. */
  readonly keptBytes?: number | undefined;
}

/** One log, as far as all groups have been told of it. */
interface Tail {
  end: LogPlace;
  /** What was there when this server first heard of the log: it is not new to anyone. */
  floor: LogPlace;
  /** The end of the newest commit heard of while the log is being read instead. */
  heard: LogPlace | undefined;
  isReading: boolean;
}

interface Shared {
  readonly group: Group;
  users: number;
}

/** The live feed of a server: what is past a cursor in its logs, then everything that comes. */
export class Feed {
  private readonly tails = new Map<OriginId, Tail>();
  private readonly groups = new Map<string, Shared>();
  private readonly open = new Set<Matcher>();
  private readonly room: FrameRoom;
  private isClosed = false;
  private readonly unhook: readonly (() => void)[];

  private constructor(private readonly parts: FeedParts) {
    const { logs, keptBytes } = parts;
    this.room = new FrameRoom(keptBytes);
    this.unhook = [
      logs.onCommit((commit) => this.take({ kind: 'commit', commit })),
      logs.onGap((gap) => this.take({ kind: 'gap', gap })),
    ];
  }

  static async open(parts: FeedParts): Promise<Feed> {
    const feed = new Feed(parts);
    for (const state of await parts.logs.states()) feed.meet(state);
    feed.beat();
    return feed;
  }

  /** Subscriptions with the same filter share a room, and what it holds. */
  get rooms(): number {
    return this.groups.size;
  }

  /** Subscriptions that articles of `topics` reach. */
  subscribers(topics: readonly string[]): number {
    let count = 0;
    for (const matcher of this.open) if (matcher.isReachedBy(topics)) count += 1;
    return count;
  }

  /**
   * @returns `accepted` first. Ends with the reason of `signal`; when that is that the server stops, after a last word.
   * @throws MootError `invalid` naming the field of the filter.
   */
  async *subscribe(request: SubscribeRequest, signal: AbortSignal): AsyncGenerator<SubscriptionFrame> {
    const { filter, scope, cursor } = request;
    parseFilter(filter);
    const matcher = new Matcher(filter, scope === 'local' ? this.parts.self : undefined);
    const key = JSON.stringify([scope, cursor.start, plain(filter)]);
    this.open.add(matcher);
    const shared = this.groups.get(key) ?? this.begin(key, matcher, cursor.start === 'now');
    shared.users += 1;
    let subscriber: Subscriber | undefined;
    const onAbort = (): void => subscriber?.end(signal.reason as MootError);
    try {
      const places = this.placesOf(request, matcher);
      subscriber = new Subscriber(shared.group, this.parts.logs, places);
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      const subscribers = this.subscribers(filter.topics);
      yield { kind: 'accepted', subscribers, places, notFed: scope === 'local' ? [] : this.parts.notFed() };
      yield* subscriber.frames();
    } finally {
      signal.removeEventListener('abort', onAbort);
      subscriber?.end(new MootError('cancelled', 'the subscription was given up'));
      this.open.delete(matcher);
      shared.users -= 1;
      if (shared.users === 0) this.groups.delete(key);
    }
  }

  /** A log is kept here no more. */
  forget(origin: OriginId): void {
    this.tails.delete(origin);
    for (const { group } of this.groups.values()) group.forget(origin);
  }

  close(): void {
    this.isClosed = true;
    for (const unhook of this.unhook) unhook();
  }

  private begin(key: string, matcher: Matcher, isNow: boolean): Shared {
    const ends = new Map([...this.tails].map(([origin, { end }]) => [origin, end]));
    const floorOf = (origin: OriginId): LogPlace => (isNow ? this.tails.get(origin)?.floor : undefined) ?? logStart;
    const shared = { group: new Group(matcher, ends, floorOf, this.room, this.parts.clock), users: 0 };
    this.groups.set(key, shared);
    return shared;
  }

  /**
   * Where a new subscription stands in every log: where its cursor says, else at the start it asked for. The beginning of a log
   * is its first entry, kept or not: what is not is told as a gap.
   */
  private placesOf({ cursor }: SubscribeRequest, matcher: Matcher): ReadonlyMap<OriginId, LogPlace> {
    const places = new Map<OriginId, LogPlace>();
    for (const [origin, { end, floor, heard = end }] of this.tails) {
      const now = later(later(end, heard), floor);
      if (matcher.wants(origin)) places.set(origin, cursor.start === 'beginning' ? logStart : now);
    }
    for (const [origin, place] of cursor.places) if (matcher.wants(origin)) places.set(origin, place);
    return places;
  }

  private meet({ origin, end, head }: LogState): Tail {
    const told = head ? { epoch: head.epoch, seq: head.seq } : logStart;
    const tail = { end, floor: later(end, told), heard: undefined, isReading: false };
    this.tails.set(origin, tail);
    return tail;
  }

  private take(item: LogItem): void {
    const { origin, epoch, firstSeq, end } = spanOf(item);
    const tail = this.tails.get(origin);
    if (!tail) void this.discover(origin, end);
    else if (tail.isReading) tail.heard = end;
    else if (isPast(tail.end, end)) return;
    else if (!follows(tail.end, epoch, firstSeq)) void this.readOn(origin, tail, end);
    else this.tell(item, tail);
  }

  private tell(item: LogItem, tail: Tail): void {
    const { origin, end } = spanOf(item);
    tail.end = end;
    const happened: Happened =
      item.kind === 'gap'
        ? { ...item, origin }
        : { kind: 'commits', origin, commits: [new DecodedCommit(item.commit)] };
    for (const { group } of this.groups.values()) group.offer(happened);
  }

  /** The first that is heard of a log: what is kept of it may begin before. */
  private async discover(origin: OriginId, heard: LogPlace): Promise<void> {
    const tail: Tail = { end: logStart, floor: logStart, heard, isReading: true };
    this.tails.set(origin, tail);
    const state = await this.parts.logs.state(origin).catch(() => undefined);
    if (state?.head) tail.floor = { epoch: state.head.epoch, seq: state.head.seq };
    tail.isReading = false;
    await this.readOn(origin, tail, tail.heard ?? heard);
  }

  /** Something lies between what was told and what has come: the log says what. */
  private async readOn(origin: OriginId, tail: Tail, heard: LogPlace): Promise<void> {
    tail.isReading = true;
    tail.heard = heard;
    try {
      while (!this.isClosed && this.tails.get(origin) === tail && !isPast(tail.end, tail.heard)) {
        const items = await this.parts.logs.read(origin, tail.end, readBytes);
        if (items.length === 0) break;
        for (const item of items) this.tell(item, tail);
      }
    } catch {
      // The log cannot be read now: its next commit tries again.
    } finally {
      tail.isReading = false;
    }
  }

  private beat(): void {
    this.parts.clock.after(heartbeatMs, () => {
      if (this.isClosed) return;
      for (const { group } of this.groups.values()) group.heartbeat();
      this.beat();
    });
  }
}

function spanOf(item: LogItem): { origin: OriginId; epoch: number; firstSeq: number; end: LogPlace } {
  if (item.kind === 'gap') {
    const { origin, epoch, fromSeq: firstSeq } = item.gap;
    return { origin, epoch, firstSeq, end: endOfGap(item.gap) };
  }
  const { origin, epoch, firstSeq } = item.commit.seal;
  return { origin, epoch, firstSeq, end: endOf(item.commit) };
}

function later(a: LogPlace, b: LogPlace): LogPlace {
  return comparePlaces(a, b) < 0 ? b : a;
}

/** A filter in one form, so that equal ones share. */
function plain(filter: ArticleFilter): unknown[] {
  const { topics, author, text, sinceMs, untilMs, origins, ids = [], replyTo } = filter;
  return [[...topics].sort(), author, text, sinceMs, untilMs, [...origins].sort(), [...ids].sort(), replyTo];
}
