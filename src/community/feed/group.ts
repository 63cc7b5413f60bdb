import type { Clock } from '../../core/clock.js';
import type { OriginId } from '../../core/ids.js';
import { limits } from '../../core/limits.js';
import { comparePlaces, endOf, endOfGap, type Gap, type LogPlace } from '../../core/log.js';
import type { SubscriptionFrame } from '../../core/subscribing.js';
import type { DecodedCommit } from './decoded.js';
import { entriesFrames } from './entries-frames.js';
import type { Matcher } from './matcher.js';
import { type FrameRoom, Recent, type Told } from './told.js';

type Places = Map<OriginId, LogPlace>;

/** What happened to one log, in order. */
export type Happened =
  | { readonly kind: 'commits'; readonly origin: OriginId; readonly commits: readonly DecodedCommit[] }
  | { readonly kind: 'gap'; readonly origin: OriginId; readonly gap: Gap };

/** Somebody who takes what the group tells, one after the other, as fast as they can. */
export interface Attached {
  /** The number of what they take next. */
  readonly next: number;
  /** There is something new to take. */
  wake(): void;
  /** Nothing has happened for a while. */
  beat(frame: SubscriptionFrame): void;
  /** What they would take next is dropped: from here on they read the log. */
  leave(): void;
}

/** Written in one go, this many keep the event loop for about 3 ms (RELIABILITY, grpc-js: 31–38 ms for 1,000 streams). */
const sliceSize = 100;
const nothingNew: SubscriptionFrame = { kind: 'heartbeat', places: new Map() };

/** The subscribers of one filter: each frame is made, kept and later encoded once for all of them. */
export class Group {
  /** How far everything that was told goes. */
  private readonly told: Places;
  private readonly recent = new Recent();
  private readonly attached = new Set<Attached>();
  /** Who has taken everything. */
  private readonly idle = new Set<Attached>();
  /** The first of those who are idle are to be woken. */
  private toWake = 0;
  private isWaking = false;
  /** It is put into frames when somebody wants to see it: the busier all are, the more of it goes into one frame. */
  private waiting: Happened[] = [];
  private waitingEntries = 0;
  private readonly untold = new Set<OriginId>();

  /** @param floorOf before which nothing of a log is shown, unless a cursor asks for it. */
  constructor(
    readonly matcher: Matcher,
    places: ReadonlyMap<OriginId, LogPlace>,
    private readonly floorOf: (origin: OriginId) => LogPlace,
    private readonly room: FrameRoom,
    private readonly clock: Clock,
  ) {
    this.told = new Map([...places].filter(([origin]) => matcher.wants(origin)));
  }

  /** How far everything goes that has happened. */
  get places(): ReadonlyMap<OriginId, LogPlace> {
    this.tell();
    return this.told;
  }

  /** Where somebody is who has taken everything before `number`. */
  placesAt(number: number): Places {
    const places = new Map(this.places);
    const seen = new Set<OriginId>();
    for (let at = number; at < this.recent.end; at += 1) {
      const log = this.recent.at(at)?.log;
      if (!log || seen.has(log.origin)) continue;
      seen.add(log.origin);
      if (log.before) places.set(log.origin, log.before);
      else places.delete(log.origin);
    }
    return places;
  }

  /** Logs that went on since the last heartbeat, with nothing to show. */
  get silent(): Iterable<OriginId> {
    return this.untold;
  }

  /** @returns the number of what they take first. */
  attach(subscriber: Attached): number {
    this.tell();
    this.attached.add(subscriber);
    return this.recent.end;
  }

  detach(subscriber: Attached): void {
    this.attached.delete(subscriber);
    this.idle.delete(subscriber);
  }

  /** Undefined when nothing more has happened: who is attached is woken, once, when it has. */
  take(number: number, subscriber: Attached): Told | undefined {
    if (number === this.recent.end) this.tell();
    const told = this.recent.at(number);
    if (!told && this.attached.has(subscriber)) this.idle.add(subscriber);
    return told;
  }

  offer(happened: Happened): void {
    if (!this.matcher.wants(happened.origin)) return;
    this.waiting.push(happened);
    this.waitingEntries += happened.kind === 'gap' ? 1 : sizeOf(happened.commits);
    const isWaitedFor = this.idle.size > 0 && !this.isWaking;
    if (this.attached.size === 0 || isWaitedFor || this.waitingEntries >= limits.frameEntries) this.tell();
  }

