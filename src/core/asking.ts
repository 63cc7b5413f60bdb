import type { SealedArticle } from './entry.js';
import type { MootError } from './errors.js';
import type { ArticleFilter } from './filter.js';
import type { OriginId } from './ids.js';
import type { LogPlace } from './log.js';
import type { Position } from './position.js';
import type { Row } from './row.js';
import type { ArticleKey, Found } from './stores.js';

export type Order = 'newest' | 'found';

export interface Edge {
  readonly from: OriginId;
  readonly to: OriginId;
}

/** One branch of a search, as a server is asked it. */
export interface AskRequest {
  readonly queryId: string;
  readonly requestId: string;
  readonly filter: ArticleFilter;
  readonly limit: number;
  readonly order: Order;
  readonly before: Position | undefined;
  readonly fanOut: number;
  /** How far from the server that began. */
  readonly hop: number;
  /** Milliseconds left to explore. What was explored is brought home after: `longestMs` of federation/bounds is the end. */
  readonly budgetMs: number;
  readonly visited: readonly OriginId[];
  readonly have: readonly OriginId[];
  readonly avoid: readonly Edge[];
}

export type AskFrame =
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'articles'; readonly articles: readonly SealedArticle[] }
  /** `calls`: Ask calls made in this branch so far; exact once articles come, for who stops reading before the end. */
  | { readonly kind: 'progress'; readonly calls?: number }
  | { readonly kind: 'already-visited' }
  | { readonly kind: 'end'; readonly calls: number };

/** Asks peers. rpc/ does it over gRPC, the simulator over its own network. */
export interface Asker {
  /** Why `peer` would not be asked now, so that nobody is told that it is; undefined, or not there: it would. */
  refusal?(peer: OriginId): MootError | undefined;
  /**
   * Asks `peer`; nothing happens before the first frame is pulled. Articles and rows come checked: a frame that fails its
   * seal is an error of the branch.
   * @throws MootError `unavailable`, `denied`, `full`, `timed_out` or `damaged`, which becomes the outcome of the peer's row.
   */
  ask(peer: OriginId, request: AskRequest, signal: AbortSignal): AsyncIterable<AskFrame>;
}

/** A log of another community that is kept here. */
export interface MirrorView {
  readonly origin: OriginId;
  /** '' where it is not known. */
  readonly name: string;
  /** How long ago the origin was last heard of; undefined: never. */
  readonly ageMs: number | undefined;
  /** Why it is known not to be all that the origin has said it has. */
  readonly withheld?: string | undefined;
  /** That the origin has not been heard of for too long, though the links that carry it bring other things. */
  readonly quiet?: string | undefined;
}

/** What a search needs of the server it runs on. */
export interface SearchSelf {
  readonly id: OriginId;
  readonly name: string;
  /** Ids of the peers, in the order in which the links were made. */
  links(): readonly OriginId[];
  peerName(peer: OriginId): string;
  /** How far the own log has come. */
  end(): LogPlace;
  /** How far a head said, that was here before `beforeMs` of the monotonic clock, that the log of `origin` has come. */
  shown(origin: OriginId, beforeMs: number): LogPlace | undefined;
  /** In the own log, or in the mirror of `origin`. */
  find(request: {
    filter: ArticleFilter;
    before: Position | undefined;
    limit: number;
    origin?: OriginId | undefined;
  }): Promise<Found>;
  /** The logs of others that are kept here. */
  mirrors(): Promise<readonly MirrorView[]>;
  load(keys: readonly ArticleKey[]): Promise<readonly SealedArticle[]>;
  /** The digest of ids in order (SHA-256 of their bytes). */
  digest(ids: readonly string[]): Uint8Array;
  /** Signs what this server says in the query `queryId`: of itself, or of what came of its call to another. */
  sign(queryId: string, row: Row): Row;
}
