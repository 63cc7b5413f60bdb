import { afterEach, describe, expect, it } from '@jest/globals';
import { startRegistry } from '../../src/app/start-registry.js';
import { connect, type Moot, type ServerEvent } from '../../src/client/index.js';
import { systemClock } from '../../src/core/clock.js';
import { Registry } from '../../src/registry/registry.js';
import { registryService } from '../../src/rpc/registry-service.js';
import { registryRules } from '../../src/rpc/rules.js';
import { RegistryServiceService } from '../../src/wire/gen/moot/v1/registry.js';
import { settledHeap } from '../support/memory.js';
import { TestNetwork } from '../support/network.js';
import { serve } from '../support/rpc-server.js';
import { idOf, serverEntry, unsigned } from '../support/server-entries.js';

const open: { stop?(): Promise<void>; close?(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await (each.stop?.() ?? each.close?.());
});

/** Reads events until one is as it should be. */
function reader(moot: Moot) {
  const events = moot.watchServers()[Symbol.asyncIterator]();
  return async (holds: (event: ServerEvent) => boolean): Promise<ServerEvent> => {
    for (;;) {
      const { value } = await events.next();
      if (!value) throw new Error('it ended');
      if (holds(value)) return value;
    }
  };
}

const is = (type: ServerEvent['type'], name: string) => (event: ServerEvent) =>
  event.type === type && 'server' in event && event.server.name === name;

describe('WatchServers', () => {
  it('N9 tells who is there, who comes, what links are made, and who leaves, as it happens', async () => {
    const network = new TestNetwork();
    open.push(network);
    await network.start(['Hamlet']);
    const moot = await connect({ registry: network.registry, home: network.home });
    open.push(moot);
    const until = reader(moot);
    await until(is('listed', 'Hamlet'));
    await until(({ type }) => type === 'listedAll');
    const othello = await network.startServer('Othello');
    await until(is('listed', 'Othello'));
    await (await moot.operator('Hamlet')).connect('Othello');
    await until((event) => is('changed', 'Hamlet')(event) && 'server' in event && event.server.peers[0] === othello.id);
    await othello.stop();
    await until(is('gone', 'Othello'));
  });

  it('N9 comes back when the registry does, and then tells only what has become different', async () => {
    const network = new TestNetwork();
    open.push(network);
    const first = await startRegistry({ host: '127.0.0.1', port: 0 });
    const port = Number(first.address.split(':')[1]);
    await network.startServer('Hamlet', { registries: [first.address] });
    const moot = await connect({ registry: first.address });
    open.push(moot);
    const until = reader(moot);
    await until(is('listed', 'Hamlet'));
    await first.stop();
    expect(await until(({ type }) => type === 'away')).toMatchObject({ registry: first.address });
    open.push(await startRegistry({ host: '127.0.0.1', port }));
    const heard = await until((event) => event.type === 'listedAll' || is('gone', 'Hamlet')(event));
    // Before Hamlet has renewed, the new registry does not know it.
    if (heard.type === 'listedAll') return;
    await until(is('listed', 'Hamlet'));
  });

  it('N9 1,000 servers that change while a reader sleeps cost a list, not a queue', async () => {
    const registry = new Registry(systemClock, { leaseMs: 600_000 });
    const server = await serve({}, (on) => [registryService(registry, on)], registryRules);
    open.push(server);
    const links = Array.from({ length: 60 }, (_, at) => idOf(at));
    let round = 0;
    const change = async (): Promise<void> => {
      round += 1;
      for (let at = 0; at < 1000; at += 1) {
        const entry = serverEntry({ id: idOf(`s${at}`), name: `Server${at}`, counter: round, articles: round, links });
        registry.register(entry, unsigned(entry));
        if (at % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await change();
    const request = { name: '', idPrefix: '', topic: '' };
    const frames = server.channel().serverStream(RegistryServiceService.watchServers, request);
    const first = await frames.next();
    expect(first.done).toBe(false);
    await change();
    const before = settledHeap();
    for (let times = 0; times < 12; times += 1) await change();
    // 12,000 changes of some 4 KiB each: 48 MB, if each were kept.
    expect(settledHeap() - before).toBeLessThan(16 * 1024 * 1024);
    const newest = new Map<string, number>();
    let read = 0;
    while ([...newest.values()].filter((articles) => articles === round).length < 1000) {
      const { value } = await frames.next();
      if (value?.frame?.$case !== 'changes') continue;
      for (const { change: told } of value.frame.value.changes) {
        if (told?.$case !== 'listed' && told?.$case !== 'changed') continue;
        const said = JSON.parse(told.value.server?.entry.toString() ?? '{}') as { id: string; articles: number };
        newest.set(said.id, said.articles);
        read += 1;
      }
    }
    // What was on its way when the reader fell asleep, and what holds now.
    expect(read).toBeLessThan(3000);
    expect(server.bugs).toEqual([]);
  });

  it('N9 has a place for so many, and frees it when one goes', async () => {
    const registry = new Registry(systemClock, { maxWatchers: 1 });
    const server = await serve({}, (on) => [registryService(registry, on)], registryRules);
    open.push(server);
    const request = { name: '', idPrefix: '', topic: '' };
    const watch = () => server.channel().serverStream(RegistryServiceService.watchServers, request);
    const one = watch();
    await one.next();
    await expect(watch().next()).rejects.toMatchObject({ code: 'full' });
    await one.return();
    const freed = async (): Promise<unknown> => {
      for (;;) {
        try {
          return await watch().next();
        } catch {
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    };
    expect(await freed()).toMatchObject({ done: false });
  });
});
