import { parseFilter } from '../core/filter.js';
import { parsePageToken } from '../federation/page-token.js';
import type { Question } from '../federation/query.js';
import type { QueryCall } from '../wire/convert-query.js';
import type { CallContext } from './open-call.js';

/**
 * Kept back from the caller's deadline, so that the report still arrives within it: when a peer falls silent, all queries
 * that wait for it end at the same moment, and one after the other.
 */
function returnMs(deadlineMs: number): number {
  return Math.min(500, Math.max(50, deadlineMs / 20));
}

/** @throws MootError `invalid` naming the field; so for a page token that belongs to another question. */
export function toQuestion(call: QueryCall, { deadlineMs, requestId }: CallContext): Question {
  const { filter, limit, order, fanOut, scope, fresh, pageToken } = call;
  parseFilter(filter);
  const place = pageToken === '' ? {} : parsePageToken(pageToken, { filter, scope, order });
  const timeoutMs = Math.max(1, deadlineMs - returnMs(deadlineMs));
  return { filter, limit, order, fanOut, scope, fresh, requestId, timeoutMs, ...place };
}
