import type { Cursor } from './cursor.js';
import type { Seal } from './entry.js';
import type { ArticleFilter } from './filter.js';
import type { NotFed } from './following.js';
import type { OriginId } from './ids.js';
import type { Gap, LogPlace } from './log.js';

/** What a member subscribes to. */
export interface SubscribeRequest {
  readonly filter: ArticleFilter;
  readonly scope: 'local' | 'network';
  readonly cursor: Cursor;
}

/** Some entries of one commit, with all it takes to check them against its seal. */
export interface CommitPart {
  readonly seal: Seal;
  /** Which these are, counted from the first of the commit, rising. */
  readonly indexes: readonly number[];
  readonly entries: readonly Uint8Array[];
  /** The proof for all of them at once, hashes of 32 bytes end to end: see `provePart` of identity/merkle. */
  readonly hashes: Uint8Array;
  readonly storedAtMs: number;
}

/** Entries of one log that match a filter. Shared by all who have that filter: encode it once. */
export interface EntriesFrame {
  readonly kind: 'entries';
  readonly origin: OriginId;
  readonly parts: readonly CommitPart[];
  /** What is seen of this log with this frame. */
  readonly through: LogPlace;
  readonly live: boolean;
  /** About what it takes. */
  readonly bytes: number;
}

export type SubscriptionFrame =
  | {
      readonly kind: 'accepted';
      readonly subscribers: number;
      readonly places: ReadonlyMap<OriginId, LogPlace>;
      readonly notFed: readonly NotFed[];
    }
  | EntriesFrame
  | { readonly kind: 'caught-up'; readonly places: ReadonlyMap<OriginId, LogPlace> }
  | { readonly kind: 'heartbeat'; readonly places: ReadonlyMap<OriginId, LogPlace> }
  | { readonly kind: 'gap'; readonly gap: Gap };
