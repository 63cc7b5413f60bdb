import { once } from 'node:events';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { withRetries } from '../../src/client/retry.js';
import { systemClock } from '../../src/core/clock.js';
import { isMootError, type MootError } from '../../src/core/errors.js';
import type { ServerLimits } from '../../src/core/server-limits.js';
import { createToken, isSameHash, tokenHash } from '../../src/identity/tokens.js';
import { HealthService } from '../../src/wire/gen/grpc/health/v1/health.js';
import { CommunityServiceService } from '../../src/wire/gen/moot/v1/community.js';
import { FederationServiceService } from '../../src/wire/gen/moot/v1/federation.js';
import { PeerServiceService } from '../../src/wire/gen/moot/v1/peer.js';
import { type AnyMethod, callAny, countingServices, everyRule, serve, type TestServer } from '../support/rpc-server.js';

const tokens = { ada: createToken(), grace: createToken() };
const operatorToken = createToken();
const seen = { decoded: 0, calls: [] };
const describeCall = CommunityServiceService.describe as AnyMethod;
const publish = CommunityServiceService.publish as AnyMethod;
const ask = FederationServiceService.ask as AnyMethod;
const listPeers = PeerServiceService.listPeers as AnyMethod;

let test: TestServer | undefined;
afterEach(async () => {
  await test?.stop();
  test = undefined;
});

async function start(limits: Partial<ServerLimits>, isPublic = false): Promise<TestServer> {
  const members = new Map(Object.entries(tokens).map(([name, token]) => [tokenHash(token).toString('hex'), name]));
  test = await serve(
    {
      member: (hash) => {
        const name = members.get(Buffer.from(hash).toString('hex'));
        return name === undefined ? undefined : { memberId: name, memberName: name, role: 'member' };
      },
      isPublic,
      isOperator: (hash) => isSameHash(hash, tokenHash(operatorToken)),
      server: async (token) => token as never,
    },
    (on) => countingServices(on, seen),
    everyRule,
    systemClock,
    limits,
  );
  return test;
}

/** The error of the first of `count` calls at once that is refused for its number. */
async function firstFull(count: number, method: AnyMethod, token?: string): Promise<MootError | undefined> {
  const channel = (test as TestServer).channel();
  const answers = await Promise.all(Array.from({ length: count }, () => callAny(channel, method, token)));
  return answers.filter(isMootError).find(({ code }) => code === 'full');
}

