/**
 * Carries short messages between the replicas of a community, as a bell does: nothing that only it knows is ever sent over
 * it. Every implementation passes test/support/bus-contract.ts.
 */
export interface Bus {
  /** At most once, and lost without a word while the bus is down. Who publishes hears it as well, if it listens. */
  publish(subject: string, data: Uint8Array): void;
  /** Calls `listener` with each message of exactly that subject, in the order of each sender. @returns takes the listener back. */
  subscribe(subject: string, listener: (data: Uint8Array) => void): () => void;
  /** What is published now is likely to arrive. */
  readonly isUp: boolean;
  close(): Promise<void>;
}
