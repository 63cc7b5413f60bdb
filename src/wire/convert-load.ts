import { fromId } from '../core/ids.js';
import type { Load } from '../core/load.js';
import { shortText, toNumber } from './check.js';
import type { ReadLoadResponse } from './gen/moot/v1/community.js';

/** Characters of what another server has said. */
const mostReason = 1024;

export function toWireLoad(load: Load): ReadLoadResponse {
  const { upMs, articles, queries, queryP50Ms, asks, subscribers, links } = load;
  return {
    upMs: BigInt(Math.round(upMs)),
    articles: BigInt(articles),
    queries: BigInt(queries),
    queryP50Ms: queryP50Ms === undefined ? undefined : Math.round(queryP50Ms),
    asks: BigInt(asks),
    subscribers,
    links: links.map(({ id, name, state, lagMs, reason }) => ({
      id,
      name,
      state,
      lagMs: lagMs === undefined ? undefined : BigInt(lagMs),
      reason,
    })),
  };
}

/** @throws MootError `invalid` naming a field that is out of its form. */
export function fromWireLoad(load: ReadLoadResponse): Load {
  return {
    upMs: toNumber(load.upMs, 'up'),
    articles: toNumber(load.articles, 'articles'),
    queries: toNumber(load.queries, 'queries'),
    queryP50Ms: load.queryP50Ms,
    asks: toNumber(load.asks, 'asks'),
    subscribers: load.subscribers,
    links: load.links.map(({ id, name, state, lagMs, reason }) => {
      fromId(id);
      return {
        id,
        name: shortText(name, 'name', 256),
        state: shortText(state, 'state', 32),
        lagMs: lagMs === undefined ? undefined : toNumber(lagMs, 'lag'),
        reason: reason.slice(0, mostReason),
      };
    }),
  };
}
