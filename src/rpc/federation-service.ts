import type { Community } from '../community/community.js';
import { requirePeering } from '../community/policy.js';
import { fromWireAskRequest, toWireAskFrame } from '../wire/convert-ask.js';
import { type FederationServiceServer, FederationServiceService } from '../wire/gen/moot/v1/federation.js';
import type { Handlers } from './handler.js';
import type { Introductions } from './introductions.js';
import { type Service, service } from './requests.js';

/** FederationService over a community: what other servers call, once they have proved their key. */
export function federationService(community: Community, introductions: Introductions, on: Handlers): Service {
  const implementation: FederationServiceServer = {
    introduce: on.unary(async (request) => {
      const answer = introductions.introduce(request);
      // Told only to who has proved their key: before that, the answer is the same for all.
      if (answer.accepted) requirePeering(community.rules.peering, community.name);
      return answer;
    }),
    ask: on.serverStream(async function* (request, { signal }) {
      requirePeering(community.rules.peering, community.name);
      const asked = fromWireAskRequest(request);
      for await (const frame of community.ask(asked, signal)) yield toWireAskFrame(frame);
    }),
  };
  return service(FederationServiceService, implementation);
}
