import type { LinkLoad } from '../../client/index.js';
import { isoTime } from '../render/time.js';
import type { NetworkView, ServerView } from './network-view.js';

/** The network at one moment, as scripts read it; absent is null. */
export function topLine(view: NetworkView, nowMs: number, dateMs: number): object {
  return {
    at: isoTime(dateMs),
    servers: view.servers(nowMs).map(serverObject),
    registries: view.registries.map(({ address, state, reason }) => ({ address, state, reason: reason ?? null })),
  };
}

function serverObject({ info, articlesPerSecond, load, links, queriesPerSecond, silent }: ServerView): object {
  const { id, name, address, articles, members, peers, joined } = info;
  return {
    id,
    name,
    address,
    articles,
    articlesPerSecond: articlesPerSecond ?? null,
    members,
    peers,
    joined,
    load: load
      ? {
          upMs: load.upMs,
          queries: load.queries,
          queriesPerSecond: queriesPerSecond ?? null,
          queryP50Ms: load.queryP50Ms ?? null,
          asks: load.asks,
          subscribers: load.subscribers,
        }
      : null,
    links: links?.map(linkObject) ?? null,
    reason: silent ?? null,
  };
}

function linkObject({ id, name, state, lagMs, reason }: LinkLoad): object {
  return { id, name, state, lagMs: lagMs ?? null, reason: reason || null };
}
