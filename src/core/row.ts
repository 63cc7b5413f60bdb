import type { OriginId } from './ids.js';
import type { LogPlace } from './log.js';

export type Outcome =
  | 'ANSWERED'
  | 'STALE'
  | 'UNREACHABLE'
  | 'DEADLINE'
  | 'DENIED'
  | 'OVERLOADED'
  | 'WITHHELD'
  | 'FAILED';

/** What became of one server in one query. */
export interface Row {
  readonly serverId: OriginId;
  readonly name: string;
  readonly outcome: Outcome;
  /** How far from the server that began; 0 for itself. */
  readonly hop: number;
  /** Who asked it; '' for the server that began. */
  readonly via: OriginId;
  readonly tookMs: number;
  readonly ageMs: number | undefined;
  readonly reason: string;
  /** ANSWERED: how many matches it sends, and the digest of their ids in that order; else 0 and empty. */
  readonly articles: number;
  readonly digest: Uint8Array;
  /** Matches left out because their date is still ahead. */
  readonly held: number;
  /** ANSWERED: how far its log had come when it looked. */
  readonly end?: LogPlace | undefined;
  /** The servers it links to. */
  readonly links: readonly OriginId[];
  /** ANSWERED: its own word, signed; else the word of `via`, where it has signed it. Opaque here; the port that made it checks it. */
  readonly signed: SignedStatement | undefined;
}

export interface SignedStatement {
  readonly statement: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}

/** The honest account at the end of an answer. */
export interface Report {
  readonly complete: boolean;
  /** The token of the next page; undefined when there is nothing more, or the order has no pages. */
  readonly next: string | undefined;
  readonly rounds: number;
  readonly calls: number;
  readonly coverageChanged: boolean;
  readonly rows: readonly Row[];
}
