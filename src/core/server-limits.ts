/** What a server or a registry lets others take of it. Infinity: as much as they like. */
export interface ServerLimits {
  /** Calls a second of one member. */
  readonly memberRate: number;
  /** Articles that one member publishes in a day (UTC), and bytes of them. */
  readonly memberArticlesADay: number;
  readonly memberBytesADay: number;
  /** Calls a second of one linked server. */
  readonly peerRate: number;
  /** Calls a second from one address that need no membership, or show a token that is no good. */
  readonly addressRate: number;
  /** Calls that stream, which one member, one linked server or one address has open at once. */
  readonly callerStreams: number;
  /** Connections at once, from one address and in all. */
  readonly addressConnections: number;
  readonly connections: number;
  /** How long a request may take to arrive, ms (half-sent calls never end by themselves). */
  readonly requestMs: number;
  /** How long a connection without a call stays open, ms. */
  readonly idleMs: number;
  /** How old a connection gets before its client is asked to make a new one, ms. */
  readonly ageMs: number;
}

/** Far above what people and their programs need, and below what hurts. */
export const defaultLimits: ServerLimits = {
  memberRate: 2000,
  memberArticlesADay: 1_000_000,
  memberBytesADay: 1024 * 1024 * 1024,
  peerRate: 2000,
  addressRate: 2000,
  callerStreams: 2000,
  addressConnections: 1000,
  connections: 10_000,
  requestMs: 10_000,
  idleMs: 120_000,
  ageMs: 1_800_000,
};
