import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { codeOf, MootError } from '../../src/core/errors.js';
import { service } from '../../src/rpc/requests.js';
import { CancelBudget } from '../../src/wire/cancel-budget.js';
import { openChannel } from '../../src/wire/channels.js';
import { type CommunityServiceServer, CommunityServiceService } from '../../src/wire/gen/moot/v1/community.js';
import { serve, type TestServer } from '../support/rpc-server.js';
import { StepClock } from '../support/step-clock.js';

const { describe: describeMethod, leave, query } = CommunityServiceService;
const question = query.requestDeserialize(Buffer.alloc(0));
let test: TestServer | undefined;
let silent: Server | undefined;
// A client gives a connection up that nobody answers on, but leaves its socket to the other end.
const held = new Set<Socket>();

afterEach(async () => {
  await test?.stop();
  test = undefined;
  for (const socket of held) socket.destroy();
  await new Promise<void>((resolve) => (silent ? silent.close(() => resolve()) : resolve()));
  silent = undefined;
});

const caught = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

describe('a channel', () => {
  it('dials HOST:PORT and nothing else', () => {
    for (const address of ['unix:/tmp/x', 'unix:///tmp/x:1', 'dns:///a:1', 'http://a:1', 'a', 'ipv4:1.2.3.4:5', '/x:1'])
      expect([address, codeOf(thrown(() => openChannel(address, { purpose: 'peer' })))]).toEqual([address, 'invalid']);
  });

  it('sends no token over plaintext to another machine, unless it is told that it may', async () => {
    for (const address of ['203.0.113.7:50052', 'example.org:50052', '[2001:db8::1]:50052']) {
      const careful = openChannel(address, { purpose: 'client' });
      expect(await caught(careful.unary(leave, {}, { token: 't' }))).toMatchObject({
        code: 'denied',
        hint: expect.stringContaining('--insecure'),
      });
      expect(thrown(() => careful.serverStream(query, question, { token: 't' }))).toMatchObject({ code: 'denied' });
      careful.close();
      const told = openChannel(address, { purpose: 'client', insecure: true });
      const error = await caught(told.unary(leave, {}, { token: 't', deadlineMs: 50 }));
      expect(['timed_out', 'unavailable']).toContain(codeOf(error));
      told.close();
    }
  });

  it('says so when nobody is there, when nobody answers, and when nobody wants to know', async () => {
    const nobody = openChannel('127.0.0.1:1', { purpose: 'client' });
    expect(await caught(nobody.unary(describeMethod, {}))).toMatchObject({ code: 'unavailable' });
    nobody.close();
    silent = createServer((socket) => held.add(socket.on('error', () => undefined).resume()));
    const port = await new Promise<number>((resolve) =>
      silent?.listen(0, '127.0.0.1', () => {
        const address = silent?.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      }),
    );
    const channel = openChannel(`127.0.0.1:${port}`, { purpose: 'client' });
    expect(await caught(channel.unary(describeMethod, {}, { deadlineMs: 50 }))).toMatchObject({ code: 'timed_out' });
    const why = new MootError('full', 'enough');
    for (const [reason, code] of [
      [undefined, 'cancelled'],
      [why, 'full'],
    ] as const) {
      const controller = new AbortController();
      const call = caught(channel.unary(describeMethod, {}, { signal: controller.signal }));
      const stream = channel.serverStream(query, question, { signal: controller.signal });
      controller.abort(reason);
      expect([codeOf(await call), codeOf(await caught(stream.next()))]).toEqual([code, code]);
      expect(codeOf(await caught(channel.unary(describeMethod, {}, { signal: controller.signal })))).toBe(code);
    }
    const pending = caught(channel.unary(describeMethod, {}));
    channel.close();
    expect(await pending).toMatchObject({ code: 'cancelled' });
  });

  it('lives through 500 calls that were cancelled at once: the server hears of few, and a live stream goes on', async () => {
    test = await serve({ member: () => ({ memberId: 'm', memberName: 'M' }) }, (on) => [
      service(CommunityServiceService, {
        query: on.serverStream(async function* (_, { signal }) {
          for (;;) {
            yield { frame: undefined };
            await new Promise((resolve) => setImmediate(resolve));
            if (signal.aborted) return;
          }
        }),
      } as Partial<CommunityServiceServer> as CommunityServiceServer),
    ]);
    const channel = openChannel(test.address, { purpose: 'client' });
    const live = channel.serverStream(query, question, { token: 't' });
    await live.next();
    for (let batch = 0; batch < 5; batch += 1) {
      const streams = Array.from({ length: 100 }, () =>
        channel.serverStream(query, question, { token: 't', deadlineMs: 300 }),
      );
      await Promise.all(streams.map((stream) => caught(stream.next()).then(() => stream.return())));
    }
    expect(await live.next()).toMatchObject({ done: false });
    channel.close();
  });
});

describe('cancels', () => {
  it('are passed on at 20 a second, each in its turn, but for calls that have ended', async () => {
    const clock = new StepClock();
    const budget = new CancelBudget(clock);
    const sent: number[] = [];
    const takeBack = Array.from({ length: 70 }, (_, at) => budget.request(() => sent.push(at)));
    expect(sent).toHaveLength(20);
    takeBack[20]?.();
    await clock.advance(999);
    expect(sent).toHaveLength(20);
    await clock.advance(1);
    expect(sent).toHaveLength(40);
    expect(sent).not.toContain(20);
    await clock.advance(5000);
    expect(sent).toHaveLength(69);
  });
});

function thrown(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}
