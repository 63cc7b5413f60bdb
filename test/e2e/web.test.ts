import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Gateway, Network, Page } from '../../src/web/api.js';
import { Processes } from '../support/processes.js';

const network = new Processes();
let registry = '';
let address = '';

beforeAll(async () => {
  registry = (await network.startRegistry()).address;
  const daemon = await network.start('web', '--port', '0');
  address = daemon.address;
}, 60_000);
afterAll(() => network.close());

async function get<T>(path: string, at = address): Promise<T> {
  const response = await fetch(`${at}${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Until the map shows what `holds` says. @returns ms that it took. */
async function seen(holds: (now: Network) => boolean): Promise<number> {
  const begin = performance.now();
  const { body } = await fetch(`${address}/api/network/live`);
  let rest = '';
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const events = (rest + text).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const [, data] = /^data: (.*)$/m.exec(event) ?? [];
      if (data !== undefined && holds(JSON.parse(data) as Network)) return performance.now() - begin;
    }
  }
  throw new Error('the stream has ended');
}

describe('N11 moot web', () => {
  it('shows a server as soon as it is listed, and its death long before its lease ends', async () => {
    const server = await network.startServer('Mortal', '--readable', 'public');
    const stateOf = ({ servers }: Network): string | undefined => servers.find(({ name }) => name === 'Mortal')?.state;
    await seen((now) => stateOf(now) === 'up');
    await server.end('SIGKILL');
    // 5 s where the machine has nothing else to do; a lease says so 15 s later.
    expect(await seen((now) => stateOf(now) === 'down')).toBeLessThan(10_000);
  }, 60_000);

  it('is part of a server that is told to, which is all that it shows', async () => {
    const { ready } = await network.startServer('Shown', '--readable', 'public', '--web', '0');
    await network.startServer('Other', '--readable', 'public');
    const at = String(ready.web);
    expect(await get<Gateway>('/api/gateway', at)).toMatchObject({ community: ready.id });
    expect((await get<Page>('/api/communities/any/articles', at)).report.servers).toMatchObject([{ name: 'Shown' }]);
    await expect(get('/api/communities/Other', at)).rejects.toThrow('404');
  }, 60_000);

  it('is part of the demo, on a free port where that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const folder = join(network.folder, 'demo');
    const demo = await network.start('demo', '--port', '0', '--web-port', String(port), '--data', folder);
    expect(String(demo.ready.web)).not.toBe(`http://localhost:${port}`);
    const { articles, report } = await get<Page>('/api/communities/any/articles?limit=5', String(demo.ready.web));
    expect([articles.length, report.complete, report.servers.length]).toEqual([5, true, 3]);
    taken.close();
    expect(await demo.end('SIGINT')).toBe(0);
  }, 60_000);

  it('says what is wrong with its port and its origin', async () => {
    const port = address.split(':').at(-1) ?? '';
    const used = await network.run(['web', '--port', port]);
    expect([used.status, used.stderr]).toEqual([1, expect.stringContaining(`port ${port} of 127.0.0.1 is in use`)]);
    const wrong = await network.run(['web', '--origin', 'moot.example']);
    expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('https://moot.example')]);
    const open = await network.run(['web', '--host', '0.0.0.0']);
    expect([open.status, open.stderr]).toEqual([1, expect.stringContaining('plaintext')]);
  }, 60_000);

  it('stops when it is told to, whatever is open', async () => {
    const other = await network.start('web', '--port', '0', '--registry', registry);
    const live = await fetch(`${other.address}/api/network/live`);
    expect(live.status).toBe(200);
    expect(await other.end('SIGINT')).toBe(0);
    await live.body?.cancel().catch(() => undefined);
  }, 60_000);
});
