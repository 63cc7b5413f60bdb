import type { AskFrame } from '../../src/core/asking.js';
import { type Clock, systemClock } from '../../src/core/clock.js';
import type { Identity } from '../../src/identity/keys.js';
import { asServer } from '../../src/rpc/caller.js';
import { Introductions } from '../../src/rpc/introductions.js';
import { service } from '../../src/rpc/requests.js';
import { ServerTokenChecker } from '../../src/rpc/server-token.js';
import { fromWireAskRequest, toWireAskFrame } from '../../src/wire/convert-ask.js';
import {
  type AskResponse,
  type FederationServiceServer,
  FederationServiceService,
} from '../../src/wire/gen/moot/v1/federation.js';
import { serve, type TestServer } from './rpc-server.js';

export interface AskedServer extends TestServer {
  readonly asked: { caller: string; queryId: string; budgetMs: number }[];
  /** As a server that was started again: it knows nobody. */
  forget(): void;
}

/** A community server that is asked: it introduces itself, lets servers in, and answers with `frames`. */
export async function serveAsked(
  identity: Identity,
  frames: (queryId: string) => Iterable<AskFrame | AskResponse>,
  clock: Clock = systemClock,
): Promise<AskedServer> {
  const asked: AskedServer['asked'] = [];
  let introductions = new Introductions(identity, () => 'Asked', clock);
  const checker = new ServerTokenChecker(identity.id, (id) => introductions.keyOf(id), clock);
  const test = await serve({ server: (token, method) => checker.check(token, method) }, (on) => [
    service(FederationServiceService, {
      introduce: on.unary(async (request) => introductions.introduce(request)),
      follow: on.serverStream(async function* () {}),
      traceBack: on.unary(async () => ({ hops: [] })),
      ask: on.serverStream(async function* (request, { caller }) {
        const { queryId, budgetMs } = fromWireAskRequest(request);
        asked.push({ caller: asServer(caller), queryId, budgetMs });
        for (const frame of frames(queryId)) yield 'kind' in frame ? toWireAskFrame(frame) : frame;
      }),
    } satisfies FederationServiceServer),
  ]);
  return {
    ...test,
    asked,
    forget: () => {
      introductions = new Introductions(identity, () => 'Asked', clock);
    },
  };
}
