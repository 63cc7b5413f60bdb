import type { AskFrame, AskRequest, Edge } from '../core/asking.js';
import { invalid } from '../core/errors.js';
import { isId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import type { Row } from '../core/row.js';
import { inRange, required } from './check.js';
import { fromWireArticles, toWireArticles, type UncheckedArticle } from './convert-article.js';
import {
  fromWireFilter,
  fromWireOrder,
  fromWirePosition,
  toWireFilter,
  toWireOrder,
  toWirePosition,
} from './convert-filter.js';
import { checkRow, toWireRow } from './convert-row.js';
import type { AskResponse, AskRequest as WireAskRequest } from './gen/moot/v1/federation.js';

// Hints save calls and never change an answer, so what is over the limit is left out, not refused.
const haveHints = 4096;
const avoidHints = 4096;
/** No answer takes longer: an hour. */
const budgetMost = 3_600_000;

export function toWireAskRequest(request: AskRequest): WireAskRequest {
  return {
    queryId: request.queryId,
    requestId: request.requestId,
    filter: toWireFilter(request.filter),
    limit: request.limit,
    order: toWireOrder(request.order),
    before: request.before && toWirePosition(request.before),
    fanOut: request.fanOut,
    hop: request.hop,
    budgetMs: Math.max(0, Math.floor(request.budgetMs)),
    visited: request.visited.slice(0, limits.visitedHints),
    have: request.have.slice(0, haveHints),
    avoid: request.avoid.slice(0, avoidHints).map(({ from, to }) => ({ from, to })),
  };
}

/** @throws MootError `invalid` naming the field. */
export function fromWireAskRequest(request: WireAskRequest): AskRequest {
  return {
    queryId: requestName(required(request.queryId || undefined, 'queryId'), 'queryId'),
    requestId: request.requestId === '' ? '' : requestName(request.requestId, 'requestId'),
    filter: fromWireFilter(request.filter),
    limit: inRange(request.limit, 'limit', 1, limits.queryLimit, limits.queryDefault),
    order: fromWireOrder(request.order),
    before: request.before && fromWirePosition(request.before),
    fanOut: inRange(request.fanOut, 'fanOut', 1, limits.fanOut, limits.fanOutDefault),
    hop: inRange(request.hop, 'hop', 1, 65_535),
    budgetMs: Math.min(request.budgetMs, budgetMost),
    visited: request.visited.slice(0, limits.visitedHints).filter(isId),
    have: request.have.slice(0, haveHints).filter(isId),
    avoid: request.avoid.slice(0, avoidHints).filter(isEdge),
  };
}

function isEdge({ from, to }: Edge): boolean {
  return isId(from) && isId(to);
}

function requestName(id: string, field: string): string {
  if (!/^[!-~]{1,64}$/.test(id)) throw invalid(field, `${field} is not 1 to 64 printable ASCII characters`);
  return id;
}

export function toWireAskFrame(frame: AskFrame): AskResponse {
  switch (frame.kind) {
    case 'row':
      return { frame: { $case: 'row', value: toWireRow(frame.row) } };
    case 'articles':
      return { frame: { $case: 'articles', value: toWireArticles(frame.articles) } };
    case 'progress':
      return { frame: { $case: 'progress', value: { calls: frame.calls ?? 0 } } };
    case 'already-visited':
      return { frame: { $case: 'alreadyVisited', value: {} } };
    case 'end':
      return { frame: { $case: 'end', value: { calls: frame.calls } } };
  }
}

/** A frame whose row is checked, and whose articles still have to be. */
export type UncheckedFrame =
  | Exclude<AskFrame, { kind: 'articles' }>
  | { readonly kind: 'articles'; readonly articles: readonly UncheckedArticle[] };

/** @throws MootError `invalid` for a malformed frame, `damaged` for a row that is not its server's word. */
export function fromWireAskFrame({ frame }: AskResponse, queryId: string): UncheckedFrame {
  switch (frame?.$case) {
    case 'row':
      return { kind: 'row', row: checkRow(frame.value, queryId) satisfies Row };
    case 'articles':
      return { kind: 'articles', articles: fromWireArticles(frame.value) };
    case 'progress':
      return { kind: 'progress', calls: frame.value.calls };
    case 'alreadyVisited':
      return { kind: 'already-visited' };
    case 'end':
      return { kind: 'end', calls: frame.value.calls };
    case undefined:
      throw invalid('frame', 'a frame is empty, or of a kind that is not known here');
  }
}
