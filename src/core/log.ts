import type { Head, Seal } from './entry.js';
import type { EntryId, OriginId } from './ids.js';

/** A place in a log: after this entry. */
export interface LogPlace {
  readonly epoch: number;
  readonly seq: number;
}

/** Before everything. */
export const logStart: LogPlace = { epoch: 1, seq: 0 };

/** Below 0 when `a` stands before `b`. */
export function comparePlaces(a: LogPlace, b: LogPlace): number {
  return a.epoch - b.epoch || a.seq - b.seq;
}

/** Why the text of an entry is not there, while its place and its hash are. */
export type Gone = 'retracted' | 'hidden';

/** One entry of a commit. */
export interface CommitEntry {
  /** Its leaf hash, 32 bytes: what its id spells. */
  readonly hash: Uint8Array;
  /** The exact bytes; undefined where they are gone. */
  readonly bytes: Uint8Array | undefined;
  readonly gone: Gone | undefined;
}

/** What one seal covers, whole: it is written, checked, mirrored and dropped as one. */
export interface Commit {
  readonly seal: Seal;
  /** One for each entry that the seal covers, in order. */
  readonly entries: readonly CommitEntry[];
  /** When this server stored it, by its own clock. */
  readonly storedAtMs: number;
}

/** A part of a log that is not to be had. */
export interface Gap {
  readonly origin: OriginId;
  readonly epoch: number;
  /** Both inclusive. */
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly reason: string;
}

/** What a log is made of, read in order. */
export type LogItem =
  | { readonly kind: 'commit'; readonly commit: Commit }
  | { readonly kind: 'gap'; readonly gap: Gap };

/** What is kept of one log. */
export interface LogState {
  readonly origin: OriginId;
  /** The place before the oldest entry that is kept; `end` when nothing is. */
  readonly after: LogPlace;
  /** The last entry that is kept, or was. */
  readonly end: LogPlace;
  /** Hash of the seal of the last commit; zeros before the first, and after a gap at the end. */
  readonly lastSeal: Uint8Array;
  /** The newest that was told; undefined for the own log, which can sign one. */
  readonly head: Head | undefined;
  /** The peer that brought it; undefined for the own log. */
  readonly via: OriginId | undefined;
  /** Entries that are kept. */
  readonly entries: number;
}

/** The place that a commit ends at. */
export function endOf({ seal }: Pick<Commit, 'seal'>): LogPlace {
  return { epoch: seal.epoch, seq: seal.firstSeq + seal.size - 1 };
}

export function endOfGap({ epoch, toSeq }: Gap): LogPlace {
  return { epoch, seq: toSeq };
}

/**
 * True when a commit (or gap) that begins with `firstSeq` of `epoch` is the next after `end`. A new epoch goes on anywhere
 * in the one before: it begins where a copy was taken, not where the log had come.
 */
export function follows(end: LogPlace, epoch: number, firstSeq: number): boolean {
  return epoch === end.epoch ? firstSeq === end.seq + 1 : epoch > end.epoch;
}

/** A commit of a log that is mirrored here, and who brought it. */
export interface MirroredCommit {
  readonly commit: Commit;
  readonly via: OriginId;
}

/** How an entry came here. */
export interface Whence {
  readonly storedAtMs: number;
  /** Undefined for what was published here. */
  readonly via: OriginId | undefined;
}

/** How long mirrors are kept. The own log is kept for ever. */
export interface Retention {
  /** What was stored before goes. */
  readonly storedBeforeMs: number;
  /** Entries of all mirrors that one peer brought, together. */
  readonly mostEntries: number;
}

/**
 * Logs, commit by commit: the own one, and mirrors of others. What is written here has been checked by whoever writes it.
 * Every implementation passes test/support/log-contract.ts.
 */
export interface LogStore {
  /** The own log first. */
  states(): Promise<readonly LogState[]>;
  state(origin: OriginId): Promise<LogState | undefined>;
  /**
   * What follows `after`, in order: whole commits, and the gaps between them. At least one when there is one, and no more
   * once `maxBytes` of entries are there. Older than what is kept: begins with a gap that says so.
   * @throws MootError `damaged` when a commit is not what was sealed.
   */
  read(origin: OriginId, after: LogPlace, maxBytes: number): Promise<readonly LogItem[]>;
  /**
   * Appends to mirrors (or brings the own log back from one), all in one durable transaction. What a retraction among
   * them names loses its text. @throws MootError `invalid` for a commit that does not follow the end of its log.
   */
  take(commits: readonly MirroredCommit[]): Promise<void>;
  /** Notes that a mirror goes on after a gap. @throws as `take`. */
  skip(gap: Gap, via: OriginId): Promise<void>;
  /** When the entry at `place` was stored, and which peer brought it; undefined when it is not kept. */
  whence(origin: OriginId, place: LogPlace): Promise<Whence | undefined>;
  /** Keeps the newest word of an origin about the length of its log. */
  noteHead(head: Head): Promise<void>;
  /** Forgets a mirror. */
  drop(origin: OriginId): Promise<void>;
  /** Drops the oldest commits of mirrors, whole. @returns what has changed. */
  expire(retention: Retention): Promise<readonly LogState[]>;
  /**
   * Calls `listener` with each commit as soon as it is durable: the own log's before its acknowledgement is given, and
   * mirrored ones; those of one log in order. @returns takes the listener back.
   */
  onCommit(listener: (commit: Commit) => void): () => void;
  /** Calls `listener` with each gap that `skip` has noted, in its place between the commits. @returns takes it back. */
  onGap(listener: (gap: Gap) => void): () => void;
}

/** What the author of an article, or the operator, takes back. */
export interface Retraction {
  readonly id: EntryId;
  /** Who does it: '' and the word "operator" for the operator. */
  readonly memberId: string;
  readonly memberName: string;
  readonly reason: string;
  /** Only what this member has published; undefined: anything. */
  readonly onlyOf: string | undefined;
}
