import type { CommunityInfo } from '../../api.js';
import { joining } from '../../reading/network-facts.js';

/** How the community is set up: at its server, not here. */
export function Policy({ community }: { readonly community: CommunityInfo }) {
  const { admission, peering, readable, topics, address } = community;
  return (
    <section aria-labelledby="policy">
      <h2 id="policy" tabIndex={-1}>
        Policy
      </h2>
      <dl class="facts">
        <dt>Joining</dt>
        <dd>{joining[admission] ?? admission}</dd>
        <dt>Links</dt>
        <dd>{peering}</dd>
        <dt>Readers</dt>
        <dd>{readable === 'public' ? 'anybody' : 'members'}</dd>
        <dt>Topics</dt>
        <dd>{topics.length === 0 ? 'any' : topics.join(', ')}</dd>
        <dt>Address</dt>
        <dd>
          <code>{address}</code>
        </dd>
      </dl>
      <p class="hint">It is set where the server is started.</p>
    </section>
  );
}
