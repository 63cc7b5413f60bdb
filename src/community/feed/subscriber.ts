import { isMootError, type MootError } from '../../core/errors.js';
import type { OriginId } from '../../core/ids.js';
import { comparePlaces, endOf, endOfGap, type LogPlace, type LogStore } from '../../core/log.js';
import type { SubscriptionFrame } from '../../core/subscribing.js';
import { DecodedCommit } from './decoded.js';
import { entriesFrames } from './entries-frames.js';
import { type Attached, type Group, isPast } from './group.js';
import type { Told } from './told.js';

const readBytes = 256 * 1024;

type Places = Map<OriginId, LogPlace>;

/** One subscription: it reads the logs until it is level with its group, then shares the group's frames. */
export class Subscriber implements Attached {
  next = 0;
  /** What was given to the reader; while attached, the group knows. */
  private places: Places;
  /** Where the reader has more than there is here: what they have seen elsewhere is not shown again. */
  private ahead: Places = new Map();
  private readonly untold = new Set<OriginId>();
  private isAttached = false;
  /** Since the last heartbeat. */
  private isBusy = false;
  private sign: SubscriptionFrame | undefined;
  private ended: MootError | undefined;
  private resume: (() => void) | undefined;

  constructor(
    private readonly group: Group,
    private readonly logs: LogStore,
    places: ReadonlyMap<OriginId, LogPlace>,
  ) {
    this.places = new Map(places);
  }

  /** Nothing more is given but what was begun; a generator that nobody pulls is let go of as well. */
  end(reason: MootError): void {
    this.ended ??= reason;
    this.group.detach(this);
    this.isAttached = false;
    this.wake();
  }

  wake(): void {
    this.resume?.();
    this.resume = undefined;
  }

  beat(frame: SubscriptionFrame): void {
    if (!this.isBusy && this.resume) {
      this.sign = frame;
      this.wake();
    }
    this.isBusy = false;
  }

  leave(): void {
    const places = this.group.placesAt(this.next);
    for (const [origin, seen] of this.ahead) if (!isPast(places.get(origin), seen)) places.set(origin, seen);
    for (const origin of this.group.silent) this.untold.add(origin);
    this.places = places;
    this.isAttached = false;
    this.group.detach(this);
    this.wake();
  }

  /** @throws the reason of its end, after its last words. */
  async *frames(): AsyncGenerator<SubscriptionFrame> {
    let isLive = false;
    while (!this.ended) {
      yield* this.catchUp(isLive);
      if (this.ended || !this.attach()) continue;
      if (!isLive) yield { kind: 'caught-up', places: this.tell() };
      isLive = true;
      yield* this.shared();
    }
    if (isMootError(this.ended) && this.ended.code === 'unavailable') yield { kind: 'heartbeat', places: this.tell() };
    throw this.ended;
  }

  /** Shares what comes, once nothing is left to read. @returns false when something is. */
  private attach(): boolean {
    if (this.behind() !== undefined) return false;
    this.ahead = new Map(
      [...this.places].filter(([origin, place]) => {
        const here = this.group.places.get(origin);
        return here === undefined || comparePlaces(place, here) > 0;
      }),
    );
    this.isAttached = true;
    this.next = this.group.attach(this);
    return true;
  }

  /** Gives what the group tells, until this has left it. */
  private async *shared(): AsyncGenerator<SubscriptionFrame> {
    while (this.isAttached) {
      const told = this.group.take(this.next, this);
      // What was there to take may have been dropped by looking.
      if (!this.isAttached) return;
      if (!told) {
        await new Promise<void>((resolve) => {
          this.resume = resolve;
        });
        if (this.sign && this.isAttached) yield this.sign;
        this.sign = undefined;
      } else if (!this.isToShow(told)) this.leave();
      else {
        this.next += 1;
        this.isBusy = true;
        if (!this.isSeen(told)) yield told.frame;
      }
    }
  }

  private isSeen({ log }: Told): boolean {
    return log !== undefined && isPast(this.ahead.get(log.origin), log.through);
  }

  /** False when a part of it, and not all, was seen elsewhere: the log has the rest. */
  private isToShow(told: Told): boolean {
    const { log } = told;
    const seen = log && this.ahead.get(log.origin);
    return !seen || isPast(log.before, seen) || this.isSeen(told);
  }

  private async *catchUp(live: boolean): AsyncGenerator<SubscriptionFrame> {
    for (let origin = this.behind(); origin !== undefined && !this.ended; origin = this.behind())
      yield* this.readOn(origin, live);
  }

  private behind(): OriginId | undefined {
    for (const [origin, here] of this.group.places) if (!isPast(this.places.get(origin), here)) return origin;
    return undefined;
  }

  /** One slice of one log. It never reads past the group: what comes after is shared. */
  private async *readOn(origin: OriginId, live: boolean): AsyncGenerator<SubscriptionFrame> {
    const upTo = this.group.places.get(origin);
    const from = this.places.get(origin) ?? (await this.logs.state(origin))?.after;
    if (!upTo || !from) return this.seen(origin, upTo);
    const items = await this.logs.read(origin, from, readBytes);
    let commits: DecodedCommit[] = [];
    let through = from;
    for (const item of items) {
      const end = item.kind === 'gap' ? endOfGap(item.gap) : endOf(item.commit);
      if (comparePlaces(end, upTo) > 0) break;
      through = end;
      if (item.kind === 'commit') commits.push(new DecodedCommit(item.commit));
      else {
        yield* entriesFrames(commits, this.group.matcher, live, from);
        commits = [];
        yield { kind: 'gap', gap: item.gap };
      }
    }
    yield* entriesFrames(commits, this.group.matcher, live, from);
    // A log that has nothing more, though it had: it was dropped, or its last entries went with their time.
    this.seen(origin, comparePlaces(through, from) > 0 ? through : upTo);
  }

  private seen(origin: OriginId, place: LogPlace | undefined): void {
    if (!place) return;
    this.places.set(origin, place);
    this.untold.add(origin);
  }

  private tell(): ReadonlyMap<OriginId, LogPlace> {
    const known = this.isAttached ? this.group.places : this.places;
    const places = new Map<OriginId, LogPlace>();
    for (const origin of this.untold) {
      const place = known.get(origin);
      if (place) places.set(origin, place);
    }
    this.untold.clear();
    return places;
  }
}
