import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf } from '../../src/core/errors.js';
import { createIdentity } from '../../src/identity/keys.js';
import { RegistryClient } from '../../src/rpc/registry-client.js';
import { signServerEntry } from '../../src/wire/convert-server-entry.js';
import { TestNetwork } from '../support/network.js';
import { serverEntry } from '../support/server-entries.js';

const network = new TestNetwork();
let sockets = 0;
const elsewhere = createServer((socket) => {
  sockets += 1;
  socket.destroy();
});
let client: RegistryClient;
let port = 0;
beforeAll(async () => {
  await network.start(['Hamlet']);
  client = new RegistryClient(network.registry);
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  port = (elsewhere.address() as AddressInfo).port;
});
afterAll(async () => {
  client.close();
  elsewhere.close();
  await network.stop();
});

function register(name: string, address: string): Promise<unknown> {
  const identity = createIdentity();
  const entry = serverEntry({ id: identity.id, name, addresses: [address] });
  return client.register(signServerEntry(identity, entry), AbortSignal.timeout(60_000)).then(
    () => 'listed',
    (error: unknown) => error,
  );
}

async function listed(): Promise<readonly string[]> {
  const moot = await network.connect();
  const servers = await moot.servers();
  await moot.close();
  return servers.map(({ name }) => name);
}

describe('a registry', () => {
  it('does not list a server where another community answers, or no community at all, and says so', async () => {
    const hamlet = network.servers.get('Hamlet')?.address ?? '';
    expect(await register('Fake', hamlet)).toMatchObject({
      code: 'denied',
      field: 'addresses',
      message: expect.stringContaining(`could not reach you at ${hamlet}: what answers`),
    });
    expect(await register('Fake', `localhost:${port}`)).toMatchObject({
      code: 'denied',
      message: `the registry could not reach you at localhost:${port}`,
    });
    expect(await listed()).toEqual(['Hamlet']);
  });

  it('lists 0 of 1,000 fakes, dials few of them, and goes on listing who is there', async () => {
    sockets = 0;
    const fakes: unknown[] = [];
    for (let from = 0; from < 1000; from += 100)
      fakes.push(
        ...(await Promise.all(
          Array.from({ length: 100 }, (_, at) => register(`Fake${from + at}`, `localhost:${port}`)),
        )),
      );
    expect(fakes.filter((answer) => answer === 'listed')).toEqual([]);
    expect(new Set(fakes.map(codeOf))).toEqual(new Set(['denied', 'full']));
    expect(sockets).toBeLessThanOrEqual(2 * (8 + 16));
    expect(await listed()).toEqual(['Hamlet']);
  }, 120_000);

  it('believes addresses where it was started so', async () => {
    const believing = new TestNetwork();
    await believing.start([], [], { unproved: true });
    const other = new RegistryClient(believing.registry);
    const identity = createIdentity();
    const entry = serverEntry({ id: identity.id, addresses: ['localhost:1'] });
    await other.register(signServerEntry(identity, entry), AbortSignal.timeout(5000));
    expect((await other.lookUp(identity.id))?.entry.addresses).toEqual(['localhost:1']);
    other.close();
    await believing.stop();
  });
});
