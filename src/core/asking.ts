import type { SealedArticle } from './entry.js';
import type { ArticleFilter } from './filter.js';
import type { OriginId } from './ids.js';
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
  /** Milliseconds left for the whole answer. */
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
  /**
   * Asks `peer`; nothing happens before the first frame is pulled. Articles and rows come checked: a frame that fails its
   * seal is an error of the branch.
   * @throws MootError `unavailable`, `denied`, `full`, `timed_out` or `damaged`, which becomes the outcome of the peer's row.
   */
  ask(peer: OriginId, request: AskRequest, signal: AbortSignal): AsyncIterable<AskFrame>;
}

/** What a search needs of the server it runs on. */
export interface SearchSelf {
  readonly id: OriginId;
  readonly name: string;
  /** Ids of the peers, in the order in which the links were made. */
  links(): readonly OriginId[];
  peerName(peer: OriginId): string;
  find(request: { filter: ArticleFilter; before: Position | undefined; limit: number }): Promise<Found>;
  load(keys: readonly ArticleKey[]): Promise<readonly SealedArticle[]>;
  /** The digest of ids in order (SHA-256 of their bytes). */
  digest(ids: readonly string[]): Uint8Array;
  /** Signs what this server says of itself in the query `queryId`. */
  sign(queryId: string, row: Row): Row;
}
