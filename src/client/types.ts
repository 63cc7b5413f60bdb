import type { SealedArticle } from '../core/entry.js';
import type { MootError } from '../core/errors.js';
import type { EntryId, OriginId } from '../core/ids.js';
import type { Published } from '../core/stores.js';

/** A community as the registry lists it, or as it describes itself. */
export interface ServerInfo {
  readonly id: OriginId;
  readonly name: string;
  /** HOST:PORT. */
  readonly address: string;
  /** The topics it takes; an empty list takes all. */
  readonly topics: readonly string[];
  readonly articles: number;
  readonly members: number;
  /** Ids of the communities it links to; empty when it was found by its address. */
  readonly peers: readonly OriginId[];
  /** A membership of it is kept here. */
  readonly joined: boolean;
  readonly admission: string;
  readonly peering: string;
  readonly readable: string;
}

/** A community we are a member of, as it is kept here. */
export interface Joined {
  readonly id: OriginId;
  readonly name: string;
  /** HOST:PORT, where it was last found. */
  readonly address: string;
  /** Our name there. */
  readonly member: string;
}

/** An article whose seal has been verified. */
export interface Article {
  readonly id: EntryId;
  readonly origin: OriginId;
  /** The name of the community it comes from, where the answer tells it. */
  readonly originName: string | undefined;
  readonly epoch: number;
  readonly seq: number;
  readonly topic: string;
  /** The byline. */
  readonly author: string;
  /** Who the community saw publish it: an id that is never used again, and the name at that time. */
  readonly memberId: string;
  readonly member: string;
  readonly title: string | undefined;
  readonly body: string;
  readonly publishedAtMs: number;
  /** By the clock of the server that answered. */
  readonly storedAtMs: number;
  readonly replyTo: EntryId | undefined;
  /** The exact bytes and their proof, to check again or to pass on. */
  readonly sealed: SealedArticle;
}

/** What became of one draft of `publishAll`, in the order in which they came. */
export type PublishResult =
  | { readonly key: string; readonly published: Published; readonly refused?: undefined }
  | { readonly key: string; readonly refused: MootError; readonly published?: undefined };

/** A link from one community to another. */
export interface PeerInfo {
  readonly from: OriginId;
  readonly to: OriginId;
  readonly name: string;
  readonly address: string;
  /** `up`, `down` or `unknown`: what the last call to it showed. */
  readonly state: string;
  readonly sinceMs: number;
  readonly lagMs: number | undefined;
  readonly level: string;
  readonly reason: string | undefined;
}

/** For one call: `timeoutMs` bounds it (default: that of `connect`), `signal` ends it. */
export interface CallOptions {
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}
