import { anyQuestion } from '../../scripts/simulate/simulated-network.js';
import { systemClock } from '../../src/core/clock.js';
import { createIdentity, type Identity } from '../../src/identity/keys.js';
import { GrpcAsker } from '../../src/rpc/asker.js';
import { openChannel } from '../../src/wire/channels.js';
import { AskRequest, FederationServiceService } from '../../src/wire/gen/moot/v1/federation.js';
import type { Behaviour } from './hostile-door.js';

export interface Target {
  readonly id: string;
  readonly address: string;
}

/** Calls that a hostile server makes to who asks it, until `signal` fires. @returns how many. */
export type Meanwhile = (target: Target, identity: Identity, signal: AbortSignal) => Promise<number>;

const atOnce = 16;

/** Introduces servers that nobody has heard of, as fast as it can. */
export const floodsIntroduce: Meanwhile = async ({ address }, _, signal) => {
  const channel = openChannel(address, { purpose: 'peer' });
  const strangers = Array.from({ length: 50 }, () => Buffer.from(createIdentity().publicKey));
  const none = Buffer.alloc(0);
  let calls = 0;
  const flood = async (): Promise<void> => {
    while (!signal.aborted) {
      calls += 1;
      const publicKey = strangers[calls % strangers.length] ?? none;
      const request = { publicKey, nonce: Buffer.alloc(32), challenge: none, signature: none, name: '' };
      await channel.unary(FederationServiceService.introduce, request, { deadlineMs: 5000 }).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, flood));
  channel.close();
  return calls;
};

/**
 * Whenever it is asked, it asks back as if nobody had been asked: without the names of who was, under the id of the query and
 * under ids that it makes up.
 */
export function asksBack(target: Target, identity: Identity): { behaviour: Behaviour; asked(): number; close(): void } {
  const asker = new GrpcAsker({ identity, addressOf: async () => target.address, clock: systemClock });
  let asked = 0;
  const ask = async (queryId: string, hop: number, budgetMs: number): Promise<void> => {
    asked += 1;
    const request = { ...anyQuestion, before: undefined, queryId, hop, budgetMs, visited: [], have: [], avoid: [] };
    try {
      for await (const _ of asker.ask(target.id, request, AbortSignal.timeout(budgetMs + 1000)));
    } catch {
      // It gets what it gets.
    }
  };
  const behaviour: Behaviour = {
    ask: async (call) => {
      const { queryId, budgetMs, hop } = AskRequest.decode(call.request);
      // Each of them is asked of it again, and it asks back again: three times over, which are fifteen questions for one.
      const made = hop < 4 ? [`${queryId.slice(0, 40)}-${asked}`, `${queryId.slice(0, 40)}+${asked}`] : [];
      await Promise.all([queryId, ...made].map((id) => ask(id, hop + 1, Math.min(500, budgetMs))));
      for await (const bytes of call.honestly()) await call.send(bytes);
      call.end();
    },
  };
  return { behaviour, asked: () => asked, close: () => asker.close() };
}
