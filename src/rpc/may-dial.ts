import { BlockList, isIPv6 } from 'node:net';

type Kind = 'loopback' | 'private' | 'global' | 'nowhere';

/** Where an address of the network leads; sources: RFC 6890 and the registries of IANA that it names. */
const kinds: readonly (readonly [Kind, BlockList])[] = [
  ['loopback', ranges('127.0.0.0/8', '::1/128')],
  ['private', ranges('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7')],
  [
    'nowhere',
    ranges(
      ...['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15'],
      ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
      // Besides what is not in use: IPv4 in other clothes. A mapped address (::ffff:…) is checked as the one that it maps.
      ...['::/128', '::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23'],
      ...['2001:db8::/32', '2002::/16', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
    ),
  ],
];

/**
 * Whether a server dials `ip` because the host `caller` asked for it: never further inside than the caller itself is, so
 * that nobody reaches through this machine what they could not reach by themselves.
 */
export function mayDial(ip: string, caller: string): boolean {
  const asks = kindOf(caller);
  switch (kindOf(ip)) {
    case 'global':
      return true;
    case 'private':
      return asks === 'private' || asks === 'loopback';
    case 'loopback':
      return asks === 'loopback';
    case 'nowhere':
      return false;
  }
}

function kindOf(address: string): Kind {
  const ip = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return kinds.find(([, list]) => list.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4'))?.[0] ?? 'global';
}

function ranges(...blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [net = '', bits = ''] = block.split('/');
    list.addSubnet(net, Number(bits), isIPv6(net) ? 'ipv6' : 'ipv4');
  }
  return list;
}
