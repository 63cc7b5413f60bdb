import type { ServerEntry } from '../core/server-entry.js';
import type { Membership } from './memberships.js';
import type { ServerInfo } from './types.js';

/** How we stand to a community of which `kept` is kept. */
export function standing(kept: Pick<Membership, 'isWaiting'> | undefined): Pick<ServerInfo, 'joined' | 'waiting'> {
  const waiting = kept?.isWaiting === true;
  return { joined: kept !== undefined && !waiting, waiting };
}

/** An entry as programs see it. */
export function toServerInfo(entry: ServerEntry, kept: Pick<Membership, 'isWaiting'> | undefined): ServerInfo {
  return { ...toListed(entry), ...standing(kept) };
}

/** The same, whoever asks. */
export function toListed(entry: ServerEntry): Omit<ServerInfo, 'joined' | 'waiting'> {
  const { id, name, topics, articles, members, admission, peering, readable } = entry;
  const address = entry.addresses[0] ?? '';
  const addresses = entry.addresses.length > 1 ? { addresses: entry.addresses } : {};
  return {
    id,
    name,
    address,
    ...addresses,
    topics,
    articles,
    members,
    peers: entry.links,
    admission,
    peering,
    readable,
  };
}
