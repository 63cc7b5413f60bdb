import type { OriginId } from './ids.js';
import type { LogPlace } from './log.js';

/** One server on the way that an entry took. */
export interface Hop {
  readonly id: OriginId;
  /** '' where it is not known. */
  readonly name: string;
  /** By that server's clock; undefined where it was not reached. */
  readonly receivedAtMs: number | undefined;
  /** Why the way cannot be followed further back; '' where it can, and at the origin. */
  readonly reason: string;
}

export interface TraceQuestion {
  readonly origin: OriginId;
  readonly place: LogPlace;
  /** The servers that asked, the first one first. */
  readonly asked: readonly OriginId[];
}

/** Asks a peer for the way back. rpc/ does it over gRPC. */
export interface Tracer {
  /** From `peer` back to the origin. @throws MootError `unavailable`, `denied`, `timed_out` or `damaged`. */
  traceBack(peer: OriginId, question: TraceQuestion): Promise<readonly Hop[]>;
}

/** A way is at most so long; one that is longer goes in circles. */
export const longestWay = 64;