describe('limits of a server', () => {
  it('takes so many calls a second of one member, and tells the next when to come again', async () => {
    await start({ memberRate: 5 });
    expect(await firstFull(5, publish, tokens.ada)).toBeUndefined();
    seen.decoded = 0;
    const error = await firstFull(1, publish, tokens.ada);
    expect(error).toMatchObject({
      message: 'no more than 5 calls a second are taken from one member',
      hint: 'again in 1 s',
    });
    expect(error?.retryAfterMs).toBeGreaterThan(0);
    expect(error?.retryAfterMs).toBeLessThanOrEqual(1000);
    // Refused before the body was read, and no other member pays for it.
    expect(seen.decoded).toBe(0);
    expect(await firstFull(5, publish, tokens.grace)).toBeUndefined();
  });

  it('takes so many calls a second of one linked server', async () => {
    await start({ peerRate: 3 });
    expect(await firstFull(3, ask, 'one')).toBeUndefined();
    expect(await firstFull(1, ask, 'one')).toMatchObject({ message: expect.stringContaining('from one server') });
    expect(await firstFull(3, ask, 'other')).toBeUndefined();
  });

  it('takes so many calls a second from one address; a token that is no good counts there, a member’s does not', async () => {
    await start({ addressRate: 4 });
    expect(await firstFull(2, describeCall)).toBeUndefined();
    expect(await firstFull(2, publish, 'nobody')).toBeUndefined();
    expect(await firstFull(1, publish, 'guess')).toMatchObject({
      message: expect.stringContaining('from one address'),
    });
    expect(await firstFull(1, describeCall)).toMatchObject({ message: expect.stringContaining('from one address') });
    expect(await firstFull(4, publish, tokens.ada)).toBeUndefined();
  });

  it('counts who reads without being a member by their address', async () => {
    await start({ addressRate: 4, callerStreams: 2 }, true);
    const query = CommunityServiceService.query as AnyMethod;
    expect(await firstFull(2, query)).toBeUndefined();
    expect(await firstFull(2, describeCall)).toBeUndefined();
    expect(await firstFull(1, query)).toMatchObject({ message: expect.stringContaining('from one address') });
    expect(await firstFull(2, query, tokens.ada)).toBeUndefined();
  });

  it('lets two hundred calls a second introduce somebody from one address, which costs others of that address nothing', async () => {
    await start({});
    const introduce = FederationServiceService.introduce as AnyMethod;
    // However slow the machine is, so many more are not taken in less than two seconds.
    const began = performance.now();
    const error = await firstFull(600, introduce);
    if (performance.now() - began > 2000 && error === undefined) return;
    expect(error).toMatchObject({ message: expect.stringContaining('no more than 200 calls a second') });
    expect(await firstFull(1, describeCall)).toBeUndefined();
  });

  it('is waited for: a client that may do it twice comes again when it was told to', async () => {
    await start({ addressRate: 1 });
    const channel = (test as TestServer).channel();
    const answer = async (): Promise<unknown> => {
      const said = await callAny(channel, describeCall);
      if (isMootError(said)) throw said;
      return said;
    };
    await answer();
    await withRetries(answer, AbortSignal.timeout(20_000));
  });

  it('lets one caller have so many streams at once, and gives back what has ended', async () => {
    const { address } = await start({ callerStreams: 2, addressRate: Number.POSITIVE_INFINITY });
    const session = connectHttp2(`http://${address}`);
    const watch = () => {
      const stream = session.request({
        ':method': 'POST',
        ':path': HealthService.watch.path,
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      const status = new Promise<string>((resolve) => {
        stream.on(
          'response',
          (headers) => headers['grpc-status'] !== undefined && resolve(String(headers['grpc-status'])),
        );
        stream.on('trailers', (headers) => resolve(String(headers['grpc-status'])));
      });
      stream.on('error', () => undefined).resume();
      return { stream, status };
    };
    try {
      const open = [watch(), watch()];
      expect(await watch().status).toBe('8');
      open[0]?.stream.close(constants.NGHTTP2_CANCEL);
      await once(open[0]?.stream as NonNullable<(typeof open)[0]['stream']>, 'close');
      const next = watch();
      next.stream.end(Buffer.alloc(5));
      // Let in: its handler answers it, and it is not refused for its number.
      expect(await next.status).not.toBe('8');
    } finally {
      session.destroy();
    }
  });

  it('cuts connections over the number of one address, and takes new ones when others have gone', async () => {
    const { server } = await start({ addressConnections: 2 });
    const dial = (): Socket => connectTcp(server.port, '127.0.0.1').on('error', () => undefined);
    const [first, second] = [dial(), dial()];
    await Promise.all([once(first, 'connect'), once(second, 'connect')]);
    // The server speaks first on a connection that it keeps.
    await Promise.all([once(first, 'data'), once(second, 'data')]);
    const third = dial();
    third.resume();
    await once(third, 'close');
    first.destroy();
    for (;;) {
      const next = dial();
      const spoke = await Promise.race([once(next, 'data').then(() => true), once(next, 'close').then(() => false)]);
      next.destroy();
      if (spoke) break;
    }
    second.destroy();
  });

  it('asks nothing of the operator', async () => {
    await start({ memberRate: 1, peerRate: 1, addressRate: 1 });
    expect(await firstFull(20, listPeers, operatorToken)).toBeUndefined();
  });
});
