import type { Head } from './entry.js';
import type { OriginId } from './ids.js';

/** What a server says of itself; message `ServerEntry` of proto/moot/v1/registry.proto. */
export interface ServerEntry {
  readonly id: OriginId;
  /** The highest counter wins. */
  readonly counter: number;
  readonly name: string;
  /** HOST:PORT, one for each replica. */
  readonly addresses: readonly string[];
  /** The topics it takes; an empty list takes all. */
  readonly topics: readonly string[];
  readonly articles: number;
  readonly members: number;
  /** Ids of the servers it links to. */
  readonly links: readonly OriginId[];
  readonly head: Head | undefined;
  readonly admission: string;
  readonly peering: string;
  readonly readable: string;
}

/** An entry as it travels: the bytes that were signed, and by whom. */
export interface SignedServerEntry {
  readonly entry: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}

/** An entry as a registry lists it, dated by the registry's own clock. */
export interface ListedServer {
  readonly entry: ServerEntry;
  readonly signed: SignedServerEntry;
  readonly renewedAtMs: number;
  readonly expiresAtMs: number;
}
