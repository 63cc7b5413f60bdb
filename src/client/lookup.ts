import { placeOf } from '../core/address.js';
import { invalid, MootError } from '../core/errors.js';
import { foldName } from '../core/name.js';
import { nearMisses } from '../core/near-miss.js';

interface Named {
  readonly id: string;
  readonly name: string;
  readonly address: string;
}

/** An id is told from a name by nothing but its length: the start of one needs this many characters. */
export const idStart = 6;

export function isAddress(server: string): boolean {
  return server.includes(':');
}

/**
 * Which of `servers` is meant: an exact name (case-folded), else the start of an id.
 * @throws MootError `not_found`, with names that come near as its hint; `invalid` listing the candidates of an ambiguous one.
 */
export function pickServer<T extends Named>(server: string, servers: readonly T[]): T {
  const folded = foldName(server);
  const named = servers.filter(({ name }) => foldName(name) === folded);
  const meant =
    named.length > 0 || server.length < idStart
      ? named
      : servers.filter(({ id }) => id.startsWith(server.toLowerCase()));
  const [only, another] = meant;
  if (only && !another) return only;
  if (only) throw ambiguous(server, meant);
  const near = nearMisses(
    server,
    servers.map(({ name }) => name),
  );
  throw new MootError('not_found', `no community "${server}" is known here`, {
    field: 'server',
    hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'moot servers',
  });
}

function ambiguous(server: string, candidates: readonly Named[]): MootError {
  const list = candidates
    .map(({ id, name, address }) => `${name} (${id.slice(0, 12)}… at ${placeOf(address)})`)
    .join(', ');
  const [first] = candidates;
  return invalid('server', `"${server}" may be ${list}`, `the id or the address of one, as in ${first?.address}`);
}
