import type { EntryId, OriginId } from '../core/ids.js';
import type { Article } from './types.js';

/** A link of the community whose articles are not arriving there now. */
export interface UnfedLink {
  readonly id: OriginId;
  readonly name: string;
  readonly reason: string;
  readonly sinceMs: number;
}

/** What a subscription tells, in the order in which it happens. Articles and retractions of one origin come in its order. */
export type FeedEvent =
  /** The subscription stands: again after each reconnection. */
  | {
      readonly type: 'accepted';
      /** Subscriptions at that community that articles of these topics reach, this one among them. */
      readonly subscribers: number;
      readonly notFed: readonly UnfedLink[];
    }
  | {
      readonly type: 'article';
      readonly article: Article;
      /** It was published while the subscription stood; else it had been there before. */
      readonly live: boolean;
    }
  /** An article that matched, or would have, was taken back. */
  | {
      readonly type: 'retracted';
      /** Of the retraction. */
      readonly id: EntryId;
      readonly origin: OriginId;
      readonly epoch: number;
      readonly seq: number;
      /** The article. */
      readonly retracts: EntryId;
      readonly topic: string;
      readonly reason: string;
    }
  /** All that was there has been told; what follows is new. Once for each connection. */
  | { readonly type: 'caughtUp'; readonly cursor: string }
  /** These entries of an origin are not to be had; the subscription goes on behind them. */
  | {
      readonly type: 'gap';
      readonly origin: OriginId;
      readonly epoch: number;
      readonly from: number;
      readonly to: number;
      readonly reason: string;
    }
  | { readonly type: 'heartbeat'; readonly cursor: string }
  /** The connection was lost; it goes on by itself, from where it was, after `retryInMs`. */
  | { readonly type: 'reconnecting'; readonly reason: string; readonly retryInMs: number };
