import type { SearchSelf } from '../core/asking.js';
import type { Clock } from '../core/clock.js';
import { fromId, type OriginId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import type { LogPlace, LogStore } from '../core/log.js';
import type { Row } from '../core/row.js';
import type { ArticleStore } from '../core/stores.js';
import { sha256 } from '../identity/hash.js';
import type { Links } from './links.js';

/** What is known of the communities whose logs are kept here. */
export interface MirrorKnowledge {
  /** '' where it is not known. */
  nameOf(origin: OriginId): string;
  /** How long ago the origin last said how long its log is; undefined: never. */
  ageMs(origin: OriginId): number | undefined;
  /** Why its log is known not to be all here; undefined when it is, as far as can be told. */
  withheld(origin: OriginId): string | undefined;
  /** How far the log of `origin`, the own one among them, has come here. */
  endOf(origin: OriginId): LogPlace;
  /** How far a head said that its log has come, that was here before `beforeMs` of the monotonic clock. */
  shown(origin: OriginId, beforeMs: number): LogPlace | undefined;
  /** That it has not been heard of for too long, though the links that carry it bring other things. */
  quiet(origin: OriginId): string | undefined;
  /** By how much what is kept of a peer's log is behind; undefined when nothing is known of it. */
  lagMs(peer: OriginId): number | undefined;
  /** What a link that is up keeps back, in words. */
  withheldBy(peer: OriginId): string | undefined;
}

export interface SelfParts {
  readonly id: string;
  readonly name: () => string;
  readonly articles: ArticleStore;
  readonly logs: LogStore;
  readonly mirrors: MirrorKnowledge;
  readonly links: Links;
  readonly clock: Clock;
  readonly sign: (queryId: string, row: Row) => Row;
}

/** A community as a search sees the server it runs on. */
export function searchSelf({ id, name, articles, logs, mirrors, links, clock, sign }: SelfParts): SearchSelf {
  return {
    id,
    get name() {
      return name();
    },
    links: () => links.ids(),
    peerName: (peer) => links.nameOf(peer),
    end: () => mirrors.endOf(id),
    shown: (origin, beforeMs) => mirrors.shown(origin, beforeMs),
    find: ({ origin = id, ...request }) =>
      articles.find({ ...request, origin, notAfterMs: clock.now() + limits.aheadMs }),
    mirrors: async () =>
      (await logs.states())
        .filter(({ origin }) => origin !== id)
        .map(({ origin }) => ({
          origin,
          name: mirrors.nameOf(origin),
          ageMs: mirrors.ageMs(origin),
          withheld: mirrors.withheld(origin),
          quiet: mirrors.quiet(origin),
        })),
    load: (keys) => articles.load(keys),
    digest: (ids) => sha256(...ids.map((article) => fromId(article))),
    sign,
  };
}
