import type { OriginId } from '../../core/ids.js';

/** What a link carries, as one replica tells the others. */
export interface ToldWays {
  /** The peer has said all that it carries. */
  readonly isAll: boolean;
  /** Each log, and the servers between the peer and its origin. */
  readonly ways: readonly { readonly origin: OriginId; readonly name: string; readonly path: readonly OriginId[] }[];
}
