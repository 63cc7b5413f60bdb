import { once } from 'node:events';
import { connect } from 'node:http2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/core/clock.js';
import { codeOf, MootError } from '../../src/core/errors.js';
import { createIdentity } from '../../src/identity/keys.js';
import { createToken, isSameHash, tokenHash } from '../../src/identity/tokens.js';
import type { Acquaintance } from '../../src/rpc/guard.js';
import type { CallContext } from '../../src/rpc/open-call.js';
import type { Rule } from '../../src/rpc/rules.js';
import { ServerTokenChecker, ServerTokens } from '../../src/rpc/server-token.js';
import { CommunityServiceService } from '../../src/wire/gen/moot/v1/community.js';
import { callAny, countingServices, everyMethod, everyRule, serve, type TestServer } from '../support/rpc-server.js';
import { StepClock, settle } from '../support/step-clock.js';

const self = createIdentity();
const peer = createIdentity();
const stranger = createIdentity();
const [memberToken, moderatorToken, operatorToken, leaverToken] = [
  createToken(),
  createToken(),
  createToken(),
  createToken(),
];
const members = new Map<string, Acquaintance>();
const keyOf = (token: string): string => tokenHash(token).toString('hex');
const seen: { decoded: number; calls: CallContext[] } = { decoded: 0, calls: [] };
const closed = everyMethod.filter(({ path }) => everyRule.get(path) !== 'anyone');
let test: TestServer;

beforeAll(async () => {
  members.set(keyOf(memberToken), { memberId: 'm1', memberName: 'Ada', role: 'member' });
  members.set(keyOf(moderatorToken), { memberId: 'm3', memberName: 'Mo', role: 'moderator' });
  const checker = new ServerTokenChecker(self.id, (id) => (id === peer.id ? peer.publicKey : undefined), systemClock);
  test = await serve(
    {
      member: (hash) => members.get(Buffer.from(hash).toString('hex')),
      isOperator: (hash) => isSameHash(hash, tokenHash(operatorToken)),
      server: (token, method) => checker.check(token, method),
    },
    (on) => countingServices(on, seen),
  );
});
afterAll(() => test.stop());
beforeEach(() => {
  seen.decoded = 0;
  seen.calls = [];
});

async function refused(token: (path: string) => string | undefined | Promise<string>): Promise<void> {
  const channel = test.channel();
  for (const method of closed) {
    const error = await callAny(channel, method, await token(method.path));
    expect([method.path, codeOf(error)]).toEqual([method.path, expect.stringMatching(/^(unauthenticated|denied)$/)]);
  }
  expect(seen).toEqual({ decoded: 0, calls: [] });
}

type Closed = Exclude<Rule, 'anyone'>;

/** Whose tokens let in, for each rule: a moderator is a member, and the operator is none. */
const mayCall: Readonly<Record<Closed, readonly string[]>> = {
  reader: ['member', 'moderator'],
  member: ['member', 'moderator'],
  moderator: ['moderator', 'operator'],
  operator: ['operator'],
  server: ['server'],
};
const matrix = `every method (${closed.length} of ${everyMethod.length} are closed)`;
const ruleOf = (path: string): Closed => everyRule.get(path) as Closed;

