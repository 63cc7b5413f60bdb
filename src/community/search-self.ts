import type { SearchSelf } from '../core/asking.js';
import type { Clock } from '../core/clock.js';
import { fromId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import type { Row } from '../core/row.js';
import type { ArticleStore } from '../core/stores.js';
import { sha256 } from '../identity/hash.js';
import type { Links } from './links.js';

export interface SelfParts {
  readonly id: string;
  readonly name: () => string;
  readonly articles: ArticleStore;
  readonly links: Links;
  readonly clock: Clock;
  readonly sign: (queryId: string, row: Row) => Row;
}

/** A community as a search sees the server it runs on. */
export function searchSelf({ id, name, articles, links, clock, sign }: SelfParts): SearchSelf {
  return {
    id,
    get name() {
      return name();
    },
    links: () => links.ids(),
    peerName: (peer) => links.nameOf(peer),
    find: (request) => articles.find({ ...request, origin: id, notAfterMs: clock.now() + limits.aheadMs }),
    load: (keys) => articles.load(keys),
    digest: (ids) => sha256(...ids.map((article) => fromId(article))),
    sign,
  };
}
