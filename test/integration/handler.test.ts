import { once } from 'node:events';
import { connect } from 'node:http2';
import { createConnection } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { codeOf, MootError } from '../../src/core/errors.js';
import { tokenHash } from '../../src/identity/tokens.js';
import { Guard } from '../../src/rpc/guard.js';
import type { Handlers } from '../../src/rpc/handler.js';
import type { CallContext } from '../../src/rpc/open-call.js';
import { type Service, service } from '../../src/rpc/requests.js';
import { startGrpcServer } from '../../src/rpc/server.js';
import {
  type CommunityServiceServer,
  CommunityServiceService,
  type QueryResponse,
} from '../../src/wire/gen/moot/v1/community.js';
import { callAny, countingServices, emptyMessage, serve, type TestServer } from '../support/rpc-server.js';

const { describe: describeMethod, publish, publishStream, query } = CommunityServiceService;
const question = query.requestDeserialize(Buffer.alloc(0));
const frame: QueryResponse = { frame: undefined };
let test: TestServer | undefined;

afterEach(() => test?.stop());

const tokens = new Map([[tokenHash('t').toString('hex'), { memberId: 'm', memberName: 'M' }]]);

async function start(handlers: (on: Handlers) => Partial<CommunityServiceServer>): Promise<TestServer> {
  const services = (on: Handlers): readonly Service[] => [
    service(CommunityServiceService, handlers(on) as CommunityServiceServer),
  ];
  test = await serve({ member: (hash) => tokens.get(Buffer.from(hash).toString('hex')) }, services);
  return test;
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

const big = 'x'.repeat(16 * 1024);
const bigFrame: QueryResponse = {
  frame: {
    $case: 'report',
    value: { complete: true, nextPageToken: big, rounds: 0, calls: 0, coverageChanged: false },
  },
};

describe('a handler', () => {
  it('turns refusals into their status, and a bug into INTERNAL with its text in the log alone', async () => {
    const bug = new TypeError('the secret of the house');
    const { bugs, channel } = await start((on) => ({
      publish: on.unary(async () => {
        throw new MootError('invalid', 'topic “ß” is none', { field: 'topic', hint: 'try: größer' });
      }),
      query: on.serverStream(async function* () {
        yield frame;
        throw bug;
      }),
    }));
    expect(await callAny(channel(), publish as never, 't')).toMatchObject({
      code: 'invalid',
      message: 'topic “ß” is none',
      field: 'topic',
      hint: 'try: größer',
    });
    expect(bugs).toEqual([]);
    const error = await callAny(channel(), query as never, 't');
    expect([codeOf(error), String(error)]).toEqual(['internal', 'MootError: internal error']);
    expect(bugs).toEqual([bug]);
  });

  it('does not run ahead of a client that reads slowly', async () => {
    let made = 0;
    let over = false;
    const { channel } = await start((on) => ({
      query: on.serverStream(async function* (_, { signal }) {
        signal.addEventListener('abort', () => {
          over = true;
        });
        for (; made < 5000; made += 1) yield bigFrame;
      }),
    }));
    const frames = channel().serverStream(query, question, { token: 't' });
    await frames.next();
    let before = -1;
    await until(() => {
      const still = before === made;
      before = made;
      return still && made > 16;
    });
    expect(made).toBeLessThan(200);
    await frames.return();
    await until(() => over);
  });

  it('learns that its caller has gone, and stops', async () => {
    const ended: string[] = [];
    const { channel, guard } = await start((on) => ({
      query: on.serverStream(async function* (_, { signal }) {
        try {
          for (;;) {
            yield frame;
            await new Promise((resolve) => setImmediate(resolve));
            if (signal.aborted) ended.push(codeOf(signal.reason));
          }
        } finally {
          ended.push('finally');
        }
      }),
    }));
    for await (const _ of channel().serverStream(query, question, { token: 't' })) break;
    await until(() => ended.includes('finally'));
    expect(ended[0]).toBe('cancelled');
    await until(() => guard.admissions.size === 0);
  });

  it('is bounded in time by the server, and by the caller’s deadline', async () => {
    const contexts: CallContext[] = [];
    const wait = async (context: CallContext): Promise<never> => {
      contexts.push(context);
      await once(context.signal, 'abort');
      throw context.signal.reason;
    };
    const { channel } = await start((on) => ({
      publish: on.unary(async (_, context) => wait(context), { mostMs: 30 }),
      leave: on.unary(async (_, context) => wait(context), { mostMs: 60_000 }),
    }));
    expect(await callAny(channel(), publish as never, 't')).toMatchObject({
      code: 'timed_out',
      message: 'the call took longer than this server allows',
    });
    const { leave } = CommunityServiceService;
    const error = await channel()
      .unary(leave, {}, { token: 't', deadlineMs: 1500 })
      .catch((caught: unknown) => caught);
    expect(codeOf(error)).toBe('timed_out');
    expect(contexts.map(({ deadlineMs }) => deadlineMs <= 1500)).toEqual([true, true]);
  });

  it('gives what came before an error, then the error', async () => {
    const { channel } = await start((on) => ({
      query: on.serverStream(async function* () {
        for (let count = 0; count < 40; count += 1) yield frame;
        throw new MootError('unavailable', 'not complete');
      }),
    }));
    let count = 0;
    const reading = async (): Promise<void> => {
      for await (const _ of channel().serverStream(query, question, { token: 't' })) count += 1;
    };
    await expect(reading()).rejects.toMatchObject({ code: 'unavailable', message: 'not complete' });
    expect(count).toBe(40);
  });

  it('talks both ways, each at the other’s pace', async () => {
    const { channel } = await start((on) => ({
      publishStream: on.bidi(async function* (requests) {
        for await (const request of requests) yield { results: request.items.map(() => ({ result: undefined })) };
      }),
    }));
    const call = channel().bidi(publishStream, { token: 't' });
    const item = publish.requestDeserialize(Buffer.alloc(0));
    const sending = (async () => {
      for (let size = 0; size < 300; size += 1)
        await call.send({ items: Array.from({ length: size % 7 }, () => item) });
      call.finish();
    })();
    const sizes: number[] = [];
    for await (const { results } of call) sizes.push(results.length);
    await sending;
    expect(sizes).toEqual(Array.from({ length: 300 }, (_, size) => size % 7));
  });

  it('refuses a request that is no message, in any kind of call, and lives on', async () => {
    const seen = { decoded: 0, calls: [] as CallContext[] };
    const server = await serve({ member: () => ({ memberId: 'm', memberName: 'M' }) }, (on) =>
      countingServices(on, seen),
    );
    test = server;
    for (const method of [describeMethod, publish, query, publishStream]) {
      const broken = { ...method, requestSerialize: () => Buffer.from([0x0a, 0xff, 0xff, 0x03, 0x41]) };
      expect(await callAny(server.channel(), broken as never, 't')).toMatchObject({
        code: 'invalid',
        field: 'request',
      });
    }
    expect(server.bugs).toEqual([]);
    expect(await callAny(server.channel(), describeMethod as never)).toBeUndefined();
  });
});

describe('leaving and stopping', () => {
  it('S0.6 ends the open streams of a member who leaves, and nobody else’s', async () => {
    tokens.set(tokenHash('u').toString('hex'), { memberId: 'other', memberName: 'O' });
    const { channel, guard } = await start((on) => ({
      query: on.serverStream(async function* (_, { signal }) {
        yield frame;
        await once(signal, 'abort');
      }),
    }));
    const [leaver, other] = ['t', 'u'].map((token) => channel().serverStream(query, question, { token }));
    await leaver?.next();
    await other?.next();
    guard.admissions.endCallsOf('m', 'the membership has ended');
    await expect(leaver?.next()).rejects.toMatchObject({
      code: 'unauthenticated',
      message: 'the membership has ended',
    });
    expect(guard.admissions.size).toBe(1);
    await other?.return();
  });

  it('S0.6 ends a call whose request had not come when its member left', async () => {
    let ran = false;
    const { address, guard } = await start((on) => ({
      query: on.serverStream(async function* () {
        ran = true;
        yield frame;
      }),
    }));
    const session = connect(`http://${address}`);
    const stream = session.request({
      ':method': 'POST',
      ':path': query.path,
      'content-type': 'application/grpc',
      authorization: 'Bearer t',
    });
    await until(() => guard.admissions.size === 1);
    guard.admissions.endCallsOf('m', 'the membership has ended');
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    stream.end(Buffer.from([0, 0, 0, 0, 0]));
    expect([headers['grpc-status'], headers['moot-code']]).toEqual(['16', 'unauthenticated']);
    await once(stream.resume(), 'close');
    session.close();
    expect(ran).toBe(false);
  });

  it('stops in bounded time: streams are told, calls finish, whoever does not read is cut off', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { channel, address, server } = await start((on) => ({
      query: on.serverStream(async function* (_, { signal }) {
        while (!signal.aborted) yield bigFrame;
      }),
      publish: on.unary(async () => {
        await released;
        return publish.responseDeserialize(Buffer.alloc(0));
      }),
    }));
    const reader = channel().serverStream(query, question, { token: 't' });
    const stuck = channel().serverStream(query, question, { token: 't' });
    await reader.next();
    await stuck.next();
    const silent = createConnection(server.port, '127.0.0.1');
    await once(silent, 'connect');
    const publishing = callAny(channel(), publish as never, 't');
    await until(() => (test?.guard.admissions.size ?? 0) === 3);
    const begun = performance.now();
    const stopped = server.stop(400);
    const reading = (async () => {
      for await (const _ of reader);
    })();
    release();
    await expect(reading).rejects.toMatchObject({ code: 'unavailable', message: 'the server is stopping' });
    expect(await publishing).toBeUndefined();
    await stopped;
    expect(performance.now() - begun).toBeLessThan(1500);
    await expect(callAny(channel(), publish as never, 't')).resolves.toMatchObject({ code: 'unavailable' });
    expect(address).toContain(String(server.port));
  });

  it('names the port that is in use, and one that is none', async () => {
    const { server } = await start(() => ({}));
    const begin = (port: number, host = '127.0.0.1') =>
      startGrpcServer({ host, port, guard: new Guard(new Map(), {}), services: [] });
    await expect(begin(server.port)).rejects.toMatchObject({
      code: 'already_exists',
      field: 'port',
      message: `port ${server.port} of 127.0.0.1 is in use`,
    });
    await expect(begin(70_000)).rejects.toMatchObject({ code: 'invalid', field: 'port' });
    await expect(begin(0, '203.0.113.7')).rejects.toMatchObject({ code: 'invalid', field: 'host' });
    expect(emptyMessage(describeMethod as never)).toEqual({});
  });
});
