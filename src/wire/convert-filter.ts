import type { Order } from '../core/asking.js';
import { invalid } from '../core/errors.js';
import { type ArticleFilter, anyArticle, parseFilter } from '../core/filter.js';
import { fromId } from '../core/ids.js';
import type { Position } from '../core/position.js';
import { toDateMs } from './check.js';
import { type Filter as WireFilter, Order as WireOrder, type Position as WirePosition } from './gen/moot/v1/article.js';

export function toWireFilter(filter: ArticleFilter): WireFilter {
  return {
    topics: [...filter.topics],
    author: filter.author,
    text: filter.text,
    sinceMs: filter.sinceMs === undefined ? undefined : BigInt(filter.sinceMs),
    untilMs: filter.untilMs === undefined ? undefined : BigInt(filter.untilMs),
    origins: [...filter.origins],
    ids: [...(filter.ids ?? [])],
    replyTo: filter.replyTo,
  };
}

/** No filter matches everything. @throws MootError `invalid` naming the field. */
export function fromWireFilter(filter: WireFilter | undefined): ArticleFilter {
  if (!filter) return anyArticle;
  return parseFilter({
    topics: filter.topics,
    author: filter.author,
    text: filter.text,
    sinceMs: filter.sinceMs === undefined ? undefined : toDateMs(filter.sinceMs, 'since'),
    untilMs: filter.untilMs === undefined ? undefined : toDateMs(filter.untilMs, 'until'),
    origins: filter.origins,
    ids: filter.ids,
    replyTo: filter.replyTo,
  });
}

const orders: Readonly<Record<Order, WireOrder>> = { newest: WireOrder.ORDER_NEWEST, found: WireOrder.ORDER_FOUND };

export function toWireOrder(order: Order): WireOrder {
  return orders[order];
}

/** Unspecified is newest first. @throws MootError `invalid` for an order that is not known here. */
export function fromWireOrder(order: WireOrder): Order {
  if (order === WireOrder.ORDER_UNSPECIFIED || order === WireOrder.ORDER_NEWEST) return 'newest';
  if (order === WireOrder.ORDER_FOUND) return 'found';
  throw invalid('order', `order ${order} is not known here`, 'use newest or found');
}

export function toWirePosition(position: Position): WirePosition {
  return { publishedAtMs: BigInt(position.publishedAtMs), id: position.id };
}

/** @throws MootError `invalid`. */
export function fromWirePosition(position: WirePosition): Position {
  fromId(position.id, 'before');
  return { publishedAtMs: toDateMs(position.publishedAtMs, 'before'), id: position.id };
}
