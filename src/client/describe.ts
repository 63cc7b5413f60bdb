import { placeOf } from '../core/address.js';
import { MootError } from '../core/errors.js';
import { originOf } from '../identity/hash.js';
import { readKeyLine } from '../identity/key-line.js';
import type { Channel } from '../wire/channels.js';
import { readAnswer } from '../wire/check.js';
import { fromWireDescription } from '../wire/convert-description.js';
import { CommunityServiceService as service } from '../wire/gen/moot/v1/community.js';
import { type Parts, toWireOptions } from './parts.js';
import type { CallOptions, ServerInfo } from './types.js';

/** What a community says of itself. */
export interface Description extends Omit<ServerInfo, 'joined' | 'waiting'> {
  /** Raw, 32 bytes; the id is the hash of the first one. */
  readonly publicKey: Uint8Array;
  /** How often it was rotated. */
  readonly rotations: number;
  /** When it answered, by its own clock; undefined: it does not say. */
  readonly atMs: number | undefined;
}

/** @throws MootError `unavailable`, `timed_out`, `damaged` when the id it gives is not that of its key, `denied` when that was replaced. */
export async function describe(parts: Parts, channel: Channel, options: CallOptions): Promise<Description> {
  const answer = await channel.unary(service.describe, {}, toWireOptions(parts, options));
  const { head, ...said } = readAnswer(() => fromWireDescription(answer));
  // With the certificate that was met: from now on it is that one or none.
  const { address } = channel;
  const line = readKeyLine(said.publicKey);
  if (!line || originOf(said.publicKey) !== said.id)
    throw new MootError('damaged', `${placeOf(address)} gives an id that is not its key's`);
  if (!parts.ring.accepts(said.id, said.publicKey))
    throw new MootError('denied', `${placeOf(address)} shows a key that its community has replaced`);
  const { key: publicKey, rotations } = line;
  return { ...said, publicKey, rotations: rotations.length, address, peers: [], atMs: head?.asOfMs };
}

/**
 * Makes sure that it is `expected` who answers over `channel`, before a token is shown there.
 * @throws MootError as `describe`, or `not_found` when it is another.
 */
export async function meet(
  parts: Parts,
  channel: Channel,
  expected: Pick<ServerInfo, 'id' | 'name'>,
  options: CallOptions,
): Promise<Description> {
  const found = await describe(parts, channel, options);
  if (found.id === expected.id) return found;
  throw new MootError('not_found', `at ${placeOf(found.address)} is ${found.name} now, not ${expected.name}`, {
    hint: 'moot servers',
  });
}
