import type { FeedEvent } from '../../client/feed-events.js';
import type { Article } from '../../client/index.js';
import type { SubscribeOptions, Subscription } from '../../client/subscription.js';
import { type Cursor, parseCursor } from '../../core/cursor.js';
import { MootError } from '../../core/errors.js';
import { covers } from '../../core/topic.js';

/** Where feeds come from: a community. */
export interface Feeds {
  readonly name: string;
  subscribe(options?: SubscribeOptions): Subscription;
  /** Adds to an article the name of the community that it comes from. */
  withName(event: FeedEvent): Promise<FeedEvent>;
  /** Resolves when the community has heard what was said before; soon, though it does not answer. */
  heard(): Promise<void>;
}

type Retracted = Extract<FeedEvent, { type: 'retracted' }>;
type Gap = Extract<FeedEvent, { type: 'gap' }>;

/** What is heard, in its order. */
export type Heard =
  | { readonly type: 'article'; readonly article: Article; readonly live: boolean }
  | Retracted
  | Gap
  /** The connection is gone; it comes back by itself. */
  | { readonly type: 'lost'; readonly reason: string }
  /** All that was missed has been told: so many articles. */
  | { readonly type: 'back'; readonly recovered: number };

/** What it takes to go on later, as if one had never been away. */
export interface Listened {
  readonly cursor: string;
  /** Each topic, and the cursor from which on it is listened to. */
  readonly topics: ReadonlyMap<string, string>;
}

/** Stands for every topic. */
export const everything = '';

/**
 * Topics that are listened to at one community, and change meanwhile. One feed carries them all, so their articles come in
 * one order, each once however many of the topics cover it. Of a topic nothing is heard from before it was listened to.
 */
export class Listening {
  private readonly topics = new Map<string, { readonly from: Cursor; readonly text: string }>();
  private feed: { readonly subscription: Subscription; readonly ended: Promise<void> } | undefined;
  private cursor: string | undefined;
  /** Articles that came since what was missed began to be told; undefined: nothing is missed. */
  private recovered: number | undefined;
  private lost = false;
  private telling = false;

  constructor(
    private readonly community: Feeds,
    /** The next is heard when this is done with it. */
    private readonly tell: (heard: Heard) => Promise<void>,
    private readonly hooks: {
      readonly onFailure: (error: unknown) => void;
      /** `state` has changed. */
      readonly onChange?: () => void;
    },
  ) {}

  /** The topics listened to, as they were added. */
  get all(): readonly string[] {
    return [...this.topics.keys()];
  }

  /** What would be needed to go on from here; undefined while something is being told, or nothing is listened to. */
  get state(): Listened | undefined {
    const cursor = this.feed?.subscription.cursor;
    if (cursor === undefined || this.telling) return undefined;
    return { cursor, topics: new Map([...this.topics].map(([topic, { text }]) => [topic, text])) };
  }

  /** Goes on from where an earlier one was; `back` is heard when all that was missed has been told. */
  resume({ cursor, topics }: Listened): void {
    for (const [topic, text] of topics) this.topics.set(topic, { from: parseCursor(text), text });
    this.cursor = cursor;
    this.recovered = 0;
    this.open();
  }

  /**
   * Listens to one more topic, from now on.
   * @returns how many listen to it, this one among them.
   * @throws MootError what the community says against it.
   */
  async add(topic: string, signal: AbortSignal): Promise<number> {
    const now = await this.now(topic, signal);
    if (this.topics.has(topic)) return now.subscribers - 1;
    const known = this.covering(topic);
    await this.close();
    this.topics.set(topic, { from: parseCursor(now.cursor), text: now.cursor });
    this.cursor ??= now.cursor;
    this.open();
    return known ? now.subscribers - 1 : now.subscribers;
  }

  /** How many listen to a topic, this one among them if it does. */
  async count(topic: string, signal: AbortSignal): Promise<number> {
    // Asking makes one more, for as long as it takes.
    return (await this.now(topic, signal)).subscribers - 1;
  }

  /** @returns whether it was listened to. */
  async remove(topic: string): Promise<boolean> {
    if (!this.topics.has(topic)) return false;
    await this.close();
    this.topics.delete(topic);
    if (this.topics.size === 0) this.cursor = undefined;
    else this.open();
    this.hooks.onChange?.();
    return true;
  }

  /** Takes leave: who vanished at once after it would be taken for lost. */
  async end(): Promise<void> {
    const { feed } = this;
    await this.close();
    if (feed) await this.community.heard();
  }

  /** Ends when what is being told has been told. */
  async close(): Promise<void> {
    const { feed } = this;
    if (!feed) return;
    feed.subscription.close();
    await feed.ended;
    this.cursor = feed.subscription.cursor;
    this.feed = undefined;
  }

  private open(): void {
    const topics = this.all.includes(everything) ? [] : this.all;
    const from = this.cursor === undefined ? 'now' : { cursor: this.cursor };
    const subscription = this.community.subscribe({ topics, from });
    const ended = this.read(subscription).catch((error: unknown) => this.hooks.onFailure(error));
    this.feed = { subscription, ended };
    this.hooks.onChange?.();
  }

  private async read(subscription: Subscription): Promise<void> {
    for await (const event of subscription) {
      // All else moves the cursor past nothing that is to be heard.
      this.telling = event.type === 'article' || event.type === 'retracted' || event.type === 'gap';
      await this.take(await this.community.withName(event));
      this.telling = false;
      this.hooks.onChange?.();
    }
  }

  private async take(event: FeedEvent): Promise<void> {
    switch (event.type) {
      case 'article': {
        const { article, live } = event;
        if (!this.isMeant(article)) return;
        if (this.recovered !== undefined && !live) this.recovered += 1;
        return this.tell({ type: 'article', article, live });
      }
      case 'retracted':
        return this.isMeant(event) ? this.tell(event) : undefined;
      case 'gap':
        return this.tell(event);
      case 'reconnecting': {
        this.recovered ??= 0;
        if (this.lost) return undefined;
        this.lost = true;
        return this.tell({ type: 'lost', reason: event.reason });
      }
      case 'caughtUp': {
        const { recovered } = this;
        this.recovered = undefined;
        this.lost = false;
        return recovered === undefined ? undefined : this.tell({ type: 'back', recovered });
      }
      default:
        return undefined;
    }
  }

  /** The feed may begin before the topic was asked for, when others were. */
  private isMeant(at: { topic: string; origin: string; epoch: number; seq: number }): boolean {
    return [...this.topics].some(([topic, { from }]) => {
      if (topic !== everything && !covers(topic, at.topic)) return false;
      const place = from.places.get(at.origin);
      return !place || at.epoch > place.epoch || (at.epoch === place.epoch && at.seq > place.seq);
    });
  }

  private covering(topic: string): boolean {
    return this.all.some((known) => known === everything || covers(known, topic));
  }

  /** Where a topic is now, and how many listen to it. */
  private async now(topic: string, signal: AbortSignal): Promise<{ subscribers: number; cursor: string }> {
    const topics = topic === everything ? [] : [topic];
    const probe = this.community.subscribe({ topics, from: 'now', signal });
    try {
      for await (const event of probe) {
        if (event.type === 'accepted') return { subscribers: event.subscribers, cursor: probe.cursor };
        if (event.type === 'reconnecting') throw new MootError('unavailable', event.reason);
      }
      throw new MootError('cancelled', 'it was ended before the community answered');
    } finally {
      probe.close();
    }
  }
}
