import { afterEach, describe, expect, it } from '@jest/globals';
import { Registration } from '../../src/community/registration.js';
import { systemClock } from '../../src/core/clock.js';
import type { ServerEntry } from '../../src/core/server-entry.js';
import { createIdentity } from '../../src/identity/keys.js';
import { signHead } from '../../src/identity/seal.js';
import { Registry } from '../../src/registry/registry.js';
import { RegistryClient } from '../../src/rpc/registry-client.js';
import { registryService } from '../../src/rpc/registry-service.js';
import { registryRules } from '../../src/rpc/rules.js';
import { fromWireListed, signServerEntry, toWireSignedEntry } from '../../src/wire/convert-server-entry.js';
import { RegistryServiceService } from '../../src/wire/gen/moot/v1/registry.js';
import { serve, type TestServer } from '../support/rpc-server.js';
import { serverEntry } from '../support/server-entries.js';
import { settingsInMemory } from '../support/settings.js';

const everything = { pageSize: 0, pageToken: '', name: '', idPrefix: '', topic: '' };
const open: TestServer[] = [];
const clients: RegistryClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all(open.splice(0).map((server) => server.stop()));
});

function clientOf(address: string): RegistryClient {
  const client = new RegistryClient(address);
  clients.push(client);
  return client;
}

async function start() {
  const registry = new Registry(systemClock, { maxServers: 2 });
  const server = await serve({}, (on) => [registryService(registry, on)], registryRules);
  open.push(server);
  const channel = server.channel();
  return {
    server,
    list: async () => {
      const { servers } = await channel.unary(RegistryServiceService.listServers, everything, { deadlineMs: 5000 });
      return servers.map(fromWireListed);
    },
    remote: clientOf(server.address),
    channel,
  };
}

function serverWithKey(given: Partial<ServerEntry> = {}) {
  const identity = createIdentity();
  const head = signHead(identity, { epoch: 1, seq: 0, lastSeal: new Uint8Array(32) }, 1);
  const entry = serverEntry({ id: identity.id, head, ...given });
  return { identity, entry, signed: signServerEntry(identity, entry) };
}

const soon = () => AbortSignal.timeout(5000);

describe('RegistryService', () => {
  it('S0.1 S0.3 lists what a server signed, byte for byte, to anyone who asks', async () => {
    const { remote, list, server } = await start();
    const { entry, signed } = serverWithKey({ links: [createIdentity().id], articles: 7 });
    expect(await remote.register(signed, soon())).toEqual({ renewAfterMs: 5000 });
    const [listed] = await list();
    expect(listed?.entry).toMatchObject({ id: entry.id, name: 'Hamlet', articles: 7, links: entry.links });
    expect(Buffer.compare(listed?.signed.entry ?? Buffer.alloc(0), signed.entry)).toBe(0);
    expect(server.bugs).toEqual([]);
  });

  it('S0.1 refuses an entry that another key signed, or whose bytes were changed', async () => {
    const { remote, list } = await start();
    const { entry, signed } = serverWithKey();
    const forged = signServerEntry(createIdentity(), entry);
    await expect(remote.register(forged, soon())).rejects.toMatchObject({ code: 'damaged' });
    for (let at = 0; at < signed.entry.length; at += 7) {
      const bytes = Buffer.from(signed.entry);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      await expect(remote.register({ ...signed, entry: bytes }, soon())).rejects.toMatchObject({ code: 'damaged' });
    }
    expect(await list()).toEqual([]);
  });

  it('S0.4 says why it refuses: name, capacity, counter, page token', async () => {
    const { remote, channel } = await start();
    const first = serverWithKey({ counter: 5 });
    await remote.register(first.signed, soon());
    await expect(remote.register(serverWithKey().signed, soon())).rejects.toMatchObject({
      code: 'already_exists',
      field: 'name',
    });
    const older = signServerEntry(first.identity, { ...first.entry, counter: 4 });
    await expect(remote.register(older, soon())).rejects.toMatchObject({ code: 'gone' });
    await remote.register(serverWithKey({ name: 'second' }).signed, soon());
    await expect(remote.register(serverWithKey({ name: 'third' }).signed, soon())).rejects.toMatchObject({
      code: 'full',
      message: 'this registry is full: it lists at most 2',
    });
    const garbage = channel.unary(RegistryServiceService.listServers, { ...everything, pageToken: '!' });
    await expect(garbage).rejects.toMatchObject({ code: 'invalid', field: 'pageToken' });
    const nothing = channel.unary(RegistryServiceService.register, {});
    await expect(nothing).rejects.toMatchObject({ code: 'invalid', field: 'server' });
  });

  it('takes a server off only by a farewell that it signed', async () => {
    const { remote, list, channel } = await start();
    const { identity, entry, signed } = serverWithKey();
    await remote.register(signed, soon());
    const replayed = channel.unary(RegistryServiceService.deregister, { server: toWireSignedEntry(signed) });
    await expect(replayed).rejects.toMatchObject({ code: 'invalid', field: 'addresses' });
    await remote.deregister(signServerEntry(identity, { ...entry, counter: 2, addresses: [] }), soon());
    expect(await list()).toEqual([]);
  });

  it('S0.2 is where a registration lists its server, and takes it off at the end', async () => {
    const { server, list } = await start();
    const { identity, entry } = serverWithKey();
    const registration = new Registration({
      clock: systemClock,
      settings: settingsInMemory(),
      registries: [server.address, '127.0.0.1:1'].map((address) => ({ address, port: clientOf(address) })),
      describe: async () => entry,
      sign: (said) => signServerEntry(identity, said),
    });
    expect(await registration.start()).toMatchObject([{ state: 'registered' }, { state: 'away' }]);
    expect(await list()).toHaveLength(1);
    await registration.stop();
    expect(await list()).toEqual([]);
  });
});
