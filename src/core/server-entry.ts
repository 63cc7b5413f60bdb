import type { Head } from './entry.js';
import type { OriginId } from './ids.js';

/** What a server says of itself, as far as it says it: how old its key is, the key says. */
export type ServerWord = Omit<ServerEntry, 'rotations'>;

/** What a server says of itself; message `ServerEntry` of proto/moot/v1/registry.proto. */
export interface ServerEntry {
  readonly id: OriginId;
  /** The highest counter wins, of what one key has signed. */
  readonly counter: number;
  /** How often its key had been rotated: who signs with a newer key has the better word. */
  readonly rotations: number;
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

/** What tells the newer of two entries of one server. */
export type EntryAge = Pick<ServerEntry, 'rotations' | 'counter'>;

/** Above 0 when `a` is the newer one. */
export function compareAges(a: EntryAge, b: EntryAge): number {
  return a.rotations - b.rotations || a.counter - b.counter;
}

/** Whether both say the same of their server: a renewal has another counter and a head of another moment, and no more. */
export function saysTheSame(a: ServerEntry, b: ServerEntry): boolean {
  return (
    a.name === b.name &&
    a.articles === b.articles &&
    a.members === b.members &&
    a.admission === b.admission &&
    a.peering === b.peering &&
    a.readable === b.readable &&
    isSameList(a.addresses, b.addresses) &&
    isSameList(a.topics, b.topics) &&
    isSameList(a.links, b.links) &&
    a.head?.epoch === b.head?.epoch &&
    a.head?.seq === b.head?.seq
  );
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}
