import type { Links, PeerView } from '../community/links.js';
import type { Peer, PeerServiceServer } from '../wire/gen/moot/v1/peer.js';
import type { Handlers } from './handler.js';

/** PeerService over the links of a community; the guard lets its operator alone in. */
export function peerService(links: Links, on: Handlers): PeerServiceServer {
  return {
    connect: on.unary(async ({ id, address }) => ({ peer: toWirePeer(await links.connect(id, address)) })),
    disconnect: on.unary(async ({ id }) => ({ peer: toWirePeer(await links.disconnect(id)) })),
    listPeers: on.unary(async () => ({ peers: links.view().map(toWirePeer) })),
  };
}

function toWirePeer(peer: PeerView): Peer {
  const { peer: id, name, address, state, sinceMs, reason } = peer;
  return { id, name, address, state, sinceMs: BigInt(sinceMs), lagMs: undefined, level: 'allow', reason };
}
