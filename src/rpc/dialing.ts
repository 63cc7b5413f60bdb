import { lookup } from 'node:dns/promises';
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { parseAddress } from '../core/address.js';
import { invalid, MootError } from '../core/errors.js';

/** Which addresses a server may dial because a stranger named them. */
export interface DialRule {
  /** This machine: for a server that is reached from this machine alone. */
  readonly allowLoopback: boolean;
  /** Everything that is not the public internet. */
  readonly allowPrivate: boolean;
}

/** Looks a host up: every address it has. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** Sources: the special-purpose registries of IANA, RFC 6890 and what has updated it. */
const loopback = blocks(['127.0.0.0/8', '::1/128']);
const inside = blocks([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24'],
  ...['192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
]);
/** Of IPv6 only what is given out to the internet is outside; and of that not what wraps an address of IPv4, or documents. */
const outside6 = blocks(['2000::/3']);
const inside6 = blocks(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

/** Never a name: what ends so is an address of IPv4 in some spelling (WHATWG URL, "ends in a number checker"). */
const endsInNumber = /(^|\.)(\d+|0x[0-9a-f]*)\.?$/i;

/**
 * The addresses to dial for HOST:PORT, each as IP:PORT. A name is looked up here and now, and what is dialled is what was
 * looked at: a name that means something else a moment later leads nowhere.
 * @throws MootError `invalid` unless it is HOST:PORT, or for an address of IPv4 in another spelling than the plain one; `denied` when any address of the host is none that `rule` allows;
 * `unavailable` when the host has none.
 */
export async function addressesToDial(
  address: string,
  rule: DialRule,
  find: Lookup = systemLookup,
): Promise<readonly string[]> {
  const { host, port } = parseAddress(address);
  const bare = host.replace(/^\[|\]$/g, '');
  if (!isIPv4(bare) && endsInNumber.test(bare))
    throw invalid(
      'address',
      `${host} is read as another address from place to place`,
      'write it as 192.0.2.7, or a name',
    );
  const found =
    isIPv4(bare) || isIPv6(bare) ? [bare] : await find(bare).catch((cause: unknown) => notFound(host, cause));
  if (found.length === 0) notFound(host, undefined);
  for (const ip of found) requireAllowed(ip, host, rule);
  // One target holds addresses of one kind, and the older one is reached from everywhere.
  const some = found.some((ip) => isIPv4(ip)) ? found.filter((ip) => isIPv4(ip)) : found;
  return some.map((ip) => (isIPv4(ip) ? `${ip}:${port}` : `[${ip}]:${port}`));
}

function requireAllowed(ip: string, host: string, { allowLoopback, allowPrivate }: DialRule): void {
  if (allowPrivate || (allowLoopback && contains(loopback, ip)) || isOutside(ip)) return;
  const where = contains(loopback, ip) ? 'this machine' : 'a private network';
  throw new MootError('denied', `${host} is an address of ${where}, which this server does not dial for others`, {
    field: 'address',
    hint: 'start it with --allow-private-peers where its peers are on a network of your own',
  });
}

function isOutside(ip: string): boolean {
  if (isIPv4(ip)) return !contains(inside, ip) && !contains(loopback, ip);
  return contains(outside6, ip) && !contains(inside6, ip);
}

function contains(list: BlockList, ip: string): boolean {
  return list.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6');
}

function blocks(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = '', bits = ''] = range.split('/');
    list.addSubnet(net, Number(bits), isIPv4(net) ? 'ipv4' : 'ipv6');
  }
  return list;
}

async function systemLookup(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function notFound(host: string, cause: unknown): never {
  throw new MootError('unavailable', `${host} has no address`, { cause });
}
