import { afterEach, describe, expect, it } from '@jest/globals';
import { connect, type Moot } from '../../src/client/index.js';
import { createIdentity } from '../../src/identity/keys.js';
import { service } from '../../src/rpc/requests.js';
import { signServerEntry, toWireListed } from '../../src/wire/convert-server-entry.js';
import { RegistryServiceService } from '../../src/wire/gen/moot/v1/registry.js';
import { Processes } from '../support/processes.js';
import { serve } from '../support/rpc-server.js';
import { serverEntry } from '../support/server-entries.js';

const open: { stop?(): Promise<void>; close?(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await (each.stop?.() ?? each.close?.());
});

async function client(...registry: string[]): Promise<Moot> {
  const moot = await connect({ registry });
  open.push(moot);
  return moot;
}

/** Asks again until it holds: a renewal is not waited for in any other way. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe('several registries', () => {
  it('N10 a server lists itself at all of them; one is enough to find it, and one that comes back is whole within a renewal', async () => {
    const processes = new Processes();
    open.push(processes);
    const first = await processes.start('registry', '--port', '0', '--lease', '3s');
    const second = await processes.start('registry', '--port', '0', '--lease', '3s');
    const both = ['--registry', first.address, '--registry', second.address];
    const started = ['Hamlet', 'Othello'].map((name) => processes.startServer(name, ...both));
    const names = (await Promise.all(started)).map(({ ready }) => ready.name).sort();
    const listed = async (...registries: string[]): Promise<string[]> =>
      (await (await client(...registries)).servers()).map(({ name }) => name);
    expect(await listed(first.address)).toEqual(names);
    expect(await listed(second.address)).toEqual(names);
    await second.end('SIGKILL');
    const merged = await client(first.address, second.address);
    expect((await merged.servers()).map(({ name }) => name)).toEqual(names);
    const port = second.address.split(':')[1] ?? '';
    await processes.start('registry', '--port', port, '--lease', '3s');
    // A renewal each second, and a server that found it away tries again within 5 s.
    await until(async () => (await listed(second.address)).length === names.length);
    await first.end('SIGKILL');
    // Its connection to the one that was away is tried again within 5 s.
    let seen: readonly string[] = [];
    await until(async () => {
      seen = (await merged.servers()).map(({ name }) => name);
      return true;
    });
    expect(seen).toEqual(names);
  });

  it('N5 N10 one that lies can hide entries, but forge none and turn none back', async () => {
    const [hamlet, othello, thief] = [createIdentity(), createIdentity(), createIdentity()];
    const listed = (by: typeof hamlet, id: string, change: object) => {
      const entry = serverEntry({ id, ...change });
      return toWireListed({ entry, signed: signServerEntry(by, entry), renewedAtMs: 1, expiresAtMs: 2 });
    };
    const registry = async (...servers: ReturnType<typeof listed>[]): Promise<string> => {
      const test = await serve({}, (on) => [
        service(RegistryServiceService, {
          register: on.unary(async () => ({ renewAfterMs: 5000n })),
          deregister: on.unary(async () => ({})),
          listServers: on.unary(async () => ({ servers, nextPageToken: '' })),
          watchServers: on.serverStream(async function* () {}),
        }),
      ]);
      open.push(test);
      return test.address;
    };
    const honest = await registry(
      listed(hamlet, hamlet.id, { name: 'Hamlet', counter: 5, addresses: ['localhost:1'] }),
      listed(othello, othello.id, { name: 'Othello', counter: 5, addresses: ['localhost:2'] }),
    );
    const liar = await registry(
      // An old word, one that another key signed, and one whose bytes were changed. Othello is left out.
      listed(hamlet, hamlet.id, { name: 'Hamlet', counter: 4, addresses: ['localhost:666'] }),
      listed(thief, hamlet.id, { name: 'Hamlet', counter: 99, addresses: ['localhost:666'] }),
      {
        ...listed(hamlet, hamlet.id, { counter: 6 }),
        server: {
          ...signedParts(listed(hamlet, hamlet.id, { counter: 6 })),
          entry: Buffer.from(signedParts(listed(hamlet, hamlet.id, { counter: 7 })).entry),
        },
      },
    );
    for (const order of [
      [honest, liar],
      [liar, honest],
    ]) {
      const servers = await (await client(...order)).servers();
      expect(servers.map(({ name, address }) => [name, address])).toEqual([
        ['Hamlet', 'localhost:1'],
        ['Othello', 'localhost:2'],
      ]);
    }
    expect((await (await client(liar)).servers()).map(({ name }) => name)).not.toContain('Othello');
  });
});

function signedParts({ server }: ReturnType<typeof toWireListed>): NonNullable<typeof server> {
  if (!server) throw new Error('it lists nobody');
  return server;
}
