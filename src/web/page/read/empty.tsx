import { hasFilters, noFilters } from '../../reading/filters.js';
import { toHref } from '../../reading/place.js';
import { place } from '../state/router.js';

/** A list without articles says why, and where to go on. */
export function Empty() {
  const here = place.value;
  if (here.view !== 'read') return null;
  const isNarrowed = hasFilters(here.filters);
  return (
    <div class="empty">
      <p class="empty-title">{isNarrowed ? 'No article matches.' : 'Nothing was published here yet.'}</p>
      {isNarrowed ? (
        <p>
          Use fewer words or other dates, or <a href={toHref({ ...here, filters: noFilters })}>show all articles</a>.
        </p>
      ) : (
        <p>
          The first article appears here by itself. You can{' '}
          <a href={toHref({ view: 'write', community: here.community, replyTo: null })}>write it</a>.
        </p>
      )}
    </div>
  );
}
