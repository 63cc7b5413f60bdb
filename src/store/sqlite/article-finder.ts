import type { Database } from 'better-sqlite3';
import type { ArticleFilter } from '../../core/filter.js';
import { type EntryId, fromId, toId } from '../../core/ids.js';
import type { FindRequest, Found } from '../../core/stores.js';
import { words } from '../../core/text.js';
import { type KeyConditions, KeyQuery, type KeyRow } from './key-query.js';
import { isBytes } from './seal-row.js';
import { type CountedTopic, TopicScope } from './topic-scope.js';
import { placesNamed } from './word-index.js';
import { WordWalk } from './word-walk.js';

const farthestMs = Number.MAX_SAFE_INTEGER;
/** Up to here it is cheaper to look through topics for an author than through an author for topics. */
const fewArticles = 2000;
const nothing: Found = { keys: [], more: false, held: 0 };

/** Finds the newest matches, by the index that leads to the fewest rows. */
export class ArticleFinder {
  private readonly query: KeyQuery;
  private readonly scope: TopicScope;
  private readonly walk: WordWalk;
  private readonly originOf;
  private readonly authorOf;
  private readonly named;
  private readonly idAt;

  /** @param onDamaged is told the place of each damaged row that `find` passed over. */
  constructor(
    database: Database,
    private readonly onDamaged: (place: number) => void,
  ) {
    this.query = new KeyQuery(database);
    this.scope = new TopicScope(database);
    this.walk = new WordWalk(database);
    this.originOf = database.prepare<[string], number>('SELECT number FROM origins WHERE name = ?').pluck();
    this.named = placesNamed(database);
    this.idAt = database.prepare<[number], unknown>('SELECT id FROM entries WHERE place = ?').pluck();
    this.authorOf = database.prepare<[string], number>('SELECT number FROM authors WHERE name = ?').pluck();
  }

  /** A text, and an id, is looked for in what the word index has taken in so far. */
  find({ filter, origin, before, limit, notAfterMs }: FindRequest): Found {
    if (filter.origins.length > 0 && !filter.origins.includes(origin)) return nothing;
    const conditions = this.conditions(origin, filter);
    if (!conditions) return nothing;
    const topics = filter.topics.length > 0 ? this.scope.expand(conditions.origin, filter.topics) : undefined;
    const rows = this.newest(
      {
        ...conditions,
        toMs: Math.min(conditions.toMs, notAfterMs),
        before: before && { publishedAtMs: before.publishedAtMs, id: fromId(before.id, 'before') },
      },
      topics,
      limit + 1,
    );
    const held = this.held({ ...conditions, fromMs: Math.max(conditions.fromMs, notAfterMs + 1) }, topics);
    return { keys: this.sound(rows.slice(0, limit)).map(toKey), more: rows.length > limit, held };
  }

  /** @returns undefined when nothing can match. */
  private conditions(originId: string, filter: ArticleFilter): KeyConditions | undefined {
    const origin = this.originOf.get(originId);
    const author = filter.author === undefined ? undefined : this.authorOf.get(filter.author);
    if (origin === undefined || (filter.author !== undefined && author === undefined)) return undefined;
    return {
      origin,
      author,
      words: filter.text === undefined ? undefined : everyWord(filter.text),
      places: filter.ids && filter.ids.length > 0 ? JSON.stringify(this.placesOf(filter.ids)) : undefined,
      replyTo: filter.replyTo === undefined ? undefined : fromId(filter.replyTo, 'replyTo'),
      fromMs: filter.sinceMs ?? 0,
      toMs: (filter.untilMs ?? farthestMs) - 1,
    };
  }

  private placesOf(ids: readonly EntryId[]): number[] {
    return [...new Set(ids)].flatMap((id) => this.named(id).filter((place) => this.isAt(place, id)));
  }

  private isAt(place: number, id: EntryId): boolean {
    const stored = this.idAt.get(place);
    return isBytes(stored, 32) && toId(stored) === id;
  }

  private newest(conditions: KeyConditions, topics: readonly CountedTopic[] | undefined, limit: number): KeyRow[] {
    if (!topics)
      return (
        this.walk.newest(conditions, limit)?.sort(newestFirst).slice(0, limit) ?? this.query.newest(conditions, limit)
      );
    if (!byTopic(conditions, topics)) return this.query.newest({ ...conditions, topics: list(topics) }, limit);
    let rows: KeyRow[] = [];
    for (const { number } of topics) {
      // What is older than the oldest of a full page cannot get into it.
      const fromMs = rows.length < limit ? conditions.fromMs : (rows.at(-1)?.publishedAtMs ?? conditions.fromMs);
      const found = this.query.newest({ ...conditions, topic: number, fromMs }, limit);
      rows = rows.length === 0 ? found : [...rows, ...found].sort(newestFirst).slice(0, limit);
    }
    return rows;
  }

  private sound(rows: readonly KeyRow[]): KeyRow[] {
    return rows.filter(({ id, publishedAtMs, bytes, place }) => {
      if (isBytes(id, 32) && Number.isSafeInteger(publishedAtMs) && Number.isSafeInteger(bytes)) return true;
      this.onDamaged(place);
      return false;
    });
  }

  /** Almost always 0, which one look at the dates tells. */
  private held(conditions: KeyConditions, topics: readonly CountedTopic[] | undefined): number {
    const { origin, fromMs, toMs } = conditions;
    if (fromMs > toMs || this.query.newest({ origin, fromMs, toMs }, 1).length === 0) return 0;
    return this.query.count(topics ? { ...conditions, topics: list(topics) } : conditions);
  }
}

function byTopic({ words, author, places, replyTo }: KeyConditions, topics: readonly CountedTopic[]): boolean {
  if (words !== undefined || places !== undefined || replyTo !== undefined) return false;
  return author === undefined || topics.reduce((sum, { articles }) => sum + articles, 0) <= fewArticles;
}

function everyWord(text: string): string {
  return words(text)
    .map((word) => `"${word}"`)
    .join(' ');
}

function list(topics: readonly CountedTopic[]): string {
  return JSON.stringify(topics.map(({ number }) => number));
}

function newestFirst(a: KeyRow, b: KeyRow): number {
  return b.publishedAtMs - a.publishedAtMs || (isBytes(a.id) && isBytes(b.id) ? Buffer.compare(b.id, a.id) : 0);
}

function toKey({ place, publishedAtMs, id, bytes }: KeyRow): Found['keys'][number] {
  return { place, publishedAtMs, id: toId(id), bytes };
}
