import type { OriginId } from './ids.js';

/** How busy a community is, and how its links stand. Counts are since the server started. */
export interface Load {
  readonly upMs: number;
  /** Articles that are kept here, its own alone. */
  readonly articles: number;
  /** Questions of members. */
  readonly queries: number;
  /** Half of the newest of them took no longer; undefined: there was none. */
  readonly queryP50Ms: number | undefined;
  /** Branches of searches that began elsewhere. */
  readonly asks: number;
  /** Subscriptions that are open now. */
  readonly subscribers: number;
  readonly links: readonly LinkLoad[];
}

export interface LinkLoad {
  readonly id: OriginId;
  readonly name: string;
  /** `up`, `down` or `unknown`: what the last call to it showed. */
  readonly state: string;
  /** By how much what is kept of it here is behind; undefined where nothing is. */
  readonly lagMs: number | undefined;
  readonly reason: string;
}
