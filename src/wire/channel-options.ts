import type { ChannelOptions } from '@grpc/grpc-js';
import type { Address } from '../core/address.js';
import { limits } from '../core/limits.js';

/** What a connection is for. Queries of a search and live streams never share one with anything else. */
export type Purpose = 'peer' | 'registry' | 'client' | 'feed';

const common: ChannelOptions = {
  // Else the other side's DNS could set our retries, and a proxy of the environment see our tokens.
  'grpc.service_config_disable_resolution': 1,
  'grpc.enable_http_proxy': 0,
  // A retry is for whoever knows that it does no harm; here nobody does.
  'grpc.enable_retries': 0,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.initial_reconnect_backoff_ms': 500,
  // The default of 30 s would keep a server that has moved, or come back, unreachable for as long.
  'grpc.dns_min_time_between_resolutions_ms': 1000,
};

/**
 * What all answers of a peer together may have on their way. With the default of 64 KiB the rows of 1,000 servers wait for word
 * that there is room, and those of 10,000 take four times as long as the links do (`npm run simulate`).
 */
export const peerWindowBytes = 256 * 1024;

/** Sources: RELIABILITY of the network, "grpc-js: settings and traps". */
const special: Readonly<Record<Purpose, ChannelOptions>> = {
  // The largest frame of a peer is one article, or a row with all its links.
  peer: {
    'grpc.max_reconnect_backoff_ms': 30_000,
    'grpc.max_receive_message_length': limits.messageBytes,
    'grpc-node.flow_control_window': peerWindowBytes,
  },
  // Listed again at most 15 s after the registry is back.
  registry: { 'grpc.max_reconnect_backoff_ms': 5_000 },
  // Somebody waits for it.
  client: { 'grpc.max_reconnect_backoff_ms': 1_000 },
  feed: {
    'grpc.max_reconnect_backoff_ms': 5_000,
    'grpc.max_receive_message_length': limits.messageBytes,
    // The default of 64 KiB is one frame, for all streams of a connection together.
    'grpc-node.flow_control_window': 4 * 1024 * 1024,
  },
};

export function channelOptions(purpose: Purpose): ChannelOptions {
  return { ...common, ...special[purpose] };
}

/** The target to dial for HOST:PORT. The scheme is written out, so that no address can be read as `unix:` or another one. */
export function toTarget({ host, port }: Address): string {
  if (host.startsWith('[')) return `ipv6:${host}:${port}`;
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) ? `ipv4:${host}:${port}` : `dns:///${host}:${port}`;
}

/** The target that tries these, each IP:PORT, all of IPv4 or all of IPv6. */
export function toTargetOf(addresses: readonly string[]): string {
  return `${addresses[0]?.startsWith('[') ? 'ipv6' : 'ipv4'}:${addresses.join(',')}`;
}
