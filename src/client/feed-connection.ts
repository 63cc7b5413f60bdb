import type { Clock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import type { SubscribeRequest, SubscriptionFrame } from '../core/subscribing.js';
import { readAnswer } from '../wire/check.js';
import type { SameFrames } from './same-frames.js';

/** Opens the stream, of messages as they come; it is at once read. */
export type OpenFeed = (request: SubscribeRequest, signal: AbortSignal) => Promise<AsyncIterableIterator<Buffer>>;

/** Three heartbeats. */
const silenceMs = 15_000;

/** One connection of a subscription, from its first frame to what ends it. */
export class FeedConnection {
  private readonly ended = new AbortController();
  private readonly frames: Promise<AsyncIterableIterator<Buffer>>;

  constructor(
    private readonly clock: Clock,
    private readonly reading: SameFrames,
    open: OpenFeed,
    request: SubscribeRequest,
    signal: AbortSignal,
  ) {
    this.frames = open(request, AbortSignal.any([signal, this.ended.signal]));
    this.frames.catch(() => undefined);
  }

  /** Undefined for a frame of a kind that is not known here. @throws what ended the stream: it never ends by itself. */
  async next(): Promise<SubscriptionFrame | undefined> {
    const silent = () => new MootError('timed_out', 'nothing was heard from the server for 15 s');
    const disarm = this.clock.after(silenceMs, () => this.ended.abort(silent()));
    try {
      const next = await (await this.frames).next();
      if (next.done) throw new MootError('unavailable', 'the server ended the subscription');
      return readAnswer(() => this.reading.read(next.value));
    } finally {
      disarm();
    }
  }

  close(): void {
    this.ended.abort();
  }
}