describe('the guard', () => {
  it('knows a rule for every method of every service', () => {
    expect(everyMethod.filter(({ path }) => !everyRule.has(path))).toEqual([]);
    expect(closed.length).toBeGreaterThanOrEqual(8);
  });

  it(`S0.6 ${matrix} × no token: refused, and the body is not read`, () => refused(() => undefined));

  it(`S0.6 ${matrix} × a wrong token: refused`, () => refused(() => 'no-such-token'));

  it(`S0.6 ${matrix} × an expired token: refused`, () =>
    refused((path) => new ServerTokens(peer).sign(self.id, path, Date.now() - 63_000)));

  it(`S0.6 ${matrix} × the token of another community’s member: refused`, () => refused(() => createToken()));

  it(`S0.6 ${matrix} × the token of a member who has left: refused`, async () => {
    members.set(keyOf(leaverToken), { memberId: 'm2', memberName: 'Bob' });
    const leave = CommunityServiceService.leave;
    expect(await callAny(test.channel(), leave as never, leaverToken)).toBeUndefined();
    members.delete(keyOf(leaverToken));
    seen.decoded = 0;
    seen.calls = [];
    await refused(() => leaverToken);
  });

  it(`S0.6 ${matrix} × the token of a server that has not introduced itself, is for another server, or pretends: refused`, async () => {
    const now = Date.now();
    await refused((path) => new ServerTokens(stranger).sign(self.id, path, now));
    await refused((path) => new ServerTokens(peer).sign(stranger.id, path, now));
    await refused((path) => new ServerTokens({ ...stranger, id: peer.id }).sign(self.id, path, now));
  });

  it('refuses a server token that is stale, for another call, or was used before', async () => {
    const tokens = new ServerTokens(peer);
    const ask = everyMethod.find(({ path }) => path.endsWith('/Ask'));
    if (!ask) throw new Error('no Ask');
    const channel = test.channel();
    const call = async (token: string) => codeOf(await callAny(channel, ask, token));
    expect(await call(await tokens.sign(self.id, ask.path, Date.now() - 63_000))).toBe('unauthenticated');
    expect(await call(await tokens.sign(self.id, ask.path, Date.now() + 63_000))).toBe('unauthenticated');
    expect(await call(await tokens.sign(self.id, '/moot.v1.FederationService/Other', Date.now()))).toBe(
      'unauthenticated',
    );
    expect(seen.decoded).toBe(0);
    const good = await tokens.sign(self.id, ask.path, Date.now());
    expect(await callAny(channel, ask, good)).toBeUndefined();
    expect(await call(good)).toBe('unauthenticated');
    expect(seen.decoded).toBe(1);
  });

  it('gives no right to one kind of caller that belongs to another', async () => {
    const channel = test.channel();
    const server = new ServerTokens(peer);
    for (const method of closed) {
      const rule = ruleOf(method.path);
      const tokens = {
        member: memberToken,
        moderator: moderatorToken,
        operator: operatorToken,
        server: await server.sign(self.id, method.path, Date.now()),
      };
      for (const [kind, token] of Object.entries(tokens)) {
        const error = await callAny(channel, method, token);
        expect([method.path, kind, error === undefined]).toEqual([method.path, kind, mayCall[rule].includes(kind)]);
      }
    }
    const letIn = closed.flatMap(({ path }) => mayCall[ruleOf(path)].map((kind) => [path, kind]));
    expect(seen.calls).toHaveLength(letIn.length);
    expect(new Set(seen.calls.map(({ caller }) => caller.kind))).toEqual(
      new Set(['member', 'moderator', 'operator', 'server']),
    );
  });

  it('N11 lets anyone read where the community is public, and do nothing else; a token that is no good is refused there too', async () => {
    const open = await serve(
      { isPublic: true, member: (hash) => members.get(Buffer.from(hash).toString('hex')) },
      (on) => countingServices(on, seen),
    );
    const channel = open.channel();
    const letIn: string[] = [];
    for (const method of closed) {
      const [anonymous, wrong] = [await callAny(channel, method), await callAny(channel, method, createToken())];
      if (anonymous === undefined) letIn.push(method.path.replace('/moot.v1.CommunityService/', ''));
      expect([method.path, codeOf(wrong)]).toEqual([method.path, expect.stringMatching(/^(unauthenticated|denied)$/)]);
    }
    expect(letIn.sort()).toEqual(['Query', 'ReadLoad', 'Subscribe', 'Trace']);
    expect(new Set(seen.calls.map(({ caller }) => caller.kind))).toEqual(new Set(['anyone']));
    seen.calls = [];
    expect(await callAny(channel, CommunityServiceService.query as never, memberToken)).toBeUndefined();
    expect(seen.calls).toMatchObject([{ caller: { kind: 'member' } }]);
    await open.stop();
  });

  it('S0.6 ends a call that was let in in the very moment in which its member left', async () => {
    const leaving = await serve(
      {
        member: () => {
          queueMicrotask(() => leaving.guard.admissions.endCallsOf('m1', 'the membership has ended'));
          return { memberId: 'm1', memberName: 'Ada' };
        },
      },
      (on) => countingServices(on, seen),
    );
    for (const method of [CommunityServiceService.subscribe, CommunityServiceService.publish])
      expect(codeOf(await callAny(leaving.channel(), method as never, 'x'))).toBe('unauthenticated');
    expect(leaving.bugs).toEqual([]);
    await leaving.stop();
  });

  it('tells the holder of a token why it is none, where that is known', async () => {
    const error = new MootError('denied', 'you asked to join, and wait');
    const known = await serve({ whyNot: () => error }, (on) => countingServices(on, seen));
    for (const method of closed.filter(({ path }) => ['reader', 'member', 'moderator'].includes(ruleOf(path))))
      expect(await callAny(known.channel(), method, 'x')).toMatchObject({ code: 'denied', message: error.message });
    await known.stop();
  });

  it('says what to do next', async () => {
    const error = await callAny(test.channel(), CommunityServiceService.publish as never);
    expect(error).toMatchObject({ message: 'this call is for members', hint: 'join first: moot join SERVER' });
  });

  it('keeps a method without a rule closed to everyone', async () => {
    const bare = await serve(
      { member: () => ({ memberId: 'm', memberName: 'M' }) },
      (on) => countingServices(on, seen),
      new Map(),
    );
    for (const method of everyMethod) expect(codeOf(await callAny(bare.channel(), method, 'x'))).toBe('denied');
    expect(seen.decoded).toBe(0);
    await bare.stop();
  });

  it('answers a call that does not exist, however it is spelled, and lives on', async () => {
    const session = connect(`http://${test.address}`);
    for (const path of ['/moot.v1.Nothing/None', '/%ff', '/\u00e9\u00ff', '/moot.v1.CommunityService/', '/']) {
      const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' });
      const status = await new Promise((resolve) => {
        stream.on('response', (headers) => resolve(headers['grpc-status']));
        stream.on('error', resolve);
      });
      stream.close();
      expect([path, status]).toEqual([path, '12']);
    }
    session.close();
    expect(await callAny(test.channel(), CommunityServiceService.describe as never)).toBeUndefined();
  });

  it('ends a call whose request does not come within 10 s', async () => {
    const clock = new StepClock();
    const slow = await serve({}, (on) => countingServices(on, seen), everyRule, clock);
    const session = connect(`http://${slow.address}`);
    const stream = session.request({
      ':method': 'POST',
      ':path': CommunityServiceService.describe.path,
      'content-type': 'application/grpc',
    });
    stream.write(Buffer.from([0, 0, 0]));
    while (slow.guard.admissions.size === 0) await settle();
    await clock.advance(9_999);
    expect(slow.guard.admissions.size).toBe(1);
    await clock.advance(1);
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect([headers['grpc-status'], headers['moot-code']]).toEqual(['4', 'timed_out']);
    session.destroy();
    await slow.stop();
    expect(seen.decoded).toBe(0);
  });
});
