import type { QueryOptions } from '../client/index.js';
import { parseFilter } from '../core/filter.js';
import { limits } from '../core/limits.js';
import { parseDate } from './parse/date.js';
import { parseWhole } from './parse/number.js';
import { typed } from './parse/refused.js';
import { usage } from './usage.js';

export interface QueryFlags {
  readonly topic?: readonly string[];
  readonly author?: string;
  readonly text?: string;
  readonly since?: string;
  readonly until?: string;
  readonly origin?: readonly string[];
  readonly id?: readonly string[];
  readonly replyTo?: string;
  readonly scope: 'local' | 'network';
  readonly limit?: string;
  readonly all?: boolean;
  readonly page?: string;
  readonly order: 'newest' | 'found';
  readonly fanOut?: string;
  readonly fresh: 'live' | 'mirrored';
  readonly requireComplete?: boolean;
  readonly explain?: boolean;
}

/** @throws UsageError naming the flag whose value cannot be meant, with its range where it has one. */
export function queryOptions(flags: QueryFlags): QueryOptions {
  const { all, page, order, scope, fresh, author, text, replyTo } = flags;
  if (all && flags.limit !== undefined) throw usage('--limit', '--limit and --all do not go together');
  if (order === 'found' && (all || page !== undefined))
    throw usage('--order', '--order found has no pages', 'leave out --all and --page');
  const filter = {
    topics: flags.topic ?? [],
    origins: flags.origin ?? [],
    ids: flags.id ?? [],
    replyTo,
    author,
    text,
    sinceMs: flags.since === undefined ? undefined : parseDate('--since', flags.since),
    untilMs: flags.until === undefined ? undefined : parseDate('--until', flags.until),
  };
  typed(undefined, () => parseFilter(filter));
  return {
    ...filter,
    scope,
    order,
    fresh,
    page,
    limit: flags.limit === undefined ? undefined : parseWhole('--limit', flags.limit, 1, limits.queryLimit),
    fanOut: flags.fanOut === undefined ? undefined : parseWhole('--fan-out', flags.fanOut, 1, limits.fanOut),
    requireComplete: flags.requireComplete,
  };
}
