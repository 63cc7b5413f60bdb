import type { Order } from '../core/asking.js';
import { invalid } from '../core/errors.js';
import type { ArticleFilter } from '../core/filter.js';
import { limits } from '../core/limits.js';
import type { Report, Row } from '../core/row.js';
import { inRange, shortText } from './check.js';
import { fromWireFilter, fromWireOrder, toWireFilter, toWireOrder } from './convert-filter.js';
import { Fresh, type QueryRequest, Scope, type Report as WireReport } from './gen/moot/v1/community.js';

/** A member's question, as it travels. */
export interface QueryCall {
  readonly filter: ArticleFilter;
  readonly scope: 'local' | 'network';
  readonly limit: number;
  /** '' for the first page. */
  readonly pageToken: string;
  readonly order: Order;
  readonly fanOut: number;
  readonly fresh: 'live' | 'mirrored';
  readonly requireComplete: boolean;
}

/** A page token holds a date, an id and a digest; it is opaque here. */
const pageTokenCharacters = 512;

export function toWireQuery(query: QueryCall): QueryRequest {
  return {
    filter: toWireFilter(query.filter),
    scope: toWireScope(query.scope),
    limit: query.limit,
    pageToken: query.pageToken,
    order: toWireOrder(query.order),
    fanOut: query.fanOut,
    fresh: query.fresh === 'mirrored' ? Fresh.FRESH_MIRRORED : Fresh.FRESH_LIVE,
    requireComplete: query.requireComplete,
  };
}

/** With the defaults of what was left out. @throws MootError `invalid` naming the field and its range. */
export function fromWireQuery(query: QueryRequest): QueryCall {
  return {
    filter: fromWireFilter(query.filter),
    scope: fromWireScope(query.scope),
    limit: inRange(query.limit, 'limit', 1, limits.queryLimit, limits.queryDefault),
    pageToken: shortText(query.pageToken, 'pageToken', pageTokenCharacters),
    order: fromWireOrder(query.order),
    fanOut: inRange(query.fanOut, 'fanOut', 1, limits.fanOut, limits.fanOutDefault),
    fresh: fromWireFresh(query.fresh),
    requireComplete: query.requireComplete,
  };
}

export function toWireScope(scope: QueryCall['scope']): Scope {
  return scope === 'local' ? Scope.SCOPE_LOCAL : Scope.SCOPE_NETWORK;
}

/** Unspecified is the network. @throws MootError `invalid`. */
export function fromWireScope(scope: Scope): QueryCall['scope'] {
  if (scope === Scope.SCOPE_LOCAL) return 'local';
  if (scope === Scope.SCOPE_NETWORK || scope === Scope.SCOPE_UNSPECIFIED) return 'network';
  throw invalid('scope', `scope ${scope} is not known here`, 'use local or network');
}

function fromWireFresh(fresh: Fresh): QueryCall['fresh'] {
  if (fresh === Fresh.FRESH_MIRRORED) return 'mirrored';
  if (fresh === Fresh.FRESH_LIVE || fresh === Fresh.FRESH_UNSPECIFIED) return 'live';
  throw invalid('fresh', `fresh ${fresh} is not known here`, 'use live or mirrored');
}

/** The rows travel before it, in frames of their own. */
export function toWireReport(report: Report): WireReport {
  return {
    complete: report.complete,
    nextPageToken: report.next ?? '',
    rounds: report.rounds,
    calls: report.calls,
    coverageChanged: report.coverageChanged,
  };
}

/** @throws MootError `invalid`. */
export function fromWireReport(report: WireReport, rows: readonly Row[]): Report {
  const next = shortText(report.nextPageToken, 'nextPageToken', pageTokenCharacters);
  return {
    complete: report.complete,
    next: next === '' ? undefined : next,
    rounds: report.rounds,
    calls: report.calls,
    coverageChanged: report.coverageChanged,
    rows,
  };
}
