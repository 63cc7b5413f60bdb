import type { Network, NetworkServer } from '../../api.js';
import { factsOf } from '../../reading/network-facts.js';

/** What is known about one community, in words: in the panel of the map and in its list alike. */
export function CommunityFacts({ server, network }: { readonly server: NetworkServer; readonly network: Network }) {
  const { state, size, topics, policy, links, marks } = factsOf(server, network);
  return (
    <dl class="facts">
      <dt>State</dt>
      <dd class={`state ${server.state}`}>{state}</dd>
      <dt>Size</dt>
      <dd>{size}</dd>
      <dt>Topics</dt>
      <dd>{topics}</dd>
      <dt>Policy</dt>
      <dd>{policy}</dd>
      <dt>Links</dt>
      <dd>{links.length === 0 ? 'reads no other' : <Lines of={links} />}</dd>
      {marks.length > 0 && (
        <>
          <dt>Marked</dt>
          <dd>
            <Lines of={marks} />
          </dd>
        </>
      )}
    </dl>
  );
}

function Lines({ of }: { readonly of: readonly string[] }) {
  return (
    <ul>
      {of.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
