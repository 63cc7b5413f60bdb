/**
 * What the gateway and the page say to each other, in JSON. Names are camelCase, times ISO 8601 UTC with milliseconds,
 * sequence numbers and epochs decimal strings, ids lower-case base32, what is absent is null.
 *
 * C in a path is a community's id or name, or `any`: the federation, asked at the best-linked community that can be read.
 *
 * GET  /api/gateway                                  Gateway
 * GET  /api/network                                  Network
 * GET  /api/network/live                             event stream: `network` with a Network, at once and on each change
 * GET  /api/communities/C                            CommunityDetail
 * GET  /api/communities/C/articles?QUERY             Page; QUERY: topic* author text since until origin* replyTo scope limit page fresh
 * GET  /api/communities/C/articles/ID                ArticleView
 * GET  /api/communities/C/articles/ID/proof          Proof
 * GET  /api/communities/C/articles/ID/trace          Trace
 * GET  /api/communities/C/live?QUERY                 event stream: `article` `retracted` `gap` `caughtUp` `lost`, each with an id;
 *                                                    QUERY: topic* author text origin* replyTo scope from; `Last-Event-ID` goes on;
 *                                                    from: now (default), beginning, or an id that a stream gave. An id is
 *                                                    known for an hour after its stream has ended: then 410, `gone`, and the
 *                                                    reader asks for the articles again and follows without Last-Event-ID.
 *                                                    A comment comes every 15 s. `lost` and the end of the stream: ask again
 * GET  /api/communities/C/members                    Members (members only)
 * POST /api/communities/C/join                       {name, invite?} → Membership
 * POST /api/communities/C/leave                      {} → {}
 * GET  /api/communities/C/membership                 Membership
 * POST /api/communities/C/articles                   {topic, title?, body, replyTo?, key} → Published
 * POST /api/communities/C/articles/ID/retract        {reason?} → {id}
 * GET  /api/communities/C/operate                    Operated (operator token, or a moderator's: without peers and callers)
 * POST /api/communities/C/operate/ACT                {id, reason?, until?, ban?} → {}; ACT: approve deny silence (a community's id),
 *                                                    admit refuse remove (a name, or the id of a request or a member),
 *                                                    hide unhide retract (an article's id), release refuseArticle (that of a held one)
 * GET  /feeds/C.rss | .atom | .json ?QUERY           a feed of a community, a topic, an author, a query, the federation
 *
 * Every refusal has status 4xx or 5xx and a Problem. A POST has Content-Type application/json and the header `moot-write: 1`.
 * A token travels in `authorization: Bearer TOKEN`: a member's, or under /operate the operator's. Nothing is kept in cookies.
 */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly field: string | null;
  readonly hint: string | null;
  readonly retryAfterMs: number | null;
}

export interface Gateway {
  readonly version: string;
  /** The one community that is shown; null: all that are listed. */
  readonly community: string | null;
}

export interface CommunityInfo {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly topics: readonly string[];
  readonly articles: number;
  readonly members: number;
  readonly admission: string;
  readonly peering: string;
  /** `members` or `public`: who may read. */
  readonly readable: string;
}

export interface CommunityDetail extends CommunityInfo {
  /** As the community says; null to who may not read it. */
  readonly links:
    | readonly {
        readonly id: string;
        readonly name: string;
        readonly state: string;
        readonly lagMs: number | null;
        readonly reason: string | null;
      }[]
    | null;
  readonly subscribers: number | null;
}

export interface Network {
  readonly asOf: string;
  readonly servers: readonly NetworkServer[];
  readonly links: readonly NetworkLink[];
  readonly cycles: readonly (readonly string[])[];
  readonly cutPoints: readonly string[];
  /** Sentences: what could not be asked, and why. */
  readonly missing: readonly string[];
}

export interface NetworkServer {
  readonly id: string;
  readonly name: string | null;
  readonly address: string | null;
  /** `up`: it answered just now; `down`: it did not; `unknown`: only a link names it. */
  readonly state: 'up' | 'down' | 'unknown';
  readonly articles: number | null;
  readonly members: number | null;
  readonly topics: readonly string[];
  readonly readable: string | null;
  readonly admission: string | null;
  readonly peering: string | null;
}

export interface NetworkLink {
  readonly from: string;
  readonly to: string;
  readonly state: 'up' | 'down' | 'unknown';
  readonly lagMs: number | null;
  readonly reason: string | null;
  /** Articles a second that `to` published of late: they arrive over it. */
  readonly rate: number | null;
}

