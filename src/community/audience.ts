import { LRUCache } from 'lru-cache';
import type { Clock } from '../core/clock.js';
import type { Author } from '../core/stores.js';

/** What happened to a member's subscriptions, or to their membership. */
export interface AudienceEvent {
  /** Who `connected` or `came back` had no subscription before; who is `lost` or has `unsubscribed` may have none after. */
  readonly kind:
    | 'asked'
    | 'joined'
    | 'left'
    | 'removed'
    | 'connected'
    | 'subscribed'
    | 'came back'
    | 'unsubscribed'
    | 'lost';
  readonly member: Author;
  /** Those that it is about; an empty list is all of them. */
  readonly topics: readonly string[];
}

export interface AudienceView {
  /** One for each open subscription; '' is the name of who reads without being a member. */
  readonly subscribers: readonly { readonly name: string; readonly topics: readonly string[] }[];
  /** Members who have published since the server was started. */
  readonly publishers: readonly string[];
}

/** A member with subscriptions that are open, or were a moment ago. */
interface Listener {
  readonly member: Author;
  readonly open: Set<readonly string[]>;
  /** The topics that were last told; undefined: none, as long as nobody was here. */
  told: ReadonlySet<string> | undefined;
  isLost: boolean;
  isSettling: boolean;
}

/** Members whose connection was lost, remembered to see them come back. */
const mostLost = 10_000;
const mostPublishers = 10_000;
/** Whoever changes topics ends one subscription and begins another: that is told as what it comes to. */
const settleMs = 300;
/** Stands for the topic of a subscription that names none. */
const everything = '';

/** Who listens and who speaks at a community, for its operator to see. */
export class Audience {
  private readonly listeners = new Map<string, Listener>();
  /** Subscriptions of readers who are no members: they are counted, and nothing is told of them. */
  private readonly nameless = new Set<readonly string[]>();
  private readonly lost = new LRUCache<string, true>({ max: mostLost });
  private readonly publishers = new LRUCache<string, string>({ max: mostPublishers });

  constructor(
    private readonly clock: Clock,
    private readonly tell: (event: AudienceEvent) => void,
  ) {}

  asked(member: Author): void {
    this.tell({ kind: 'asked', member, topics: [] });
  }

  joined(member: Author): void {
    this.tell({ kind: 'joined', member, topics: [] });
  }

  left(member: Author): void {
    this.tell({ kind: 'left', member, topics: [] });
  }

  removed(member: Author): void {
    this.tell({ kind: 'removed', member, topics: [] });
  }

  /**
   * @param member undefined for a reader who is none.
   * @returns to be called once, when the subscription has ended: `isLost` says that its connection broke.
   */
  subscribed(member: Author | undefined, topics: readonly string[]): (isLost: boolean) => void {
    if (!member) {
      const subscription = [...topics];
      this.nameless.add(subscription);
      return () => this.nameless.delete(subscription);
    }
    const listener = this.listeners.get(member.memberId) ?? this.meet(member);
    const subscription = [...topics];
    listener.open.add(subscription);
    listener.isLost = false;
    this.settle(listener);
    return (isLost) => {
      listener.open.delete(subscription);
      listener.isLost = isLost;
      this.settle(listener);
    };
  }

  published(member: Author): void {
    this.publishers.set(member.memberId, member.memberName);
  }

  view(): AudienceView {
    const subscribers = [...this.listeners.values()].flatMap(({ member, open }) =>
      [...open].map((topics) => ({ name: member.memberName, topics })),
    );
    const nameless = [...this.nameless].map((topics) => ({ name: '', topics }));
    return { subscribers: [...subscribers, ...nameless], publishers: [...this.publishers.values()] };
  }

  private meet(member: Author): Listener {
    const listener = { member, open: new Set<readonly string[]>(), told: undefined, isLost: false, isSettling: false };
    this.listeners.set(member.memberId, listener);
    return listener;
  }

  private settle(listener: Listener): void {
    if (listener.isSettling) return;
    listener.isSettling = true;
    this.clock.after(settleMs, () => {
      listener.isSettling = false;
      this.tellOf(listener);
    });
  }

  private tellOf(listener: Listener): void {
    const { member, open, told, isLost } = listener;
    const say = (kind: AudienceEvent['kind'], topics: Iterable<string>): void =>
      this.tell({ kind, member, topics: listed(topics) });
    if (open.size === 0) {
      this.listeners.delete(member.memberId);
      if (!told) return;
      if (isLost) this.lost.set(member.memberId, true);
      say(isLost ? 'lost' : 'unsubscribed', told);
      return;
    }
    const now = new Set([...open].flatMap((topics) => (topics.length === 0 ? [everything] : topics)));
    listener.told = now;
    if (!told) {
      say(this.lost.delete(member.memberId) ? 'came back' : 'connected', now);
      return;
    }
    const gone = [...told].filter((topic) => !now.has(topic));
    const added = [...now].filter((topic) => !told.has(topic));
    if (gone.length > 0) say('unsubscribed', gone);
    if (added.length > 0) say('subscribed', added);
  }
}

function listed(topics: Iterable<string>): readonly string[] {
  const list = [...topics];
  return list.includes(everything) ? [] : list;
}
