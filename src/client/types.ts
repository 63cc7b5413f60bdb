import type { SealedArticle } from '../core/entry.js';
import type { MootError } from '../core/errors.js';
import type { EntryId, OriginId } from '../core/ids.js';
import type { Ban, HiddenArticle, NotedAct, Role } from '../core/moderation.js';
import type { Published } from '../core/stores.js';

export type { HeldInfo } from '../wire/convert-held.js';
export type { InviteInfo, RequestInfo, TokenInfo } from '../wire/convert-moderation.js';

/** A community as the registry lists it, or as it describes itself. */
export interface ServerInfo {
  readonly id: OriginId;
  readonly name: string;
  /** HOST:PORT. */
  readonly address: string;
  /** All of them, where it has several replicas; each is as good as the others. */
  readonly addresses?: readonly string[] | undefined;
  /** The topics it takes; an empty list takes all. */
  readonly topics: readonly string[];
  readonly articles: number;
  readonly members: number;
  /** Ids of the communities it links to; empty when it was found by its address. */
  readonly peers: readonly OriginId[];
  /** A membership of it is kept here. */
  readonly joined: boolean;
  /** We asked to join it, and nobody has let us in yet. */
  readonly waiting: boolean;
  readonly admission: string;
  readonly peering: string;
  readonly readable: string;
}

/** One registry, and what it lists by itself. */
export interface RegistryInfo {
  /** HOST:PORT, or HOST:PORT#FINGERPRINT, as it was given. */
  readonly address: string;
  readonly servers: readonly Omit<ServerInfo, 'joined' | 'waiting'>[];
  /** How many entries it lists besides that their servers have not signed. */
  readonly unsigned: number;
  readonly tookMs: number;
  /** Why it lists nothing; undefined when it answered. */
  readonly refused: MootError | undefined;
}

/** A community we are a member of, as it is kept here. */
export interface Joined {
  readonly id: OriginId;
  readonly name: string;
  /** HOST:PORT, where it was last found. */
  readonly address: string;
  /** Our name there. */
  readonly member: string;
}

/** A member of a community, as its other members see them. */
export interface MemberInfo {
  /** Never given to anyone else, as a name may be. */
  readonly id: string;
  readonly name: string;
  readonly joinedAtMs: number;
  readonly role: Role;
}

/** A name under which nobody can join. */
export type BanInfo = Ban;

/** What somebody did who looks after a community. */
export type ActInfo = Omit<NotedAct, 'kind'> & { readonly kind: string };

/** An article of another community that is not shown: its place, and who hid it, when and why. */
export type HiddenInfo = HiddenArticle;

/** An article whose seal has been verified. */
export interface Article {
  readonly id: EntryId;
  readonly origin: OriginId;
  /** The name of the community it comes from, where the answer tells it. */
  readonly originName: string | undefined;
  readonly epoch: number;
  readonly seq: number;
  readonly topic: string;
  /** The byline. */
  readonly author: string;
  /** Who the community saw publish it: an id that is never used again, and the name at that time. */
  readonly memberId: string;
  readonly member: string;
  readonly title: string | undefined;
  readonly body: string;
  readonly publishedAtMs: number;
  /** By the clock of the server that answered. */
  readonly storedAtMs: number;
  readonly replyTo: EntryId | undefined;
  /**
   * The exact bytes and their proof, to check again or to pass on. A subscription proves many at once: its articles, whose
   * seals were checked as well, come without it.
   */
  readonly sealed: SealedArticle | undefined;
}

/** What became of one draft of `publishAll`, in the order in which they came. */
export type PublishResult =
  | { readonly key: string; readonly published: Published; readonly refused?: undefined }
  | { readonly key: string; readonly refused: MootError; readonly published?: undefined };

/** A link from one community to another, made or wanted. */
export interface PeerInfo {
  readonly from: OriginId;
  readonly to: OriginId;
  /** Of the other one; '' where nobody has said. */
  readonly name: string;
  /** Of the other one; '' where it is the one that calls. */
  readonly address: string;
  /** `up`, `down` or `unknown`: what the last call showed. `waiting`, `silenced` or `denied`: the link is refused. */
  readonly state: string;
  readonly sinceMs: number;
  readonly lagMs: number | undefined;
  /** The last entry of the other one's own log that is kept here; undefined where that one has not said how long it is. */
  readonly mirroredTo: number | undefined;
  /** The last entry that log has, as the other one said last. */
  readonly length: number | undefined;
  /** `allow`, `silence` or `deny`: how the one that is called holds the other; undefined while its operator has said nothing. */
  readonly level: string | undefined;
  readonly reason: string | undefined;
  /** When the level ends, as far as it is known here. */
  readonly untilMs: number | undefined;
}

/** For one call: `timeoutMs` bounds it (default: that of `connect`), `signal` ends it. */
export interface CallOptions {
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The retraction of an article: an entry of its community's log. */
export interface Retracted {
  readonly id: EntryId;
  readonly origin: OriginId;
  readonly epoch: number;
  readonly seq: number;
  /** It had been retracted before: this is that retraction. */
  readonly duplicate: boolean;
}
