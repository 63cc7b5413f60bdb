import { randomUUID } from 'node:crypto';
import type { Asker, AskFrame, AskRequest, SearchSelf } from '../core/asking.js';
import type { Clock } from '../core/clock.js';
import type { Head } from '../core/entry.js';
import type { Row } from '../core/row.js';
import type { Store } from '../core/stores.js';
import { Marks } from '../federation/marks.js';
import { type QueryFrame, type QueryParts, type Question, runQuery } from '../federation/query.js';
import { answerAsk } from '../federation/search.js';
import type { Identity } from '../identity/keys.js';
import { signHead } from '../identity/seal.js';
import type { Links } from './links.js';
import type { Admission, Membership } from './membership.js';
import type { Peering } from './policy.js';
import { Publishing } from './publishing.js';
import { searchSelf } from './search-self.js';

export interface CommunityRules {
  /** The topics it takes; an empty list takes all. */
  readonly topics: readonly string[];
  readonly admission: Admission;
  readonly peering: Peering;
  readonly readable: 'members' | 'public';
}

export interface CommunityParts {
  readonly identity: Identity;
  readonly name: string;
  readonly rules: CommunityRules;
  readonly store: Store;
  readonly membership: Membership;
  readonly links: Links;
  readonly asker: Asker;
  readonly clock: Clock;
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
  private currentName: string;

  constructor(private readonly parts: CommunityParts) {
    const { identity, store, links, clock, rules, signRow } = parts;
    this.currentName = parts.name;
    this.publishing = new Publishing(store.articles, rules.topics, clock);
    this.marks = new Marks(clock);
    const name = (): string => this.currentName;
    this.self = searchSelf({ id: identity.id, name, articles: store.articles, links, clock, sign: signRow });
  }

  get id(): string {
    return this.parts.identity.id;
  }

  get name(): string {
    return this.currentName;
  }

  get membership(): Membership {
    return this.parts.membership;
  }

  get links(): Links {
    return this.parts.links;
  }

  get rules(): CommunityRules {
    return this.parts.rules;
  }

  /** A default name that another key holds gives way to a longer one. */
  rename(name: string): void {
    this.currentName = name;
  }

  async describe(): Promise<Description> {
    const { identity, store, membership, links, rules, clock } = this.parts;
    const [counts, end] = await Promise.all([store.articles.counts(), store.articles.end()]);
    return {
      ...rules,
      id: identity.id,
      name: this.currentName,
      publicKey: identity.publicKey,
      articles: counts.articles,
      members: membership.count,
      links: links.ids(),
      head: signHead(identity, end, clock.now()),
    };
  }

  /** A member's question, answered from here and from all that can be reached. */
  query(question: Question, signal: AbortSignal): AsyncIterable<QueryFrame> {
    return runQuery(this.searchParts(), question, signal);
  }

  /** One branch of a search that began elsewhere. */
  ask(request: AskRequest, signal: AbortSignal): AsyncIterable<AskFrame> {
    return answerAsk(this.searchParts(), request, signal);
  }

  private searchParts(): QueryParts {
    const { asker, clock } = this.parts;
    return { self: this.self, asker, clock, marks: this.marks, newQueryId: randomUUID };
  }
}
