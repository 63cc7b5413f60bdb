import { useEffect } from 'preact/hooks';
import type { Network } from '../../api.js';
import { summary } from '../../reading/network-facts.js';
import { toHref } from '../../reading/place.js';
import { Notice, sentence } from '../parts/notice.js';
import { StreamLine } from '../parts/stream-line.js';
import { communityOf, handleOf, network, networkStream } from '../state/network.js';
import { go, place } from '../state/router.js';
import '../styles/map.css';
import { Legend } from './legend.js';
import { MapStage } from './map-stage.js';
import { NetworkList } from './network-list.js';
import { Panel } from './panel.js';

/** The network, live: as a drawing, or in words. */
export function MapView() {
  const here = place.value;
  useEffect(() => {
    document.title = 'Map · Moot';
  }, []);
  if (here.view !== 'map') return null;
  const seen = network.value;
  return (
    <div class="map-page">
      <div class="map-head">
        <h1 tabIndex={-1}>Map</h1>
        <nav class="switch" aria-label="How the network is shown">
          <a href={toHref({ ...here, asList: false })} aria-current={here.asList ? undefined : 'true'}>
            Drawing
          </a>
          <a href={toHref({ ...here, asList: true })} aria-current={here.asList ? 'true' : undefined}>
            List
          </a>
        </nav>
      </div>
      <StreamLine state={networkStream.value} />
      {seen ? (
        <Seen network={seen} asList={here.asList} chosen={here.chosen} />
      ) : (
        <p class="quiet">Looking at who is there…</p>
      )}
    </div>
  );
}

interface SeenProps {
  readonly network: Network;
  readonly asList: boolean;
  readonly chosen: string | null;
}

function Seen({ network: seen, asList, chosen }: SeenProps) {
  const server = chosen === null ? undefined : communityOf(chosen);
  const choose = (id: string): void => {
    const picked = communityOf(id);
    if (picked) go({ view: 'map', chosen: handleOf(picked), asList: false }, { replace: true });
  };
  return (
    <>
      <p class="about" role="status">
        {summary(seen)}
      </p>
      {seen.missing.length > 0 && (
        <Notice kind="quiet" title="Not all could be asked">
          {seen.missing.map((line) => (
            <p key={line}>{sentence(line)}</p>
          ))}
        </Notice>
      )}
      {seen.servers.length === 0 && (
        <p class="empty">No community is listed. One appears here as soon as it is started.</p>
      )}
      {asList ? (
        <NetworkList network={seen} />
      ) : (
        <div class="map-body">
          <div>
            <MapStage network={seen} chosen={server?.id} choose={choose} />
            <Legend />
          </div>
          {server ? (
            <Panel server={server} network={seen} />
          ) : (
            <p class="panel quiet">Choose a community to see what it says of itself.</p>
          )}
        </div>
      )}
    </>
  );
}
