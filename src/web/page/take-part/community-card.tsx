import type { NetworkServer } from '../../api.js';
import { noFilters } from '../../reading/filters.js';
import { joining } from '../../reading/network-facts.js';
import { toHref } from '../../reading/place.js';
import { nameOf } from '../../reading/report-sentence.js';
import { counted } from '../../reading/times.js';
import { sentence } from '../parts/notice.js';
import { Sigil } from '../parts/sigil.js';
import { handleOf } from '../state/network.js';

/** A community that one may join, and on what terms. */
export function CommunityCard({ server }: { readonly server: NetworkServer }) {
  const { admission, articles, members, topics, state } = server;
  const name = nameOf(server);
  const handle = handleOf(server);
  return (
    <li class="card">
      <h3>
        <Sigil of={server} />
        <a href={toHref({ view: 'read', community: handle, filters: noFilters })}>
          <bdi>{name}</bdi>
        </a>
      </h3>
      <p>
        {topics.length === 0 ? 'Any topic' : topics.join(', ')}.{' '}
        {articles !== null && members !== null && `${counted(articles, 'article')}, ${counted(members, 'member')}.`}
      </p>
      <p class="quiet">
        {sentence(state === 'down' ? 'away now' : (joining[admission ?? ''] ?? 'how to join is not known'))}
      </p>
      <a class="button" href={toHref({ view: 'communities', join: handle })} aria-label={`Join ${name}`}>
        Join
      </a>
    </li>
  );
}
