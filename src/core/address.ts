import { invalid } from './errors.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;
const ipv6 = /^\[[0-9a-f:.]+\]$/i;

/** Only HOST:PORT: no scheme, no path, no unix socket. @throws MootError `invalid` naming `field`. */
export function parseAddress(text: string, field = 'address'): Address {
  const split = text.lastIndexOf(':');
  const host = text.slice(0, Math.max(split, 0));
  const port = text.slice(split + 1);
  if (split < 1 || !(hostName.test(host) || ipv6.test(host)))
    throw invalid(field, `${field} "${text}" is not HOST:PORT`, 'write it as localhost:50052');
  return { host, port: parsePort(port, field) };
}

/** @throws MootError `invalid` unless it is a whole number from 0 to 65535. */
export function parsePort(text: string, field = 'port'): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= 0 && port <= 65_535)) throw invalid(field, `${field} "${text}" is not a port (0 to 65535)`);
  return port;
}

export function formatAddress({ host, port }: Address): string {
  return `${host}:${port}`;
}

/** `localhost`, 127.0.0.0/8 or ::1, as written: no name is looked up. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}
