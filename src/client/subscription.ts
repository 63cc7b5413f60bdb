import { type Clock, sleep } from '../core/clock.js';
import { type Cursor, parseCursor, type Start } from '../core/cursor.js';
import { type ErrorCode, isMootError, type MootError } from '../core/errors.js';
import { type ArticleFilter, parseFilter } from '../core/filter.js';
import type { PartChecker } from '../identity/check-part.js';
import { FeedConnection, type OpenFeed } from './feed-connection.js';
import type { FeedEvent } from './feed-events.js';
import { FeedPlace } from './feed-place.js';
import { fullJitter } from './full-jitter.js';
import { filterOf } from './query.js';
import type { SameFrames } from './same-frames.js';

export interface SubscribeOptions extends Partial<ArticleFilter> {
  /** Default: network. */
  readonly scope?: 'local' | 'network' | undefined;
  /** Default: now. A cursor is what `Subscription.cursor` gave, at this or any other community. */
  readonly from?: Start | { readonly cursor: string } | undefined;
  /** Ends it: the loop then ends without an error. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Articles as they come. It reconnects by itself, for as long as it is read, and tells so; nothing is told twice, nothing is
 * left out but what a `gap` names. Read it once.
 */
export interface Subscription extends AsyncIterable<FeedEvent> {
  /** What the reader has been given up to now: subscribe from here, anywhere, to go on. */
  readonly cursor: string;
  /** The loop then ends. */
  close(): void;
}

export interface SubscriptionParts {
  readonly clock: Clock;
  readonly checker: PartChecker;
  readonly frames: SameFrames;
  readonly open: OpenFeed;
  /** There is another replica to go to, at once; default: there is not. */
  readonly hasOthers?: (() => boolean) | undefined;
}

type Next = IteratorResult<FeedEvent, undefined>;

/** A subscription over any number of connections, one after the other. */
export class LiveSubscription implements Subscription {
  private readonly ending = new AbortController();
  private readonly filter: ArticleFilter;
  private readonly place: FeedPlace;
  private connection: FeedConnection | undefined;
  /** What is left to tell of the last frame. */
  private events: Iterator<FeedEvent> | undefined;
  private asked: Promise<Next> | undefined;
  private failures = 0;
  private retryInMs = 0;

  /** @throws MootError `invalid` naming what is wrong with the filter or the cursor. */
  constructor(
    private readonly parts: SubscriptionParts,
    private readonly options: SubscribeOptions,
  ) {
    const { from = 'now', signal } = options;
    this.filter = parseFilter(filterOf(options));
    this.place = new FeedPlace(toCursor(from), parts.checker);
    signal?.addEventListener('abort', () => this.close(), { once: true });
    if (signal?.aborted) this.close();
  }

  get cursor(): string {
    return this.place.text;
  }

  close(): void {
    this.ending.abort();
    this.connection?.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<FeedEvent, undefined> {
    return {
      next: () => this.next(),
      return: async () => {
        this.close();
        return over;
      },
    };
  }

  private get isEnded(): boolean {
    return this.ending.signal.aborted;
  }

  /** An event of a frame that has come costs one promise: generators within generators would make it ten. */
  private next(): Promise<Next> {
    const told = this.asked ? undefined : this.told();
    if (told) return Promise.resolve(told);
    const asked = this.asked ? this.asked.then(() => this.further()) : this.further();
    const done = (): void => {
      if (this.asked === asked) this.asked = undefined;
    };
    this.asked = asked;
    asked.then(done, done);
    return asked;
  }

  private told(): Next | undefined {
    const next = this.isEnded ? undefined : this.events?.next();
    return next && !next.done ? next : undefined;
  }

  /** The next event, if need be of the next frame, over as many connections as it takes. */
  private async further(): Promise<Next> {
    while (!this.isEnded) {
      try {
        const told = this.told();
        if (told) return told;
        const frame = await (await this.connected()).next();
        if (frame?.kind === 'accepted') this.failures = 0;
        this.events = frame && this.place.take(frame);
      } catch (error) {
        const lost = this.lost(error);
        if (lost) return lost;
      }
    }
    return over;
  }

  private async connected(): Promise<FeedConnection> {
    if (this.connection) return this.connection;
    if (this.failures > 0) await sleep(this.parts.clock, this.retryInMs, this.ending.signal);
    const { filter, options, place, parts } = this;
    const request = { filter, scope: options.scope ?? 'network', cursor: place.cursor };
    this.connection = new FeedConnection(parts.clock, parts.frames, parts.open, request, this.ending.signal);
    return this.connection;
  }

  /** @throws `error` when it would be no better the next time; undefined when nobody reads any more. */
  private lost(error: unknown): Next | undefined {
    this.connection?.close();
    this.connection = undefined;
    this.events = undefined;
    if (this.isEnded) return undefined;
    if (!isPassing(error)) {
      this.close();
      throw error;
    }
    this.failures += 1;
    const isSoon = this.failures === 1 && this.parts.hasOthers?.() === true;
    this.retryInMs = fullJitter(this.failures) * (isSoon ? 0.1 : 1);
    return { done: false, value: { type: 'reconnecting', reason: error.message, retryInMs: this.retryInMs } };
  }
}

const over: Next = { done: true, value: undefined };

function toCursor(from: NonNullable<SubscribeOptions['from']>): Cursor {
  return typeof from === 'string' ? { places: new Map(), start: from } : parseCursor(from.cursor);
}

const passing: ReadonlySet<ErrorCode> = new Set(['unavailable', 'timed_out', 'cancelled', 'full']);

/** It may be better the next time. */
function isPassing(error: unknown): error is MootError {
  return isMootError(error) && passing.has(error.code);
}
