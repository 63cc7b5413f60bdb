import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import type { TlsOptions } from '@nats-io/transport-node';
import { parseAddress } from '../core/address.js';
import type { NatsPlace } from './nats-url.js';

/**
 * How a NATS shows who it is: by a certificate that `ca` vouches for (PEM; without one, what the system trusts), made for one of
 * the names by which it is called here. The client alone would hold a bare IP address against "localhost".
 */
export function natsTls({ servers }: NatsPlace, ca: string | undefined): TlsOptions {
  const hosts = servers.map((server) => parseAddress(server, 'bus').host.replace(/^\[|\]$/g, ''));
  const check: ConnectionOptions['checkServerIdentity'] = (_, certificate) => {
    const faults = hosts.map((host) => checkServerIdentity(host, certificate));
    return faults.includes(undefined) ? undefined : faults[0];
  };
  const options: TlsOptions & Pick<ConnectionOptions, 'checkServerIdentity'> = { checkServerIdentity: check };
  return ca === undefined ? options : { ...options, ca };
}
