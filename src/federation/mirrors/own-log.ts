import { type Clock, sleep } from '../../core/clock.js';
import type { OriginId } from '../../core/ids.js';
import { comparePlaces, type LogPlace, logStart } from '../../core/log.js';

/** Whether the own log is as long here as anywhere: a copy that was restored gets the rest back from its peers. */
export class OwnLog {
  private readonly hasTold = new Set<OriginId>();
  private fork = false;
  private newest: LogPlace = logStart;
  private tell = (): void => undefined;
  private isSettled = false;
  private hasOtherWriters = false;

  /** @param onOld is called when it shows, after `settled`, that this is an old copy. */
  constructor(
    private readonly clock: Clock,
    private readonly onOld: () => void,
  ) {}

  /** Other replicas write it as well: how far it goes is what the store says, and nobody else. */
  share(): void {
    this.hasOtherWriters = true;
  }

  get isShared(): boolean {
    return this.hasOtherWriters;
  }

  /** The last place that this community is known to have given. */
  get given(): LogPlace {
    return this.newest;
  }

  /** A place that was given to something else than is here, or to something that did not come back: `end` is how far this copy goes. */
  isOld(end: LogPlace): boolean {
    return this.fork || comparePlaces(this.newest, end) > 0;
  }

  /** This community has once said that its log is so long. */
  noteHead(head: LogPlace): void {
    if (comparePlaces(head, this.newest) > 0) this.newest = head;
  }

  /** A peer has other entries of the own log than are here. @returns true the first time. */
  forked(): boolean {
    const isNew = !this.fork;
    this.fork = true;
    if (isNew && this.isSettled) this.onOld();
    return isNew;
  }

  /** A new epoch has begun: nothing that is in an older one is in doubt. */
  began(): void {
    this.fork = false;
  }

  isWaitingFor(peer: OriginId): boolean {
    return !this.hasTold.has(peer);
  }

  /** `peer` has handed back what it had, or is not to be reached. */
  told(peer: OriginId): void {
    this.hasTold.add(peer);
    this.tell();
  }

  /** Resolves when all of `peers` have told, or after `mostMs`. */
  async settled(peers: readonly OriginId[], mostMs: number): Promise<void> {
    const over = new AbortController();
    this.tell = () => {
      if (peers.every((peer) => this.hasTold.has(peer))) over.abort();
    };
    this.tell();
    await sleep(this.clock, mostMs, over.signal);
    this.isSettled = true;
  }
}
