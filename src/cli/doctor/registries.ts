import type { RegistryInfo } from '../../client/index.js';
import { placeOf } from '../../core/address.js';
import { type Check, failed } from './check.js';

export type Listed = RegistryInfo['servers'][number];

/** What each registry lists, taken by itself and beside the others. */
export function* checkRegistries(registries: readonly RegistryInfo[]): Generator<Check> {
  for (const { address, servers, unsigned, tookMs, refused } of registries) {
    const place = placeOf(address);
    if (refused) {
      yield failed('registry', refused);
      continue;
    }
    yield { check: 'registry', status: 'ok', detail: `${place} lists ${servers.length}, in ${tookMs} ms` };
    if (unsigned > 0)
      yield {
        check: 'registry',
        status: 'FAIL',
        detail: `${place} lists ${unsigned === 1 ? 'an entry' : `${unsigned} entries`} that no server has signed`,
        hint: 'name another registry: --registry HOST:PORT; what is not signed is not believed',
      };
    const missing = missingIn(servers, registries);
    if (missing.length > 0)
      yield {
        check: 'registry',
        status: 'warning',
        detail: `${place} does not list ${missing.join(', ')}, which another registry lists`,
        hint: 'ask who runs that server to name both: --registry; to find it, so do you',
      };
  }
}

/** Every server that any of them lists, once. */
export function allListed(registries: readonly RegistryInfo[]): ReadonlyMap<string, Listed> {
  return new Map(registries.flatMap(({ servers }) => servers.map((server) => [server.id, server])));
}

function missingIn(servers: readonly Listed[], registries: readonly RegistryInfo[]): readonly string[] {
  const here = new Set(servers.map(({ id }) => id));
  return [...allListed(registries).values()].filter(({ id }) => !here.has(id)).map(({ name }) => name);
}
