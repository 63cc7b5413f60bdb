import type { Network, NetworkServer } from '../../api.js';
import { toHref } from '../../reading/place.js';
import { nameOf } from '../../reading/report-sentence.js';
import { Sigil } from '../parts/sigil.js';
import { handleOf } from '../state/network.js';
import { CommunityFacts } from './community-facts.js';

const order: readonly NetworkServer['state'][] = ['down', 'unknown', 'up'];

/** The map in words: who is away first, then by name. */
export function NetworkList({ network }: { readonly network: Network }) {
  const servers = [...network.servers].sort(
    (one, other) => order.indexOf(one.state) - order.indexOf(other.state) || nameOf(one).localeCompare(nameOf(other)),
  );
  return (
    <ul class="network-list">
      {servers.map((server) => (
        <li key={server.id} class="card">
          <h2>
            <Sigil of={server} />
            <a href={toHref({ view: 'map', chosen: handleOf(server), asList: false })}>
              <bdi>{nameOf(server)}</bdi>
            </a>
          </h2>
          <CommunityFacts server={server} network={network} />
        </li>
      ))}
    </ul>
  );
}
