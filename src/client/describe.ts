import { MootError } from '../core/errors.js';
import { originOf } from '../identity/hash.js';
import { readAnswer } from '../wire/check.js';
import { fromWireDescription } from '../wire/convert-description.js';
import { CommunityServiceService as service } from '../wire/gen/moot/v1/community.js';
import { type Parts, toWireOptions } from './parts.js';
import type { CallOptions, ServerInfo } from './types.js';

/** What a community says of itself. */
export type Description = Omit<ServerInfo, 'joined'>;

/** @throws MootError `unavailable`, `timed_out`, or `damaged` when the id it gives is not that of its key. */
export async function describe(parts: Parts, address: string, options: CallOptions): Promise<Description> {
  const channel = parts.connections.to(address);
  const answer = await channel.unary(service.describe, {}, toWireOptions(parts, options));
  const { publicKey, head: _, ...said } = readAnswer(() => fromWireDescription(answer));
  if (originOf(publicKey) !== said.id) throw new MootError('damaged', `${address} gives an id that is not its key's`);
  return { ...said, address, peers: [] };
}
