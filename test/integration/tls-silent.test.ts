import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseAddress } from '../../src/core/address.js';
import { TestAuthority } from '../support/certificates.js';
import { TestNetwork } from '../support/network.js';
import { temporaryFolder } from '../support/temporary.js';

const certificate = new TestAuthority(temporaryFolder()).issue('hamlet');
const network = new TestNetwork();
let port = 0;
beforeAll(async () => {
  await network.start([]);
  port = parseAddress((await network.startServer('Hamlet', { certificate })).address).port;
});
afterAll(() => network.stop());

/** The beginning of a handshake that says it has 500 bytes. */
const half = Buffer.from('16030101f4010001f00303', 'hex');

/** How long a connection is kept that says so much and no more, ms; `again` says the same each second. */
async function kept(said: Buffer, again = false): Promise<number> {
  const beganMs = performance.now();
  const socket = dial(port, '127.0.0.1').on('error', () => undefined);
  socket.resume();
  if (said.length > 0) socket.write(said);
  const saying = again ? setInterval(() => socket.write(Buffer.alloc(1)), 1000) : undefined;
  await once(socket, 'close');
  clearInterval(saying);
  return performance.now() - beganMs;
}

it('connections: one that says nothing, or begins to shake hands and does not go on, is closed after 10 s', async () => {
  const all = await Promise.all([
    ...Array.from({ length: 50 }, () => kept(Buffer.alloc(0))),
    ...Array.from({ length: 50 }, () => kept(half.subarray(0, 1))),
    ...Array.from({ length: 50 }, () => kept(half)),
    // A byte now and then is no handshake.
    ...Array.from({ length: 50 }, () => kept(half, true)),
  ]);
  expect(Math.min(...all)).toBeGreaterThan(9_000);
  expect(Math.max(...all)).toBeLessThan(30_000);
  // Who does is served.
  const moot = await network.connect();
  expect((await moot.servers()).map(({ name }) => name)).toEqual(['Hamlet']);
  await moot.close();
}, 90_000);
