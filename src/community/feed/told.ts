import type { OriginId } from '../../core/ids.js';
import type { LogPlace } from '../../core/log.js';
import type { SubscriptionFrame } from '../../core/subscribing.js';

/** A frame for all of a group, and what it says of one log. */
export interface Told {
  readonly frame: SubscriptionFrame;
  /** Undefined for a heartbeat. */
  readonly log:
    | { readonly origin: OriginId; readonly before: LogPlace | undefined; readonly through: LogPlace }
    | undefined;
}

/** Somebody whose frames may be dropped, the oldest first. */
interface Keeper {
  dropOldest(): void;
}

/** What the frames of all groups may take that are kept for those who are a little behind, as they are and encoded. */
const mostBytes = 8 * 1024 * 1024;
/** The objects that a frame is made of, about (measured: 1.4 KiB with one article). */
const frameObjects = 1536;

/** Bounds what all groups keep together. */
export class FrameRoom {
  private kept: { readonly keeper: Keeper; readonly bytes: number }[] = [];
  private first = 0;
  private bytes = 0;

  constructor(private readonly most = mostBytes) {}

  /** Counts a frame that `keeper` has begun to keep, and has the oldest ones dropped, whoever keeps them. */
  add(keeper: Keeper, frame: SubscriptionFrame): void {
    const bytes = frameObjects + (frame.kind === 'entries' ? 2 * frame.bytes : 0);
    this.kept.push({ keeper, bytes });
    this.bytes += bytes;
    while (this.bytes > this.most) {
      const oldest = this.kept[this.first++];
      if (!oldest) return;
      this.bytes -= oldest.bytes;
      oldest.keeper.dropOldest();
    }
    if (this.first * 2 > this.kept.length) {
      this.kept = this.kept.slice(this.first);
      this.first = 0;
    }
  }
}

/** The newest that a group has told, numbered from 0. */
export class Recent {
  private kept: Told[] = [];
  private gone = 0;
  private dropped = 0;

  /** The number of the oldest that is kept. */
  get first(): number {
    return this.dropped;
  }

  /** The number of the next. */
  get end(): number {
    return this.dropped + this.kept.length - this.gone;
  }

  at(number: number): Told | undefined {
    return this.kept[number - this.dropped + this.gone];
  }

  push(told: Told): void {
    this.kept.push(told);
  }

  dropOldest(): void {
    this.gone += 1;
    this.dropped += 1;
    if (this.gone * 2 <= this.kept.length) return;
    this.kept = this.kept.slice(this.gone);
    this.gone = 0;
  }
}