  /** Tells how far logs have come that had nothing to show; who has heard nothing lately hears that there is nothing. */
  heartbeat(): void {
    this.tell();
    const places = new Map([...this.untold].flatMap((origin) => this.placed(origin)));
    this.untold.clear();
    if (places.size > 0) {
      this.keep([{ frame: { kind: 'heartbeat', places }, log: undefined }]);
    } else this.beat([...this.attached], 0);
  }

  /** Forgets a log that is kept here no more. */
  forget(origin: OriginId): void {
    this.tell();
    this.told.delete(origin);
    this.untold.delete(origin);
  }

  /** Called by the room, when all groups together keep too much. */
  dropOldest(): void {
    for (const subscriber of [...this.attached]) if (subscriber.next <= this.recent.first) subscriber.leave();
    this.recent.dropOldest();
  }

  private placed(origin: OriginId): [OriginId, LogPlace][] {
    const place = this.told.get(origin);
    return place ? [[origin, place]] : [];
  }

  private beat(all: readonly Attached[], from: number): void {
    for (const subscriber of all.slice(from, from + sliceSize)) subscriber.beat(nothingNew);
    if (from + sliceSize < all.length) this.clock.after(0, () => this.beat(all, from + sliceSize));
  }

  /** A slice at a time. Those who are woken first are idle again, behind the others, before the last ones have had their turn. */
  private wake(): void {
    this.toWake = this.idle.size;
    if (!this.isWaking) this.wakeSlice();
  }

  private wakeSlice(): void {
    const slice = [...first(this.idle, Math.min(this.toWake, sliceSize))];
    this.toWake -= slice.length;
    for (const subscriber of slice) {
      this.idle.delete(subscriber);
      subscriber.wake();
    }
    this.isWaking = this.toWake > 0 && slice.length > 0;
    if (this.isWaking) this.clock.after(0, () => this.wakeSlice());
  }

  /** Puts into frames what has happened. */
  private tell(): void {
    if (this.waiting.length === 0) return;
    const { waiting } = this;
    [this.waiting, this.waitingEntries] = [[], 0];
    this.keep(inRuns(waiting).flatMap((happened) => this.share(happened)));
  }

  /** Moves `told` on. */
  private share(happened: Happened): Told[] {
    const { origin } = happened;
    const before = this.told.get(origin);
    if (happened.kind === 'gap') {
      const through = endOfGap(happened.gap);
      this.told.set(origin, through);
      return [{ frame: { kind: 'gap', gap: happened.gap }, log: { origin, before, through } }];
    }
    const last = happened.commits.at(-1);
    if (!last) return [];
    this.told.set(origin, endOf(last.commit));
    const floor = this.floorOf(origin);
    const shown = happened.commits.filter(({ commit }) => comparePlaces(endOf(commit), floor) > 0);
    const frames = this.attached.size > 0 ? entriesFrames(shown, this.matcher, true) : [];
    if (frames.length === 0) this.untold.add(origin);
    else this.untold.delete(origin);
    return frames.map((frame, at) => {
      return { frame, log: { origin, before: frames[at - 1]?.through ?? before, through: frame.through } };
    });
  }

  /** All before any is counted: to make room, somebody may have to leave, and must know where they are. */
  private keep(all: readonly Told[]): void {
    if (this.attached.size === 0 || all.length === 0) return;
    for (const told of all) this.recent.push(told);
    for (const { frame } of all) this.room.add(this, frame);
    this.wake();
  }
}

function sizeOf(commits: readonly DecodedCommit[]): number {
  return commits.reduce((sum, { commit }) => sum + commit.entries.length, 0);
}

function* first<T>(all: Iterable<T>, count: number): Generator<T> {
  let left = count;
  if (left <= 0) return;
  for (const one of all) {
    yield one;
    left -= 1;
    if (left <= 0) return;
  }
}

/** Commits of one log that follow each other are shown together. */
function inRuns(all: readonly Happened[]): Happened[] {
  const runs: Happened[] = [];
  for (const next of all) {
    const last = runs.at(-1);
    if (last?.kind === 'commits' && next.kind === 'commits' && last.origin === next.origin)
      runs[runs.length - 1] = { ...last, commits: [...last.commits, ...next.commits] };
    else runs.push(next);
  }
  return runs;
}

/** True when `place` is at or past `other`; a log that was never seen lies before everything. */
export function isPast(place: LogPlace | undefined, other: LogPlace): boolean {
  return place !== undefined && comparePlaces(place, other) >= 0;
}
