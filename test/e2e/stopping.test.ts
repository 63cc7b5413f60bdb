import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connect } from '../../src/client/index.js';
import { type Channel, openChannel } from '../../src/wire/channels.js';
import {
  HealthService as health,
  HealthCheckResponse_ServingStatus as Serving,
} from '../../src/wire/gen/grpc/health/v1/health.js';
import { CommunityServiceService as service } from '../../src/wire/gen/moot/v1/community.js';
import { halfSent } from '../support/half-sent.js';
import { Processes } from '../support/processes.js';
import { lostFrom, Publishing } from '../support/publishing.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close();
});

function opened<Part extends { close(): unknown }>(part: Part): Part {
  open.push(part);
  return part;
}

const describePath = '/moot.v1.CommunityService/Describe';
const channelTo = (address: string): Channel => opened(openChannel(address, { purpose: 'client' }));

describe('a server that is asked to stop', () => {
  it('S4.3 finishes what it has taken, ends with status 0 within 10 s, and has all that it acknowledged', async () => {
    const network = opened(new Processes());
    const publishing = new Publishing();
    opened({ close: () => publishing.end() });
    const server = await network.startServer('Graceful');
    for (const name of ['ada', 'bob']) publishing.start(server.address, name);
    await publishing.noted(500);
    const since = performance.now();
    expect(await server.end('SIGTERM')).toBe(0);
    expect(performance.now() - since).toBeLessThan(10_000);
    await publishing.end();
    expect(lostFrom(join(network.folder, 'Graceful', 'moot.db'), publishing)).toEqual([]);
  });

  it('S4.3 leaves the list, then says NOT_SERVING, then ends the streams, then finishes the calls, then ends', async () => {
    const network = opened(new Processes());
    const registry = await network.startRegistry();
    const server = await network.startServer('Ordered');
    const moot = opened(await connect({ registry: registry.address }));
    const { token } = await channelTo(server.address).unary(service.join, { name: 'ada', invite: undefined });
    const happened: string[] = [];
    const note = (what: string): void => {
      if (!happened.includes(what)) happened.push(what);
    };

    const call = opened(await halfSent(server.address, describePath));
    const channel = channelTo(server.address);
    const stream = channel.bidi(service.publishStream, { token });
    const streaming = expect(
      (async () => {
        for await (const _ of stream) note('a result');
      })().finally(() => note('stream ended')),
    ).rejects.toMatchObject({ code: 'unavailable', message: 'the server is stopping' });
    const draft = {
      topic: 'a',
      author: '',
      title: '',
      body: 'b',
      replyTo: '',
      mediaType: '',
      publishedAtMs: undefined,
    };
    await stream.send({ items: [{ key: 'k', draft }] });

    const ended = once(server.child, 'exit').finally(() => note('process ended'));
    for await (const { status } of channel.serverStream(health.watch, { service: '' })) {
      if (status === Serving.SERVING) {
        expect((await moot.servers()).map(({ name }) => name)).toEqual(['Ordered']);
        while (!happened.includes('a result')) await new Promise((resolve) => setImmediate(resolve));
        server.child.kill('SIGTERM');
        continue;
      }
      note('not serving');
      expect(await moot.servers()).toEqual([]);
      break;
    }
    await streaming;
    expect(await call.finish()).toBe('0');
    note('call finished');
    expect(await ended).toEqual([0, null]);
    expect(happened).toEqual(['a result', 'not serving', 'stream ended', 'call finished', 'process ended']);
  });

  it('tells a thousand open streams, and ends within 10 s though one call never finishes', async () => {
    const network = opened(new Processes());
    const server = await network.startServer('Many');
    opened(await halfSent(server.address, describePath));
    const channels = Array.from({ length: 10 }, () => channelTo(server.address));
    let serving = 0;
    const endings = Array.from({ length: 1000 }, async (_, at) => {
      const heard: number[] = [];
      const stream = channels[at % channels.length]?.serverStream(health.watch, { service: '' });
      try {
        for await (const { status } of stream ?? []) {
          heard.push(status);
          if (status === Serving.SERVING) serving += 1;
        }
      } catch (error) {
        return [...heard, (error as Error).message];
      }
      return heard;
    });
    while (serving < 1000) await new Promise((resolve) => setImmediate(resolve));
    const since = performance.now();
    expect(await server.end('SIGTERM')).toBe(0);
    expect(performance.now() - since).toBeLessThan(10_000);
    const told = new Set((await Promise.all(endings)).map((ending) => ending.join(' ')));
    expect([...told]).toEqual([`${Serving.SERVING} ${Serving.NOT_SERVING} the server is stopping`]);
  });

  it('ends at once at the second signal, whatever is in flight', async () => {
    const network = opened(new Processes());
    const server = await network.startServer('Impatient');
    opened(await halfSent(server.address, describePath));
    if (!server.child.stderr) throw new Error('it has no output');
    const stopping = once(server.child.stderr, 'data') as Promise<[Buffer]>;
    server.child.kill('SIGTERM');
    expect(String((await stopping)[0])).toBe('stopping; again to stop at once\n');
    const since = performance.now();
    expect(await server.end('SIGTERM')).toBe(130);
    expect(performance.now() - since).toBeLessThan(1000);
  });
});

describe('a second server on one data folder', () => {
  it('refuses to start and names the process of the first, which notices nothing', async () => {
    const network = opened(new Processes());
    const first = await network.startServer('First');
    await network.ok('join', first.address, '--as', 'ada');
    const args = ['server', '0', '--name', 'Second', '--data', join(network.folder, 'First')];
    const second = await network.run(args);
    expect(second.status).toBe(1);
    const { error } = JSON.parse(second.stderr) as { error: object };
    const message = `cannot run Second: data folder ${network.folder}/First is in use by process ${first.child.pid}`;
    expect(error).toMatchObject({
      code: 'already_exists',
      field: 'data',
      message,
      try: expect.stringContaining('end that'),
    });
    await network.ok('publish', first.address, '--topic', 'a', '--body', 'b');
    await first.end('SIGKILL');
    const third = await network.start(...args);
    expect(third.ready.id).toBe(first.ready.id);
  });
});
