import type { Head } from './entry.js';
import type { OriginId } from './ids.js';
import type { Commit, Gap, LogPlace } from './log.js';

/** A log that a server has, and will go on sending. */
export interface Carried {
  readonly origin: OriginId;
  readonly name: string;
  /** The servers it came through, from the one that the carrier follows to the origin; empty for the carrier's own log. */
  readonly path: readonly OriginId[];
  /** After which place the carrier has it. */
  readonly after: LogPlace;
  readonly head: Head | undefined;
}

export interface FollowRequest {
  /** What is here of each log; of one that is not named nothing is. */
  readonly cursor: ReadonlyMap<OriginId, LogPlace>;
  /** Only these logs; an empty list: all. */
  readonly origins: readonly OriginId[];
  /** End when all that is there now has been sent. */
  readonly once: boolean;
}

export type FollowFrame =
  | { readonly kind: 'carrying'; readonly carried: Carried }
  | { readonly kind: 'stopped'; readonly origin: OriginId }
  | { readonly kind: 'commits'; readonly commits: readonly Commit[] }
  | { readonly kind: 'heads'; readonly heads: readonly Head[] }
  | { readonly kind: 'gap'; readonly gap: Gap };

/** Follows peers. rpc/ does it over gRPC, the simulator over its own network. */
export interface Follower {
  /**
   * What `peer` has past the cursor, then what comes. Commits are whole and well formed, but nobody has checked them.
   * @throws MootError `unavailable`, `denied`, `timed_out` (silence), or `damaged` for what cannot be read.
   */
  follow(peer: OriginId, request: FollowRequest, signal: AbortSignal): AsyncIterable<FollowFrame>;
}

/** Holds commits against their seals, off the event loop where there are threads. */
export interface CommitChecker {
  /** For each: undefined when its origin sealed these very entries, else a sentence that says what is wrong. */
  check(commits: readonly Commit[]): Promise<readonly (string | undefined)[]>;
}

/** A link whose articles are not arriving. */
export interface NotFed {
  readonly peer: OriginId;
  readonly name: string;
  readonly reason: string;
  readonly sinceMs: number;
}
