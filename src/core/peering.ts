import type { OriginId } from './ids.js';

/** How a community holds another server that calls it: it may ask and be fed, it may ask alone, or neither. */
export type Level = 'allow' | 'silence' | 'deny';

/** With what a community refuses a link: until its operator says yes, its feed alone, or altogether. */
export type Refusal = 'waiting' | 'silenced' | 'denied';

/** How a link stands, as the last call over it showed. */
export type LinkState = 'up' | 'down' | Refusal;

/** What an operator has said of one other server. */
export interface PeerLevel {
  readonly peer: OriginId;
  /** As it was called then; '' where nobody knew. */
  readonly name: string;
  readonly level: Level;
  /** For the other side to read; '' for none. */
  readonly reason: string;
  readonly sinceMs: number;
  /** From then on it means nothing any more; undefined: it has no end. */
  readonly untilMs: number | undefined;
}

/** That another server would link to this one. */
export interface LinkRequest {
  readonly peer: OriginId;
  /** What it calls itself; '' where it does not say. */
  readonly name: string;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Levels, and the requests that wait for one. */
export interface PeeringStore {
  /** In place of any earlier level of that server. */
  putLevel(level: PeerLevel): Promise<void>;
  levels(): Promise<readonly PeerLevel[]>;
  /** In one transaction: `put` adds or renews requests, `gone` are removed. */
  changeRequests(put: readonly LinkRequest[], gone: readonly OriginId[]): Promise<void>;
  requests(): Promise<readonly LinkRequest[]>;
}
