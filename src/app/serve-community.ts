import type { Community } from '../community/community.js';
import { systemClock } from '../core/clock.js';
import type { Identity } from '../identity/keys.js';
import { tokenHash } from '../identity/tokens.js';
import { communityService } from '../rpc/community-service.js';
import { federationService } from '../rpc/federation-service.js';
import { Guard } from '../rpc/guard.js';
import { Handlers } from '../rpc/handler.js';
import type { Health } from '../rpc/health.js';
import { Introductions } from '../rpc/introductions.js';
import { peerService } from '../rpc/peer-service.js';
import { communityRules, federationRules, joinRules, peerRules, standardRules } from '../rpc/rules.js';
import { type GrpcServer, startGrpcServer } from '../rpc/server.js';
import { ServerTokenChecker } from '../rpc/server-token.js';
import { withStandard } from '../rpc/with-standard.js';
import type { ServerConfig } from './config.js';
import { bugLog } from './log.js';

/** Puts the guard and the services in front of a community, and listens. */
export async function serveCommunity(
  community: Community,
  identity: Identity,
  operatorToken: string,
  health: Health,
  { host, port, log }: ServerConfig,
): Promise<GrpcServer> {
  const introductions = new Introductions(identity, () => community.name);
  const servers = new ServerTokenChecker(identity.id, (caller) => introductions.keyOf(caller), systemClock);
  const guard = new Guard(joinRules(communityRules, federationRules, peerRules, standardRules), {
    member: (hash) => community.membership.byTokenHash(hash),
    operatorHash: tokenHash(operatorToken),
    server: (token, method) => servers.check(token, method),
  });
  community.membership.onLeave((memberId) => guard.admissions.endCallsOf(memberId));
  const on = new Handlers({ admissions: guard.admissions, onBug: bugLog(log) });
  const services = [
    communityService(community, on),
    federationService(community, introductions, on),
    peerService(community.links, on),
  ];
  return startGrpcServer({ host, port, guard, services: withStandard(services, health, on) });
}
