import type { Links, PeerView } from '../community/links.js';
import { type Peer, type PeerServiceServer, PeerServiceService } from '../wire/gen/moot/v1/peer.js';
import type { Handlers } from './handler.js';
import { type Service, service } from './requests.js';

/** PeerService over the links of a community; the guard lets its operator alone in. */
export function peerService(links: Links, on: Handlers): Service {
  const implementation: PeerServiceServer = {
    connect: on.unary(async ({ id, address }) => ({ peer: toWirePeer(await links.connect(id, address)) })),
    disconnect: on.unary(async ({ id }) => ({ peer: toWirePeer(await links.disconnect(id)) })),
    listPeers: on.unary(async () => ({ peers: links.view().map(toWirePeer) })),
  };
  return service(PeerServiceService, implementation);
}

function toWirePeer(peer: PeerView): Peer {
  const { peer: id, name, address, state, sinceMs, reason } = peer;
  return { id, name, address, state, sinceMs: BigInt(sinceMs), lagMs: undefined, level: 'allow', reason };
}
