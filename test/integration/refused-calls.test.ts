import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Peering } from '../../src/community/peering.js';
import { systemClock } from '../../src/core/clock.js';
import { createIdentity } from '../../src/identity/keys.js';
import { wishOf } from '../../src/rpc/federation-service.js';
import { service } from '../../src/rpc/requests.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import {
  type FederationServiceServer,
  FederationServiceService as federation,
} from '../../src/wire/gen/moot/v1/federation.js';
import { callAny, serve, type TestServer } from '../support/rpc-server.js';

const [self, peer, other] = [createIdentity(), createIdentity(), createIdentity()];
const methods = [federation.ask, federation.traceBack, federation.follow] as const;
let peering: Peering;
let test: TestServer;

// A server whose answers never end; who calls is said by the token.
beforeAll(async () => {
  const store = new MemoryStore(self, systemClock).peering;
  peering = await Peering.open({ self: self.id, name: () => 'Othello', policy: 'open', store, clock: systemClock });
  const ended = (signal: AbortSignal) => new Promise<never>((_, no) => signal.addEventListener('abort', no));
  test = await serve({ server: async (token) => token }, (on) => [
    service(federation, {
      ask: on.serverStream(async function* (_, { signal }) {
        yield await ended(signal);
      }),
      follow: on.serverStream(async function* (_, { signal }) {
        yield await ended(signal);
      }),
      traceBack: on.unary(async (_, { signal }) => ended(signal)),
    } as Partial<FederationServiceServer> as FederationServiceServer),
  ]);
  const { admissions } = test.guard;
  peering.onChange((id) => admissions.endCallsOfServer(id, (path) => peering.refusal(id, wishOf(path))));
});
afterAll(async () => {
  await peering.close();
  await test.stop();
});

/** Opens one call of each kind. @returns how each ends. */
async function open(caller: string): Promise<Promise<unknown>[]> {
  const before = test.guard.admissions.size;
  const calls = methods.map((method) => callAny(test.channel(), method as never, caller));
  while (test.guard.admissions.size < before + calls.length) await new Promise((resolve) => setImmediate(resolve));
  return calls;
}

const hold = (level: 'silence' | 'deny') =>
  peering.hold({ peer: peer.id, name: '', level, reason: 'enough', untilMs: undefined });

describe('N8 what a server has open when it is refused', () => {
  it('ends with the reason: its feed when it is silenced, all of it when it is denied, and nobody else’s', async () => {
    const [ask, traceBack, follow] = await open(peer.id);
    void (await open(other.id));
    await hold('silence');
    const silenced = { code: 'denied', refusal: 'silenced', message: 'Othello gives this community no feed: enough' };
    expect(await follow).toMatchObject(silenced);
    expect(test.guard.admissions.size).toBe(5);
    await hold('deny');
    const denied = { code: 'denied', refusal: 'denied', message: 'Othello denies this community: enough' };
    expect([await ask, await traceBack]).toMatchObject([denied, denied]);
    expect(test.guard.admissions.size).toBe(3);
  });
});
