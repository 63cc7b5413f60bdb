import type { EntryId, OriginId } from './ids.js';

export type EntryKind = 'article' | 'retraction' | 'rotation' | 'epoch-start';

/** One place in a log, decoded. `EncodedEntry` has the bytes that count. */
export interface Entry {
  readonly origin: OriginId;
  readonly epoch: number;
  readonly seq: number;
  readonly kind: EntryKind;
  readonly topic: string;
  readonly author: string;
  readonly memberId: string;
  readonly memberName: string;
  readonly title: string | undefined;
  readonly body: string;
  readonly publishedAtMs: number;
  /** Id of the article it answers, or ''. */
  readonly replyTo: EntryId;
  /** Id of the article it takes back, or ''. */
  readonly retracts: EntryId;
  /** '' is text/plain. */
  readonly mediaType: string;
  /** The next public key, for a rotation; else empty. */
  readonly nextPublicKey: Uint8Array;
  /** Where what it takes back stands in this log; 0 and 0 for nothing. */
  readonly retractsSeq: number;
  readonly retractsEpoch: number;
}

/** A signature over what one transaction appended: entries firstSeq … firstSeq + size - 1. */
export interface Seal {
  readonly origin: OriginId;
  readonly epoch: number;
  readonly firstSeq: number;
  readonly size: number;
  readonly root: Uint8Array;
  /** Hash of the seal before it; 32 zero bytes where there is none. */
  readonly previous: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}

/** That an entry stands at `index` in a sealed commit. */
export interface Proof {
  readonly seal: Seal;
  readonly index: number;
  /** Inclusion path, leaf to root, each 32 bytes. */
  readonly path: readonly Uint8Array[];
}

/** How long a log is, by its origin's word. */
export interface Head {
  readonly origin: OriginId;
  readonly epoch: number;
  /** 0: empty. */
  readonly seq: number;
  readonly lastSeal: Uint8Array;
  readonly asOfMs: number;
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}

/** An article as it is stored and travels: exact bytes and their proof. `entry` is what the bytes say. */
export interface SealedArticle {
  readonly id: EntryId;
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  readonly proof: Proof;
  /** By the clock of the server that answered. */
  readonly storedAtMs: number;
}

export const noHash: Uint8Array = new Uint8Array(32);

const nobody = { topic: '', author: '', memberId: '', memberName: '', title: undefined, body: '' };
const nothing = { replyTo: '', retracts: '', mediaType: '', retractsSeq: 0, retractsEpoch: 0 };

/** An entry that a community makes of itself, without a member and without a text. */
export function bareEntry(
  kind: 'rotation' | 'epoch-start',
  place: Pick<Entry, 'origin' | 'epoch' | 'seq'>,
  publishedAtMs: number,
  nextPublicKey: Uint8Array = new Uint8Array(0),
): Entry {
  const { origin, epoch, seq } = place;
  return { origin, epoch, seq, kind, publishedAtMs, ...nobody, ...nothing, nextPublicKey };
}
