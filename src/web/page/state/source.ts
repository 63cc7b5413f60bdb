import { type Filters, toQuery } from '../../reading/filters.js';
import { everywhere } from '../../reading/place.js';
import { tokenOf } from './memberships.js';
import { communityOf } from './network.js';

/** Where a list is asked for: the community's part of an address, and the token that opens it. */
export interface Source {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string | undefined;
}

/**
 * One community is asked itself; when it is away, what the others keep of it is better than nothing. All are asked at whoever is best
 * linked, which the gateway knows.
 */
export function sourceOf(community: string, filters: Filters): Source {
  const query = toQuery(filters);
  if (community === everywhere) return { path: pathOf(everywhere), query, token: undefined };
  const server = communityOf(community);
  if (server?.state === 'down') {
    query.set('origin', server.id);
    return { path: pathOf(everywhere), query, token: undefined };
  }
  query.set('scope', 'local');
  return { path: pathOf(community), query, token: tokenOf(server?.id ?? community) };
}

export function pathOf(community: string): string {
  return `./api/communities/${encodeURIComponent(community)}`;
}
