import type { Feeds } from '../../src/cli/live/listening.js';
import type { FeedEvent } from '../../src/client/feed-events.js';
import type { Article } from '../../src/client/index.js';
import type { SubscribeOptions, Subscription } from '../../src/client/subscription.js';
import { toCursorText } from '../../src/core/cursor.js';

export const origin = '0'.repeat(52);

export function cursorAt(seq: number): string {
  return toCursorText({ start: 'now', places: new Map([[origin, { epoch: 1, seq }]]) });
}

/** An article event; its body is its number. */
export function article(seq: number, topic: string, live = true): FeedEvent {
  const body = String(seq);
  return { type: 'article', live, article: { id: body, origin, epoch: 1, seq, topic, body } as Article };
}

/** A subscription that tells what it is told to tell. */
export class ScriptedFeed implements Subscription {
  cursor: string;
  private readonly events: FeedEvent[] = [];
  private isClosed = false;
  private wake = (): void => undefined;

  constructor(
    readonly options: SubscribeOptions,
    /** Where `now` is. */
    nowSeq: number,
  ) {
    const { from } = options;
    this.cursor = typeof from === 'object' ? from.cursor : cursorAt(nowSeq);
    this.events.push({ type: 'accepted', subscribers: 1, notFed: [] });
  }

  tell(...events: FeedEvent[]): void {
    this.events.push(...events);
    this.wake();
  }

  close(): void {
    this.isClosed = true;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FeedEvent> {
    while (!this.isClosed) {
      const event = this.events.shift();
      if (event?.type === 'article') this.cursor = cursorAt(event.article.seq);
      if (event) yield event;
      else
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
    }
  }
}

/** A community whose feeds a test speaks for. */
export class ScriptedFeeds implements Feeds {
  readonly name = 'Hamlet';
  readonly feeds: ScriptedFeed[] = [];
  nowSeq = 0;

  subscribe(options: SubscribeOptions = {}): ScriptedFeed {
    const feed = new ScriptedFeed(options, this.nowSeq);
    this.feeds.push(feed);
    return feed;
  }

  async withName(event: FeedEvent): Promise<FeedEvent> {
    return event;
  }

  async heard(): Promise<void> {
    // It is all in one place.
  }

  /** The one that was opened last. */
  get last(): ScriptedFeed {
    const feed = this.feeds.at(-1);
    if (!feed) throw new Error('nothing is subscribed to');
    return feed;
  }
}
