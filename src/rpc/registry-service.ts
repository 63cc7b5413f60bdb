import type { Proofs } from '../registry/proofs.js';
import type { Registry } from '../registry/registry.js';
import type { ServerChange, WatchFrame } from '../registry/watchers.js';
import { fromWireSignedEntry, openServerEntry, toWireListed } from '../wire/convert-server-entry.js';
import {
  type RegistryServiceServer,
  RegistryServiceService,
  type WatchServersRequest,
  WatchServersResponse,
  type ServerChange as WireChange,
} from '../wire/gen/moot/v1/registry.js';
import type { Handlers } from './handler.js';
import { Encoded, type Service, service } from './requests.js';

/** Answers are made from memory: one that takes longer is not worth waiting for. */
const bound = { mostMs: 5_000 };

/**
 * RegistryService over `registry`. Anyone may call it: an entry proves itself by its signature, and its addresses by
 * `proofs`; without those, they are believed.
 */
export function registryService(registry: Registry, on: Handlers, proofs?: Proofs): Service {
  const implementation: RegistryServiceServer = {
    register: on.unary(async ({ server }, { peer }) => {
      const signed = fromWireSignedEntry(server);
      const entry = openServerEntry(signed);
      // What is refused anyway is refused before anybody is dialled.
      if (proofs && registry.isNews(entry, signed)) await proofs.require(entry, hostOf(peer));
      return registry.register(entry, signed);
    }, bound),
    deregister: on.unary(async ({ server }) => {
      const signed = fromWireSignedEntry(server);
      registry.deregister(openServerEntry(signed), signed);
      return {};
    }, bound),
    listServers: on.unary(async (request) => {
      const { servers, nextPageToken } = registry.list(request);
      return { servers: servers.map(toWireListed), nextPageToken };
    }, bound),
    watchServers: on.serverStream((request, { signal }) => watch(registry, request, signal), {
      mostMs: Number.POSITIVE_INFINITY,
    }),
  };
  return service(RegistryServiceService, implementation);
}

/** Encoded here, so that what was written to a slow reader and has not gone out is bounded by bytes. */
async function* watch(
  registry: Registry,
  request: WatchServersRequest,
  signal: AbortSignal,
): AsyncGenerator<Encoded<WatchServersResponse>> {
  for await (const frame of registry.watch(request, signal))
    yield new Encoded(Buffer.from(WatchServersResponse.encode(toWireWatch(frame)).finish()));
}

function toWireWatch(frame: WatchFrame): WatchServersResponse {
  switch (frame.kind) {
    case 'changes':
      return { frame: { $case: 'changes', value: { changes: frame.changes.map(toWireChange) } } };
    case 'listed-all':
      return { frame: { $case: 'listedAll', value: {} } };
    case 'heartbeat':
      return { frame: { $case: 'heartbeat', value: {} } };
  }
}

function toWireChange(change: ServerChange): WireChange {
  if (change.kind === 'gone') return { change: { $case: 'gone', value: change.id } };
  return { change: { $case: change.kind, value: toWireListed(change.server) } };
}

/** Of an address and port, as grpc-js names the other end of a connection. */
function hostOf(peer: string): string {
  return peer.slice(0, peer.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}
