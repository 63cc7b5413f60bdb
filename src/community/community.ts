import { randomUUID } from 'node:crypto';
import type { Asker, AskFrame, AskRequest, SearchSelf } from '../core/asking.js';
import type { Clock } from '../core/clock.js';
import type { Head } from '../core/entry.js';
import type { Load } from '../core/load.js';
import type { Row } from '../core/row.js';
import type { Author, Store } from '../core/stores.js';
import type { Hop, TraceQuestion, Tracer } from '../core/trace.js';
import { Marks } from '../federation/marks.js';
import { type QueryFrame, type QueryParts, type Question, runQuery } from '../federation/query.js';
import { QueryGate } from '../federation/query-gate.js';
import { answerAsk } from '../federation/search.js';
import type { Identity } from '../identity/keys.js';
import { signHead } from '../identity/seal.js';
import type { Audience } from './audience.js';
import type { Audit } from './audit.js';
import type { Feed } from './feed/feed.js';
import type { Held } from './held.js';
import type { Hidden } from './hidden.js';
import type { Links } from './links.js';
import type { Admission, Membership } from './membership.js';
import type { Moderation } from './moderation.js';
import { type Observer, observed } from './observer.js';
import type { PeeringPolicy } from './policy.js';
import { Publishing } from './publishing.js';
import { type MirrorKnowledge, searchSelf } from './search-self.js';
import { type TraceParts, trace, traceBack } from './trace.js';
import { WorkCount } from './work-count.js';

export interface CommunityRules {
  /** The topics it takes; an empty list takes all. */
  readonly topics: readonly string[];
  readonly admission: Admission;
  readonly peering: PeeringPolicy;
  readonly readable: 'members' | 'public';
}

/** What a community calls itself: the name that it began with gives way where another key holds it. */
export interface CurrentName {
  now: string;
}

export interface CommunityParts {
  readonly identity: Identity;
  readonly name: CurrentName;
  readonly rules: CommunityRules;
  readonly store: Store;
  readonly membership: Membership;
  readonly moderation: Moderation;
  readonly hidden: Hidden;
  readonly held: Held;
  /** A member's articles wait for approval while fewer than so many are in the log; 0: none does. */
  readonly holdFirst: number;
  readonly audit: Audit;
  readonly links: Links;
  readonly feed: Feed;
  readonly audience: Audience;
  readonly mirrors: MirrorKnowledge;
  readonly asker: Asker;
  readonly tracer: Tracer;
  readonly clock: Clock;
  /** By how much the event loop is behind. */
  readonly loopDelayMs: () => number;
  /** Told what is asked and published; default: nobody is. */
  readonly observer?: Observer | undefined;
  /** Signs what this server says of itself in a query. */
  readonly signRow: (queryId: string, row: Row) => Row;
}

/** What a community says of itself to anyone. */
export interface Description extends CommunityRules {
  readonly id: string;
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly articles: number;
  readonly members: number;
  readonly links: readonly string[];
  readonly head: Head;
}

/** One community: its members, its articles, its links, and the searches that begin at it or pass through it. */
export class Community {
  readonly publishing: Publishing;
  private readonly self: SearchSelf;
  private readonly marks: Marks;
  private readonly work: WorkCount;
  /** Apart, so that peers cannot take all the room. */
  private readonly queries: QueryGate;
  private readonly asks: QueryGate;

  constructor(private readonly parts: CommunityParts) {
    const { identity, store, links, clock, rules, signRow, loopDelayMs, observer } = parts;
    const { membership, holdFirst } = parts;
    const holdBelow = ({ memberId }: Author): number =>
      membership.roll.find(memberId)?.role === 'moderator' ? 0 : holdFirst;
    const log = observer ? observed(store.articles, observer) : store.articles;
    this.publishing = new Publishing(log, rules.topics, clock, holdBelow);
    this.marks = new Marks(clock);
    this.work = new WorkCount(clock, observer);
    this.queries = new QueryGate(loopDelayMs);
    this.asks = new QueryGate(loopDelayMs);
    const name = (): string => parts.name.now;
    const { articles, logs } = store;
    this.self = searchSelf({
      id: identity.id,
      name,
      articles,
      logs,
      mirrors: parts.mirrors,
      links,
      clock,
      sign: signRow,
    });
  }

  get id(): string {
    return this.parts.identity.id;
  }

  get name(): string {
    return this.parts.name.now;
  }

  get membership(): Membership {
    return this.parts.membership;
  }

  get moderation(): Moderation {
    return this.parts.moderation;
  }

  get hidden(): Hidden {
    return this.parts.hidden;
  }

  get held(): Held {
    return this.parts.held;
  }

  get audit(): Audit {
    return this.parts.audit;
  }

  get links(): Links {
    return this.parts.links;
  }

  get feed(): Feed {
    return this.parts.feed;
  }

  get audience(): Audience {
    return this.parts.audience;
  }

  get rules(): CommunityRules {
    return this.parts.rules;
  }

  /** A default name that another key holds gives way to a longer one. */
  rename(name: string): void {
    this.parts.name.now = name;
  }

  async describe(): Promise<Description> {
    const { identity, store, membership, links, rules, clock } = this.parts;
    const [counts, end] = await Promise.all([store.articles.counts(), store.articles.end()]);
    return {
      ...rules,
      id: identity.id,
      name: this.name,
      publicKey: identity.publicKey,
      articles: counts.articles,
      members: membership.count,
      links: links.ids(),
      head: signHead(identity, end, clock.now()),
    };
  }

  async load(): Promise<Load> {
    const { store, audience, links, mirrors } = this.parts;
    const { articles } = await store.articles.counts();
    const { upMs, queries, queryP50Ms, asks } = this.work;
    const subscribers = audience.view().subscribers.length;
    const standing = links.view().map(({ peer, name, state, reason }) => ({
      id: peer,
      name,
      state,
      lagMs: mirrors.lagMs(peer),
      reason: mirrors.withheldBy(peer) ?? reason,
    }));
    return { upMs, articles, queries, queryP50Ms, asks, subscribers, links: standing };
  }

  /** A member's question, answered from here and from all that can be reached. */
  query(question: Question, signal: AbortSignal): AsyncIterable<QueryFrame> {
    const answer = this.hidden.leftOut(runQuery(this.searchParts(), question, signal));
    return this.work.query(this.queries.through(() => answer));
  }

  /** One branch of a search that began elsewhere. */
  ask(request: AskRequest, signal: AbortSignal): AsyncIterable<AskFrame> {
    this.work.asks += 1;
    return this.asks.through(() => answerAsk(this.searchParts(), request, signal));
  }

  /** The way an article took to this server. @throws MootError `not_found`. */
  trace(id: string): Promise<readonly Hop[]> {
    return trace(this.traceParts(), id);
  }

  /** The way of an entry from here back, for a server that has it from here. */
  traceBack(question: TraceQuestion): Promise<readonly Hop[]> {
    return traceBack(this.traceParts(), question);
  }

  private traceParts(): TraceParts {
    const { store, tracer, mirrors } = this.parts;
    const { articles, logs } = store;
    return { self: this.id, name: () => this.name, nameOf: (id) => mirrors.nameOf(id), articles, logs, tracer };
  }

  private searchParts(): QueryParts {
    const { asker, clock } = this.parts;
    return { self: this.self, asker, clock, marks: this.marks, newQueryId: randomUUID };
  }
}
