import { formatAddress, isLoopback, parseAddress } from '../core/address.js';
import { invalid, MootError } from '../core/errors.js';

/** @throws MootError `denied` when plaintext would leave this machine without `insecure`. */
export function requirePrivate(host: string, insecure: boolean): void {
  if (isLoopback(host) || insecure) return;
  throw new MootError('denied', `${host} is reached from other machines, and this server speaks plaintext`, {
    field: 'host',
    hint: 'listen on 127.0.0.1, or add --insecure where the network is your own',
  });
}

/**
 * HOST:PORT that others are told.
 * @throws MootError `invalid` when it cannot be guessed: a wildcard is no address to dial.
 */
export function advertised(host: string, port: number, advertise: string | undefined): string {
  if (advertise !== undefined) return formatAddress(parseAddress(advertise, 'advertise'));
  if (isWildcard(host))
    throw invalid('advertise', `others cannot dial ${host}`, 'say where they find this server: --advertise HOST:PORT');
  return isLoopback(host) ? `localhost:${port}` : `${host}:${port}`;
}

function isWildcard(host: string): boolean {
  return ['0.0.0.0', '::', '[::]', '*'].includes(host);
}
