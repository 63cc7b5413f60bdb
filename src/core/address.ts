import { invalid } from './errors.js';

export interface Address {
  readonly host: string;
  readonly port: number;
  /** SHA-256 of the public key of the certificate that is served there, in hex. None: nothing is said about it. */
  readonly fingerprint?: string | undefined;
}

const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;
const ipv6 = /^\[[0-9a-f:.]+\]$/i;

const sha256Hex = /^[0-9a-f]{64}$/i;

/**
 * Only HOST:PORT, or HOST:PORT#FINGERPRINT for what speaks TLS with that key: no scheme, no path, no unix socket.
 * @throws MootError `invalid` naming `field`.
 */
export function parseAddress(text: string, field = 'address'): Address {
  const [place = '', ...more] = text.split('#');
  const split = place.lastIndexOf(':');
  const host = place.slice(0, Math.max(split, 0));
  if (split < 1 || place.includes('/') || !(hostName.test(host) || ipv6.test(host)))
    throw invalid(field, `${field} "${text}" is not HOST:PORT`, 'write it as localhost:50052');
  const port = parsePort(place.slice(split + 1), field);
  return more.length === 0 ? { host, port } : { host, port, fingerprint: parseFingerprint(more.join('#'), field) };
}

/** Whether `text` can be listened on or dialled, as far as its spelling goes: a name, an IP address or `*`. */
export function isHost(text: string): boolean {
  return hostName.test(text) || ipv6.test(text) || ipv6.test(`[${text}]`) || text === '*';
}

function parseFingerprint(text: string, field: string): string {
  if (sha256Hex.test(text)) return text.toLowerCase();
  throw invalid(
    field,
    `${field}: what follows # is not a fingerprint (64 characters, 0-9 and a-f)`,
    'moot keys SERVER',
  );
}

/** HOST:PORT alone: what people are shown, and what two addresses of one place have in common. */
export function placeOf(address: string): string {
  return address.split('#', 1)[0] ?? address;
}

/** @throws MootError `invalid` unless it is a whole number from 0 to 65535. */
export function parsePort(text: string, field = 'port'): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= 0 && port <= 65_535))
    throw invalid(field, `${field} "${text}" is not a port (0 to 65535)`, 'a whole number, as in 50052');
  return port;
}

export function formatAddress({ host, port, fingerprint }: Address): string {
  return `${host}:${port}${fingerprint === undefined ? '' : `#${fingerprint}`}`;
}

/** `localhost`, 127.0.0.0/8 or ::1, as written: no name is looked up. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}

/** The part of an IP address that tells callers apart: one line of IPv6 has 2^64 addresses of its own, which count as one. */
export function neighbourhood(host: string): string {
  return host.includes(':') && !host.includes('.') ? host.split(':').slice(0, 4).join(':') : host;
}

/** The host of a connection's other end, as `127.0.0.1:50052` or `[::1]:50052` names it. */
export function hostOf(peer: string): string {
  return peer
    .slice(0, Math.max(peer.lastIndexOf(':'), 0))
    .replace(/^\[|\]$/g, '')
    .replace(/^::ffff:/i, '');
}
