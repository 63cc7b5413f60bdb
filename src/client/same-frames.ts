import type { SubscriptionFrame } from '../core/subscribing.js';
import { fromWireSubscription } from '../wire/convert-subscribe.js';
import { SubscribeResponse } from '../wire/gen/moot/v1/community.js';

/** At most so many, of 64 KiB or one article each. */
const mostFrames = 64;
/** The end of a frame says how far it goes: no two of one log end alike, but for other filters. */
const tail = 48;

interface Read {
  readonly bytes: Buffer;
  readonly frame: SubscriptionFrame | undefined;
}

/**
 * Reads frames for all subscriptions of a process to one community. Those with one filter are sent the same bytes: what was
 * read a moment ago is compared, byte by byte, instead of being read again.
 */
export class SameFrames {
  private readonly recent = new Map<string, Read>();

  /** Undefined for a frame of a kind that is not known here. @throws MootError `invalid`, or whatever reading throws. */
  read(bytes: Buffer): SubscriptionFrame | undefined {
    const key = bytes.toString('latin1', Math.max(0, bytes.length - tail));
    const known = this.recent.get(key);
    if (known?.bytes.equals(bytes)) return known.frame;
    const frame = fromWireSubscription(SubscribeResponse.decode(bytes));
    if (frame?.kind === 'entries') this.keep(key, { bytes, frame });
    return frame;
  }

  private keep(key: string, read: Read): void {
    this.recent.delete(key);
    this.recent.set(key, read);
    if (this.recent.size <= mostFrames) return;
    for (const oldest of this.recent.keys()) {
      this.recent.delete(oldest);
      return;
    }
  }
}
