import type { Registry } from '../registry/registry.js';
import { fromWireSignedEntry, openServerEntry, toWireListed } from '../wire/convert-server-entry.js';
import { type RegistryServiceServer, RegistryServiceService } from '../wire/gen/moot/v1/registry.js';
import type { Handlers } from './handler.js';
import { type Service, service } from './requests.js';

/** Answers are made from memory: one that takes longer is not worth waiting for. */
const bound = { mostMs: 5_000 };

/** RegistryService over `registry`. Anyone may call it: an entry proves itself by its signature. */
export function registryService(registry: Registry, on: Handlers): Service {
  const implementation: RegistryServiceServer = {
    register: on.unary(async ({ server }) => {
      const signed = fromWireSignedEntry(server);
      return registry.register(openServerEntry(signed), signed);
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
  };
  return service(RegistryServiceService, implementation);
}
