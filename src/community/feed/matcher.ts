import type { Entry } from '../../core/entry.js';
import { type ArticleFilter, matches } from '../../core/filter.js';
import { type EntryId, type OriginId, toId } from '../../core/ids.js';
import { covers } from '../../core/topic.js';

/** What the subscribers of one filter want to see. */
export class Matcher {
  constructor(
    private readonly filter: ArticleFilter,
    /** Only this log; undefined: all. */
    private readonly only: OriginId | undefined,
  ) {}

  /** False: nothing of that log is wanted. */
  wants(origin: OriginId): boolean {
    if (this.only !== undefined && origin !== this.only) return false;
    return this.filter.origins.length === 0 || this.filter.origins.includes(origin);
  }

  /**
   * Articles that match; and retractions, which have id, topic and author of what they take back but not its text, its date
   * or what it answered.
   * @param hash of the entry.
   */
  isWanted(entry: Entry, hash: Uint8Array): boolean {
    if (entry.kind === 'article') return matches(this.filter, { id: this.idOf(hash), entry });
    if (entry.kind !== 'retraction') return false;
    const { text: _, sinceMs: __, untilMs: ___, replyTo: ____, ...lasting } = this.filter;
    return matches(lasting, { id: entry.retracts, entry: { ...entry, kind: 'article' } });
  }

  /** Only where it is asked for: each entry comes by here once a group. */
  private idOf(hash: Uint8Array): EntryId {
    return this.filter.ids && this.filter.ids.length > 0 ? toId(hash) : '';
  }

  /** An article of one of `topics` (any, when there are none) could match. */
  isReachedBy(topics: readonly string[]): boolean {
    const own = this.filter.topics;
    if (own.length === 0 || topics.length === 0) return true;
    return topics.some((topic) => own.some((other) => covers(topic, other) || covers(other, topic)));
  }
}
