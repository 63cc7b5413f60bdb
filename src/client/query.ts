import type { Order } from '../core/asking.js';
import { invalid } from '../core/errors.js';
import { type ArticleFilter, parseFilter } from '../core/filter.js';
import { limits } from '../core/limits.js';
import type { QueryCall } from '../wire/convert-query.js';
import type { CallOptions } from './types.js';

/** A question. What is left out is not asked for; all that is given must hold. */
export interface QueryOptions extends Partial<ArticleFilter>, CallOptions {
  /** Default: network. */
  readonly scope?: 'local' | 'network' | undefined;
  /** Articles in a page, 1 to 500; default 50. */
  readonly limit?: number | undefined;
  /** The `next` of the report before. */
  readonly page?: string | undefined;
  /** Default: newest first. `found` gives them as they arrive and has no pages. */
  readonly order?: Order | undefined;
  /** Branches a server explores at once, 1 to 64; default 16. */
  readonly fanOut?: number | undefined;
  /** Default: live. */
  readonly fresh?: 'live' | 'mirrored' | undefined;
  /** Reading throws `unavailable`, after the articles and the report, when the answer is not complete. */
  readonly requireComplete?: boolean | undefined;
}

/** @throws MootError `invalid` naming the field and its range, before anything is sent. */
export function toQueryCall(options: QueryOptions): QueryCall {
  return {
    filter: parseFilter(filterOf(options)),
    scope: options.scope ?? 'network',
    limit: within('limit', options.limit ?? limits.queryDefault, limits.queryLimit),
    pageToken: options.page ?? '',
    order: options.order ?? 'newest',
    fanOut: within('fanOut', options.fanOut ?? limits.fanOutDefault, limits.fanOut),
    fresh: options.fresh ?? 'live',
    requireComplete: options.requireComplete ?? false,
  };
}

/** What of some options says which articles are meant. */
export function filterOf(options: Partial<ArticleFilter>): ArticleFilter {
  const { topics = [], origins = [], ids, replyTo, author, text, sinceMs, untilMs } = options;
  return { topics, origins, ids, replyTo, author, text, sinceMs, untilMs };
}

function within(field: string, value: number, most: number): number {
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw invalid(field, `${field} is ${value}; it goes from 1 to ${most}`);
  return value;
}