export interface ArticleInfo {
  readonly id: string;
  readonly origin: string;
  readonly originName: string | null;
  readonly epoch: string;
  readonly seq: string;
  readonly topic: string;
  readonly author: string;
  readonly memberId: string;
  readonly member: string;
  readonly title: string | null;
  readonly body: string;
  readonly publishedAt: string;
  readonly storedAt: string;
  readonly replyTo: string | null;
}

export interface ReportRow {
  readonly id: string;
  readonly name: string;
  readonly outcome: string;
  readonly articles: number;
  readonly hop: number;
  readonly via: string | null;
  readonly tookMs: number;
  readonly ageMs: number | null;
  readonly reason: string | null;
}

export interface ReportInfo {
  readonly complete: boolean;
  readonly next: string | null;
  readonly coverageChanged: boolean;
  readonly servers: readonly ReportRow[];
}

export interface Page {
  readonly articles: readonly ArticleInfo[];
  readonly report: ReportInfo;
}

export interface ArticleView {
  readonly article: ArticleInfo;
  /** What it answers, and what that answers, as far as they can be had, at most 20; the oldest first. */
  readonly ancestors: readonly ArticleInfo[];
  /** What answers it itself, the oldest first; at most 500, the newest. */
  readonly replies: readonly ArticleInfo[];
  readonly report: ReportInfo;
}

/** All that a browser needs to check the seal of one article by itself; binary values are base64. */
export interface Proof {
  /** The exact bytes of the entry; the id is base32 of SHA-256(0x00 ‖ bytes). */
  readonly bytes: string;
  readonly leafIndex: number;
  readonly commitSize: number;
  /** Sibling hashes from the leaf to the Merkle root (RFC 9162). */
  readonly path: readonly string[];
  /** What was signed, Ed25519, and with which key; the origin is the hash of the key (README: Seals, for other languages). */
  readonly signedBytes: string;
  readonly signature: string;
  readonly publicKey: string;
}

export interface Trace {
  readonly hops: readonly {
    readonly id: string;
    readonly name: string;
    readonly receivedAt: string | null;
    readonly reason: string | null;
  }[];
}

export interface MemberRow {
  readonly id: string;
  readonly name: string;
  readonly joinedAt: string;
  readonly role: string;
}

export interface Members {
  readonly members: readonly MemberRow[];
}

export interface Membership {
  readonly community: string;
  readonly communityName: string;
  readonly memberId: string;
  readonly name: string;
  /** Shown once, on joining; else null. */
  readonly token: string | null;
  readonly waiting: boolean;
  readonly role: string;
}

export interface Published {
  readonly id: string;
  readonly origin: string;
  readonly epoch: string;
  readonly seq: string;
  readonly publishedAt: string;
  readonly duplicate: boolean;
  /** It is in no log yet: it waits for a moderator, under this id, and has no place and no date. */
  readonly held: boolean;
}

export interface PeerRow {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly since: string;
  readonly lagMs: number | null;
  readonly level: string | null;
  readonly reason: string | null;
  readonly until: string | null;
}

export interface HeldRow {
  readonly id: string;
  readonly memberId: string;
  readonly member: string;
  readonly topic: string;
  readonly title: string | null;
  readonly body: string;
  readonly replyTo: string | null;
  readonly heldAt: string;
}

export interface Operated {
  readonly community: CommunityInfo;
  /** Those it links to. */
  readonly peers: readonly PeerRow[];
  /** Those that link to it, would, or must not. */
  readonly callers: readonly PeerRow[];
  /** Who asked to join. */
  readonly requests: readonly { readonly id: string; readonly name: string; readonly askedAt: string }[];
  readonly members: readonly MemberRow[];
  /** Articles of new members that wait for approval, in the order in which they came. */
  readonly held: readonly HeldRow[];
  /** What others may take of its server, by name; null: as much as they like. Empty for a moderator. */
  readonly limits: Readonly<Record<string, number | null>>;
  readonly audit: readonly {
    readonly at: string;
    readonly by: string;
    readonly what: string;
    readonly about: string;
    readonly reason: string | null;
  }[];
}

export interface LiveArticle {
  readonly article: ArticleInfo;
  readonly live: boolean;
}

export interface LiveRetraction {
  readonly retracts: string;
  readonly origin: string;
  readonly topic: string;
  readonly reason: string;
}

export interface LiveGap {
  readonly origin: string;
  readonly epoch: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** The community is not heard; the gateway tries again by itself, and the stream goes on. */
export interface LiveLost {
  readonly reason: string;
  readonly retryInMs: number;
}
