import type { Draft } from './draft.js';
import type { Entry, Proof, Seal, SealedArticle } from './entry.js';
import type { ArticleFilter } from './filter.js';
import type { EntryId, OriginId } from './ids.js';
import type { Position } from './position.js';

/** Who publishes. */
export interface Author {
  readonly memberId: string;
  readonly memberName: string;
}

/** A draft that passed `parseDraft`, and whose it is. */
export interface Submission {
  readonly draft: Draft;
  readonly member: Author;
  /** Idempotency key, '' for none. */
  readonly key: string;
}

/** The acknowledgement of one article. */
export interface Published {
  readonly id: EntryId;
  readonly origin: OriginId;
  readonly epoch: number;
  readonly seq: number;
  readonly publishedAtMs: number;
  readonly duplicate: boolean;
}

/** What became of one submission: it is durable, or it was refused and left no trace. */
export type Appended = { readonly published: Published } | { readonly refused: 'key has another draft' };

/** A match, before its text is read. */
export interface ArticleKey extends Position {
  /** Where the store finds it again; means nothing elsewhere. */
  readonly place: number;
  /** Size of the entry. */
  readonly bytes: number;
}

export interface FindRequest {
  readonly filter: ArticleFilter;
  /** Only these logs; the filter's origins hold besides. */
  readonly origin: OriginId;
  /** Only what is older. */
  readonly before: Position | undefined;
  /** 1 to 500. */
  readonly limit: number;
  /** Matches dated after this are held back, and counted. */
  readonly notAfterMs: number;
}

export interface Found {
  /** Newest first; ties in date are broken by id, falling. */
  readonly keys: readonly ArticleKey[];
  /** There are more matches past the last key. */
  readonly more: boolean;
  readonly held: number;
}

export interface LogEnd {
  readonly epoch: number;
  /** 0: empty. */
  readonly seq: number;
  /** Hash of the last seal; zeros for an empty log. */
  readonly lastSeal: Uint8Array;
}

/** Articles, as sealed entries. Every implementation passes test/support/store-contract.ts. */
export interface ArticleStore {
  /**
   * Appends to the own log. Submissions that wait at the same time share one transaction, one seal and one sync.
   * @returns one result for each submission, in order, once all of them are on the disk.
   * @throws MootError `unavailable` when the disk refuses; nothing of the batch is then kept. `full` when too many wait.
   */
  append(submissions: readonly Submission[]): Promise<readonly Appended[]>;
  find(request: FindRequest): Promise<Found>;
  /** The articles of these keys, in order; one whose text is gone since is left out. @throws MootError `damaged`. */
  load(keys: readonly ArticleKey[]): Promise<readonly SealedArticle[]>;
  /** One article by its id. */
  get(id: EntryId): Promise<SealedArticle | undefined>;
  /** Entries of a log from `fromSeq` on, at most `limit`, in order, with their proofs. For checks and copies. */
  read(origin: OriginId, fromSeq: number, limit: number): Promise<readonly SealedEntry[]>;
  end(): Promise<LogEnd>;
  counts(): Promise<StoreCounts>;
}

export interface SealedEntry {
  readonly id: EntryId;
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  readonly proof: Proof;
}

export interface StoreCounts {
  /** Of the own log. */
  readonly articles: number;
  /** Topics in use, with their articles. */
  readonly topics: readonly { readonly topic: string; readonly articles: number }[];
}

/** Seals what the own log appends. Plain data and a key, so that it can go to the writer's thread. */
export interface Sealer {
  readonly origin: OriginId;
  seal(epoch: number, firstSeq: number, leaves: readonly Uint8Array[], previous: Uint8Array): Seal;
}

export interface Member {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the token. */
  readonly tokenHash: Uint8Array;
  readonly joinedAtMs: number;
}

export interface MemberStore {
  /** @throws MootError `already_exists` naming `name` when a member has that name (folded). */
  add(member: Member): Promise<void>;
  /** Ends a membership; its id is never used again. @returns false when there was none. */
  remove(id: string, leftAtMs: number): Promise<boolean>;
  /** Everyone who is a member now. */
  all(): Promise<readonly Member[]>;
}

/** A link from this community to another one. */
export interface Link {
  readonly peer: OriginId;
  readonly name: string;
  /** Where it was last seen. */
  readonly address: string;
  readonly sinceMs: number;
}

export interface LinkStore {
  /** Adds a link, or brings the name and address of one up to date. */
  put(link: Link): Promise<void>;
  remove(peer: OriginId): Promise<boolean>;
  all(): Promise<readonly Link[]>;
}

/** Small things that must survive a restart: the name, the registration counter. */
export interface SettingStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

/** All that one community keeps. */
export interface Store {
  readonly articles: ArticleStore;
  readonly members: MemberStore;
  readonly links: LinkStore;
  readonly settings: SettingStore;
  /** Finishes what was accepted, then lets go of the files. */
  close(): Promise<void>;
}
