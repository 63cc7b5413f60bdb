import { type Filters, filtersFrom, noFilters, writeFilters } from './filters.js';

/** What the page shows, as its address says it: everything that one may want to link to or come back to. */
export type Place =
  | { readonly view: 'read'; readonly community: string; readonly filters: Filters }
  | { readonly view: 'article'; readonly community: string; readonly id: string }
  | { readonly view: 'map'; readonly chosen: string | null; readonly asList: boolean }
  | { readonly view: 'communities'; readonly join: string | null }
  | { readonly view: 'write'; readonly community: string; readonly replyTo: string | null }
  | { readonly view: 'operate'; readonly community: string | null };

/** The federation, asked at a community that can be read. */
export const everywhere = 'any';

export const firstPlace: Place = { view: 'read', community: everywhere, filters: noFilters };

/** Reads the query of an address. What it does not know it passes over, so that an old link still leads somewhere. */
export function parsePlace(search: string): Place {
  const query = new URLSearchParams(search);
  const community = query.get('in') ?? everywhere;
  const article = query.get('article');
  if (article !== null) return { view: 'article', community, id: article };
  switch (query.get('view')) {
    case 'map':
      return { view: 'map', chosen: query.get('of'), asList: query.get('as') === 'list' };
    case 'communities':
      return { view: 'communities', join: query.get('join') };
    case 'write':
      return { view: 'write', community, replyTo: query.get('reply-to') };
    case 'operate':
      return { view: 'operate', community: query.get('in') };
    default:
      return { view: 'read', community, filters: filtersFrom(query) };
  }
}

/** The address of a place, such that `parsePlace` gives the place back. */
export function toHref(place: Place): string {
  const query = new URLSearchParams();
  if (place.view !== 'read' && place.view !== 'article') query.set('view', place.view);
  const put = (name: string, value: string | null): void => {
    if (value !== null && value !== '') query.set(name, value);
  };
  switch (place.view) {
    case 'read':
      put('in', place.community === everywhere ? null : place.community);
      writeFilters(place.filters, query);
      break;
    case 'article':
      put('in', place.community === everywhere ? null : place.community);
      put('article', place.id);
      break;
    case 'map':
      put('of', place.chosen);
      put('as', place.asList ? 'list' : null);
      break;
    case 'communities':
      put('join', place.join);
      break;
    case 'write':
      put('in', place.community === everywhere ? null : place.community);
      put('reply-to', place.replyTo);
      break;
    case 'operate':
      put('in', place.community);
      break;
  }
  const text = query.toString();
  return text === '' ? './' : `./?${text}`;
}
