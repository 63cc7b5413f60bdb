import type { Entry, SealedArticle } from './entry.js';
import { invalid } from './errors.js';
import { type EntryId, fromId } from './ids.js';
import { limits } from './limits.js';
import { requireText, words } from './text.js';
import { covers, parseTopic } from './topic.js';

/** What an article must be to match; all that is given must hold. */
export interface ArticleFilter {
  /** One of these, or below one of them; an empty list matches all. */
  readonly topics: readonly string[];
  /** The byline, exactly. */
  readonly author?: string | undefined;
  /** All of its words, in title or body. */
  readonly text?: string | undefined;
  /** Inclusive. */
  readonly sinceMs?: number | undefined;
  /** Exclusive. */
  readonly untilMs?: number | undefined;
  /** Only from these communities; an empty list matches all. */
  readonly origins: readonly string[];
  /** One of these articles, at most 100; an empty list matches all, as none does. */
  readonly ids?: readonly EntryId[] | undefined;
  /** Answers to this article. */
  readonly replyTo?: EntryId | undefined;
}

export const anyArticle: ArticleFilter = { topics: [], origins: [] };

/** @throws MootError `invalid` naming the field. */
export function parseFilter(filter: ArticleFilter): ArticleFilter {
  atMost('topics', filter.topics, limits.topicsInFilter);
  for (const topic of filter.topics) parseTopic(topic);
  atMost('origins', filter.origins, limits.originsInFilter);
  for (const origin of filter.origins) fromId(origin, 'origin');
  atMost('ids', filter.ids ?? [], limits.idsInFilter);
  for (const id of filter.ids ?? []) fromId(id, 'id');
  if (filter.replyTo !== undefined) fromId(filter.replyTo, 'replyTo');
  if (filter.author !== undefined) {
    requireText('author', filter.author, 'one line');
    if (filter.author === '') throw invalid('author', 'author is empty; leave it out for any');
  }
  if (filter.text !== undefined) parseText(filter.text);
  parseSpan(filter.sinceMs, filter.untilMs);
  return filter;
}

function atMost(field: string, list: readonly string[], most: number): void {
  if (list.length > most) throw invalid(field, `${field} has ${list.length} values; the limit is ${most}`);
}

function parseText(text: string): void {
  requireText('text', text, 'many lines');
  if (text.length > limits.textCharacters)
    throw invalid('text', `text has ${text.length} characters; the limit is ${limits.textCharacters}`);
  if (words(text).length === 0) throw invalid('text', 'text holds no word to look for');
}

function parseSpan(since: number | undefined, until: number | undefined): void {
  if (since !== undefined && !Number.isSafeInteger(since)) throw invalid('since', 'since is not a date');
  if (until !== undefined && !Number.isSafeInteger(until)) throw invalid('until', 'until is not a date');
  if (since !== undefined && until !== undefined && since >= until)
    throw invalid('since', 'since is not before until, so nothing could match');
}

/** The meaning of a filter; stores that search by index are held to this. */
export function matches(filter: ArticleFilter, { id, entry }: Pick<SealedArticle, 'id' | 'entry'>): boolean {
  if (entry.kind !== 'article') return false;
  if (filter.ids && filter.ids.length > 0 && !filter.ids.includes(id)) return false;
  if (filter.replyTo !== undefined && filter.replyTo !== entry.replyTo) return false;
  if (filter.topics.length > 0 && !filter.topics.some((topic) => covers(topic, entry.topic))) return false;
  if (filter.origins.length > 0 && !filter.origins.includes(entry.origin)) return false;
  if (filter.author !== undefined && filter.author !== entry.author) return false;
  if (filter.sinceMs !== undefined && entry.publishedAtMs < filter.sinceMs) return false;
  if (filter.untilMs !== undefined && entry.publishedAtMs >= filter.untilMs) return false;
  return filter.text === undefined || hasWords(entry, filter.text);
}

function hasWords(entry: Entry, text: string): boolean {
  const has = new Set(words(`${entry.title ?? ''}\n${entry.body}`));
  return words(text).every((word) => has.has(word));
}
