import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CommunityDetail, Network, NetworkServer } from '../../api.js';
import { ask } from '../../reading/ask.js';
import { noFilters } from '../../reading/filters.js';
import { toHref } from '../../reading/place.js';
import { nameOf } from '../../reading/report-sentence.js';
import { counted } from '../../reading/times.js';
import { Sigil } from '../parts/sigil.js';
import { membershipOf, tokenOf } from '../state/memberships.js';
import { handleOf } from '../state/network.js';
import { pathOf } from '../state/source.js';
import { CommunityFacts } from './community-facts.js';

/** The community that was chosen on the map: what it says of itself, and what one can do there. */
export function Panel({ server, network }: { readonly server: NetworkServer; readonly network: Network }) {
  const detail = useSignal<CommunityDetail | null>(null);
  useEffect(() => {
    const ending = new AbortController();
    detail.value = null;
    const asked = ask<CommunityDetail>(pathOf(server.id), { token: tokenOf(server.id), signal: ending.signal });
    // What the network knows of it is shown in any case.
    asked.then(
      (said) => {
        detail.value = said;
      },
      () => undefined,
    );
    return () => ending.abort();
  }, [server.id]);
  const handle = handleOf(server);
  const subscribers = detail.value?.subscribers ?? null;
  return (
    <section class="panel card" aria-labelledby="panel-title">
      <h2 id="panel-title">
        <Sigil of={server} /> <bdi>{nameOf(server)}</bdi>
      </h2>
      <CommunityFacts server={server} network={network} />
      {subscribers !== null && <p class="quiet">{counted(subscribers, 'subscription')} to it just now.</p>}
      {server.address !== null && (
        <p class="quiet">
          At <code>{server.address}</code>
        </p>
      )}
      <div class="actions">
        <a class="button first" href={toHref({ view: 'read', community: handle, filters: noFilters })}>
          Read it
        </a>
        {!membershipOf(server.id) && (
          <a class="button" href={toHref({ view: 'communities', join: handle })}>
            Join
          </a>
        )}
        <a class="button quiet-button" href={toHref({ view: 'operate', community: handle })}>
          Operate
        </a>
      </div>
    </section>
  );
}
