import { describe, expect, it } from '@jest/globals';
import { mayDial } from '../../src/rpc/may-dial.js';

const loopback = ['127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'];
const inside = ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', 'fc00::1', 'fd12:3456::1'];
const nowhere = [
  ...[
    '0.0.0.0',
    '::ffff:a9fe:a9fe',
    '0.1.2.3',
    '169.254.169.254',
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.7',
  ],
  ...['224.0.0.1', '239.1.2.3', '240.0.0.1', '255.255.255.255', '::', '::7f00:1', '64:ff9b::7f00:1', '2001::1'],
  ...['2001:db8::1', '2002:7f00:1::', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '100::1'],
];
const outside = ['8.8.8.8', '172.32.0.1', '193.0.0.1', '2606:4700::1', '2a00:1450::1', '::ffff:8.8.8.8'];

describe('what is dialled because somebody asked for it', () => {
  it('is never further inside than who asks', () => {
    for (const caller of outside) {
      for (const ip of [...loopback, ...inside, ...nowhere])
        expect([ip, caller, mayDial(ip, caller)]).toEqual([ip, caller, false]);
      for (const ip of outside) expect([ip, mayDial(ip, caller)]).toEqual([ip, true]);
    }
    for (const caller of inside) {
      for (const ip of [...loopback, ...nowhere]) expect([ip, mayDial(ip, caller)]).toEqual([ip, false]);
      for (const ip of [...inside, ...outside]) expect([ip, mayDial(ip, caller)]).toEqual([ip, true]);
    }
    for (const caller of loopback) {
      for (const ip of nowhere) expect([ip, mayDial(ip, caller)]).toEqual([ip, false]);
      for (const ip of [...loopback, ...inside, ...outside]) expect([ip, mayDial(ip, caller)]).toEqual([ip, true]);
    }
  });
});
