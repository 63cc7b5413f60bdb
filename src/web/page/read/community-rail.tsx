import { noFilters } from '../../reading/filters.js';
import { everywhere, toHref } from '../../reading/place.js';
import { nameOf } from '../../reading/report-sentence.js';
import { Sigil } from '../parts/sigil.js';
import { communities, communityOf, handleOf } from '../state/network.js';

/** The communities that can be read, beside the list where there is room. */
export function CommunityRail({ chosen }: { readonly chosen: string }) {
  const here = chosen === everywhere ? everywhere : communityOf(chosen)?.id;
  const to = (community: string): string => toHref({ view: 'read', community, filters: noFilters });
  return (
    <nav class="rail" aria-label="Communities">
      <ul>
        <li>
          <a href={to(everywhere)} aria-current={here === everywhere ? 'page' : undefined}>
            All communities
          </a>
        </li>
        {communities.value.map((server) => (
          <li key={server.id}>
            <a href={to(handleOf(server))} aria-current={here === server.id ? 'page' : undefined}>
              <Sigil of={server} />
              <bdi>{nameOf(server)}</bdi>
              {server.state === 'down' ? <span class="away">away</span> : <span class="count">{server.articles}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
