import type { Community } from '../community/community.js';
import type { Peering, Wish } from '../community/peering.js';
import type { FollowFrame, FollowRequest } from '../core/following.js';
import type { OriginId } from '../core/ids.js';
import { originOf } from '../identity/hash.js';
import { fromWireAskRequest, toWireAskFrame } from '../wire/convert-ask.js';
import { fromWireFollowRequest, toWireFollowFrames } from '../wire/convert-follow.js';
import { fromWireTraceBack, toWireHops } from '../wire/convert-trace.js';
import { type FederationServiceServer, FederationServiceService } from '../wire/gen/moot/v1/federation.js';
import { asServer } from './caller.js';
import type { Handlers } from './handler.js';
import type { Introductions } from './introductions.js';
import { type Service, service } from './requests.js';

/** Serves the logs that are here. */
export interface Following {
  serve(caller: OriginId, request: FollowRequest, signal: AbortSignal): AsyncIterable<FollowFrame>;
}

/** What a call of another server is for, by its path. */
export function wishOf(path: string): Wish {
  return path === FederationServiceService.follow.path ? 'feed' : 'answer';
}

/** FederationService over a community: what other servers call, once they have proved their key. */
export function federationService(
  community: Community,
  following: Following,
  introductions: Introductions,
  peering: Peering,
  on: Handlers,
): Service {
  const implementation: FederationServiceServer = {
    introduce: on.unary(async (request) => {
      const answer = introductions.introduce(request);
      // Told only to who has proved their key: before that, the answer is the same for all.
      if (answer.accepted) peering.introduced(originOf(request.publicKey), request.name);
      return answer;
    }),
    ask: on.serverStream(async function* (request, { caller, signal, requestId }) {
      peering.require(asServer(caller), 'answer');
      const asked = fromWireAskRequest(request);
      // Who names none gets one here, for the hops below.
      const named = asked.requestId === '' ? { ...asked, requestId } : asked;
      for await (const frame of community.ask(named, signal)) yield toWireAskFrame(frame);
    }),
    traceBack: on.unary(async (request, { caller }) => {
      peering.require(asServer(caller), 'answer');
      return { hops: toWireHops(await community.traceBack(fromWireTraceBack(request))) };
    }),
    follow: on.serverStream(
      async function* (request, { caller, signal }) {
        const peer = asServer(caller);
        peering.require(peer, 'feed');
        const asked = fromWireFollowRequest(request);
        const ended = asked.once ? undefined : peering.feeding(peer, introductions.nameOf(peer));
        try {
          for await (const frame of following.serve(peer, asked, signal)) yield* toWireFollowFrames(frame);
        } finally {
          ended?.();
        }
      },
      { mostMs: Number.POSITIVE_INFINITY },
    ),
  };
  return service(FederationServiceService, implementation);
}
