import { formatAddress, isHost, isLoopback, parseAddress } from '../core/address.js';
import { invalid, MootError } from '../core/errors.js';

/** @throws MootError `invalid` for what is no host; `denied` when plaintext would leave this machine without `insecure`. */
export function requirePrivate(host: string, isTls: boolean, insecure: boolean): void {
  if (!isHost(host)) throw invalid('host', `host "${host}" is no name and no IP address`, '--host 127.0.0.1');
  if (isTls || isLoopback(host) || insecure) return;
  throw new MootError('denied', `${host} is reached from other machines, and this server speaks plaintext`, {
    field: 'host',
    hint: 'add --tls-cert FILE --tls-key FILE, or listen on 127.0.0.1; --insecure where the network is your own',
  });
}

const sayWhere = 'say where they find this server: --advertise HOST:PORT';

/**
 * HOST:PORT that others are told, with the fingerprint of the certificate that they will meet there.
 * @throws MootError `invalid` when it cannot be guessed: a wildcard is no address to dial.
 */
export function advertised(host: string, port: number, advertise: string | undefined, fingerprint?: string): string {
  return formatAddress({ ...placeOf(host, port, advertise), fingerprint });
}

function placeOf(host: string, port: number, advertise: string | undefined): { host: string; port: number } {
  if (advertise !== undefined) {
    const place = parseAddress(advertise, 'advertise');
    if (place.fingerprint !== undefined)
      throw invalid('advertise', 'advertise is HOST:PORT alone; the fingerprint is that of --tls-cert', sayWhere);
    if (isWildcard(place.host) || place.port === 0)
      throw invalid('advertise', `others cannot dial ${advertise}`, sayWhere);
    return place;
  }
  if (isWildcard(host)) throw invalid('advertise', `others cannot dial ${host}`, sayWhere);
  if (isLoopback(host)) return { host: 'localhost', port };
  return { host: host.includes(':') && !host.startsWith('[') ? `[${host}]` : host, port };
}

function isWildcard(host: string): boolean {
  return ['0.0.0.0', '::', '[::]', '*'].includes(host);
}
