import type { Draft } from './draft.js';
import type { Entry, Proof, Seal, SealedArticle } from './entry.js';
import type { ArticleFilter } from './filter.js';
import type { HeldStore } from './held.js';
import type { EntryId, OriginId } from './ids.js';
import type { LeaseStore } from './leases.js';
import type { LogStore, Retraction } from './log.js';
import type { HiddenArticle, Hiding, ModerationStore, Role } from './moderation.js';
import type { PeeringStore } from './peering.js';
import type { Position } from './position.js';
import type { QuotaReached } from './quota.js';

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
  /** It waits for approval while its member has fewer articles than that in the log; default: it does not. */
  readonly holdBelow?: number | undefined;
}

/** The acknowledgement of one article. */
export interface Published {
  readonly id: EntryId;
  readonly origin: OriginId;
  readonly epoch: number;
  readonly seq: number;
  readonly publishedAtMs: number;
  readonly duplicate: boolean;
  /** It waits for the approval of a moderator: `id` is that of its waiting, and it has no place in the log yet (0 and 0). */
  readonly held?: true | undefined;
}

/** What became of one submission: it is durable, or it was refused and left no trace. */
export type Appended =
  | { readonly published: Published }
  | { readonly refused: 'key has another draft' | 'too many are held' | QuotaReached };

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
   * Appends to the own log. Submissions that wait at the same time share one transaction, one seal and one sync. What is
   * new counts against its member's quota of the day; what a key has made before costs nothing.
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
  /**
   * Appends a retraction to the own log: from then on the article's text is gone here. A second one gives the first again.
   * @throws MootError `not_found` when the own log has no such article, `denied` when it is not that member's.
   */
  retract(retraction: Retraction): Promise<Published>;
  /**
   * Puts the text of another community's article aside: it is found and read here no more, and its place stays. That holds
   * when it comes again. A second time gives what was hidden the first time.
   * @throws MootError `not_found` when no such article is kept here, `invalid` for one of the own log.
   */
  hide(hiding: Hiding): Promise<HiddenArticle>;
  /** Shows it again, where its text is still kept. @throws MootError `not_found` when it is not hidden. */
  unhide(id: EntryId): Promise<HiddenArticle>;
  hidden(): Promise<readonly HiddenArticle[]>;
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
  /** With the rotations that led to it, as it stands in every seal. */
  readonly publicKey: Uint8Array;
  seal(epoch: number, firstSeq: number, leaves: readonly Uint8Array[], previous: Uint8Array): Seal;
}

export interface Member {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the token; empty when it was revoked. */
  readonly tokenHash: Uint8Array;
  readonly joinedAtMs: number;
  readonly role: Role;
  /** When the token was made. */
  readonly tokenAtMs: number;
  /** When it was last used, to within some minutes; undefined: not that anybody knows. */
  readonly seenAtMs: number | undefined;
}

/** A member as the other members see them. */
export type MemberEntry = Pick<Member, 'id' | 'name' | 'joinedAtMs' | 'role'>;

export interface MemberStore {
  /** @throws MootError `already_exists` naming `name` when a member has that name (folded). */
  add(member: Member): Promise<void>;
  /** Ends a membership; its id is never used again. @returns false when there was none. */
  remove(id: string, leftAtMs: number): Promise<boolean>;
  /** Everyone who is a member now. */
  all(): Promise<readonly Member[]>;
  /** Members whose id comes after `after`, in the order of their ids, at most `limit`. */
  page(after: string, limit: number): Promise<readonly MemberEntry[]>;
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

/**
 * Stands at a copy that was made to be put back, '' or absent elsewhere: the server that finds it goes on in an epoch that no
 * other copy begins.
 */
export const restoredSetting = 'restored';
/** What a store keeps besides logs. `hidden` goes with the articles. */
export type RecordKind = 'members' | 'moderation' | 'links' | 'peering' | 'hidden' | 'held' | 'settings';

/** All that one community keeps. */
export interface Store {
  readonly articles: ArticleStore;
  readonly held: HeldStore;
  readonly logs: LogStore;
  readonly members: MemberStore;
  readonly moderation: ModerationStore;
  readonly links: LinkStore;
  readonly peering: PeeringStore;
  readonly settings: SettingStore;
  readonly leases: LeaseStore;
  /**
   * Calls `listener` when ANOTHER replica has changed records of that kind, or may have; never where a store is one
   * process's alone. @returns takes it back.
   */
  onRecords(listener: (kind: RecordKind) => void): () => void;
  /** Finishes what was accepted, then lets go of the files. */
  close(): Promise<void>;
}
