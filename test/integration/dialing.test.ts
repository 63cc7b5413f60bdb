import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/core/clock.js';
import { codeOf } from '../../src/core/errors.js';
import { createIdentity } from '../../src/identity/keys.js';
import { addressesToDial, type DialRule } from '../../src/rpc/dialing.js';
import { GrpcPeers } from '../../src/rpc/grpc-peers.js';

/** A server on the public internet. */
const strict: DialRule = { allowLoopback: false, allowPrivate: false };

/** Ways in which people have written addresses of this machine and of networks behind it. */
const hosts = [
  ...[
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.255.255.254',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
  ],
  ...[
    '0x7f.1',
    '0177.1',
    '127.0.0.01',
    '00000127.0.0.1',
    '0',
    '0.0.0.0',
    '0x0',
    '0.0',
    'localhost',
    'LOCALHOST',
    'LocalHost',
  ],
  ...[
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[0000::0001]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:0:127.0.0.1]',
  ],
  ...[
    '[::127.0.0.1]',
    '[::7f00:1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[2002:7f00:0001::1]',
  ],
  ...[
    '10.0.0.1',
    '10.255.255.255',
    '167772161',
    '0xa.1',
    '012.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '192.168.1.254',
  ],
  ...[
    '3232235521',
    '0xc0a80001',
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '100.64.0.1',
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
  ],
  ...['198.51.100.7', '203.0.113.7', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '4294967295'],
  ...[
    '[fc00::1]',
    '[fd12:3456:789a::1]',
    '[fe80::1]',
    '[ff02::1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:192.168.0.1]',
    '[2001:db8::1]',
  ],
  ...['[2001::1]', '[100::1]', '[fec0::1]', '[::ffff:169.254.169.254]', '[64:ff9b:1::1]', '[3fff::1]'],
];
const noAddresses = [
  ...[
    'unix:/tmp/x',
    'unix:///tmp/x:1',
    'unix-abstract:x:1',
    'ipv4:127.0.0.1:PORT',
    'dns:///localhost:PORT',
    'http://localhost:PORT',
  ],
  ...[
    '//127.0.0.1:PORT',
    'localhost:PORT/',
    'user@localhost:PORT',
    'localhost:PORT#x',
    'localhost%00.moot.example:PORT',
    '[fe80::1%lo]:PORT',
  ],
  ...[
    '[::1',
    '::1:PORT',
    'localhost',
    ':PORT',
    '127.0.0.1:PORT,127.0.0.1:PORT',
    'localhost\t:PORT',
    'ⓛocalhost:PORT',
    '127。0。0。1:PORT',
  ],
];

let door: Server;
let port = 0;
/** Every socket that came of these calls, to anywhere, as Node tells it; other tests of this process open theirs. */
let sockets = 0;
const ours = new AsyncLocalStorage<true>();
const count = (): void => {
  if (ours.getStore()) sockets += 1;
};
const introduce = (rule: DialRule, address: string): Promise<unknown> =>
  ours.run(true, () => peersOf(rule).introduce(createIdentity().id, address));

beforeAll(async () => {
  door = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => door.listen({ host: '::', port: 0 }, resolve));
  port = (door.address() as { port: number }).port;
  subscribe('net.client.socket', count);
});
afterAll(() => {
  unsubscribe('net.client.socket', count);
  return new Promise((resolve) => door.close(resolve));
});

const peersOf = (dialRule: DialRule): GrpcPeers =>
  new GrpcPeers({
    identity: createIdentity(),
    name: () => 'Dialler',
    registries: [],
    insecure: true,
    clock: systemClock,
    dialRule,
    forget: () => undefined,
  });

/** Which of all were tried, each by a test of its own. */
const tried = new Set<string>();
const spellings = hosts.length + noAddresses.length;

describe('where a server dials', () => {
  it.each(hosts)('N8 not %s, which is no address of the public internet', async (host) => {
    tried.add(`${host} alone`);
    const refused = introduce(strict, `${host}:${port}`);
    await expect(refused.catch((error: unknown) => codeOf(error))).resolves.toMatch(/^(denied|invalid|unavailable)$/);
    expect(sockets).toBe(0);
  });

  it.each(noAddresses)('N8 not %s, which is not HOST:PORT', async (text) => {
    tried.add(text);
    const refused = introduce(strict, text.replaceAll('PORT', String(port)));
    await expect(refused).rejects.toMatchObject({ code: 'invalid', field: 'address' });
    expect(sockets).toBe(0);
  });

  it(`N8 ${spellings} spellings of addresses inside, or of none: 0 sockets opened`, () => {
    expect([tried.size, sockets]).toEqual([spellings, 0]);
    expect(spellings).toBeGreaterThanOrEqual(60);
  });

  it('N8 not a name that has an address inside beside one outside, whichever comes first', async () => {
    for (const found of [
      ['93.184.215.14', '10.0.0.1'],
      ['10.0.0.1', '93.184.215.14'],
      ['2606:2800:21f::1', '::1'],
    ])
      await expect(addressesToDial('moot.example:1', strict, async () => found)).rejects.toMatchObject({
        code: 'denied',
      });
  });

  it('N8 what was looked at, and nothing else that the name may mean later', async () => {
    const found = async (): Promise<readonly string[]> => ['2606:2800:21f::1', '93.184.215.14', '93.184.215.15'];
    expect(await addressesToDial('moot.example:7', strict, found)).toEqual(['93.184.215.14:7', '93.184.215.15:7']);
    const six = async (): Promise<readonly string[]> => ['2606:2800:21f::1'];
    expect(await addressesToDial('moot.example:7', strict, six)).toEqual(['[2606:2800:21f::1]:7']);
  });

  it('N8 this machine for a server that is reached from it alone, and private networks where the operator says so', async () => {
    const alone = { allowLoopback: true, allowPrivate: false };
    expect(await addressesToDial('127.0.0.1:7', alone)).toEqual(['127.0.0.1:7']);
    await expect(addressesToDial('10.0.0.1:7', alone)).rejects.toMatchObject({
      code: 'denied',
      hint: expect.stringContaining('--allow-private-peers'),
    });
    expect(await addressesToDial('10.0.0.1:7', { allowLoopback: false, allowPrivate: true })).toEqual(['10.0.0.1:7']);
    await expect(introduce(alone, `localhost:${port}`)).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(sockets).toBeGreaterThan(0);
  });
});
