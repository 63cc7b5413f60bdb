import type { Community } from '../community/community.js';
import type { Peering } from '../community/peering.js';
import type { OperatorHashes } from '../community/replicas/operator-hashes.js';
import { systemClock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import type { ServerSettings } from '../core/server-settings.js';
import type { KeyRing } from '../identity/key-ring.js';
import type { Identity } from '../identity/keys.js';
import { communityService } from '../rpc/community-service.js';
import { type Following, federationService, wishOf } from '../rpc/federation-service.js';
import { type Acquaintances, Guard } from '../rpc/guard.js';
import { Handlers } from '../rpc/handler.js';
import type { Health } from '../rpc/health.js';
import { Introductions } from '../rpc/introductions.js';
import { moderationService } from '../rpc/moderation-service.js';
import { type Lags, peerService } from '../rpc/peer-service.js';
import type { Rates } from '../rpc/rates.js';
import { communityRules, federationRules, joinRules, moderationRules, peerRules, standardRules } from '../rpc/rules.js';
import type { ServedCertificate } from '../rpc/secure-door.js';
import { type GrpcServer, startGrpcServer } from '../rpc/server.js';
import { ServerTokenChecker } from '../rpc/server-token.js';
import { Sockets } from '../rpc/sockets.js';
import { withStandard } from '../rpc/with-standard.js';
import type { ServerConfig } from './config.js';
import { bugLog, callLog, told } from './log.js';
import type { CallMeters } from './monitor/call-meters.js';

export interface ServedParts {
  readonly community: Community;
  readonly peering: Peering;
  readonly mirrors: Following & Lags;
  readonly identity: Identity;
  readonly ring: KeyRing;
  readonly operators: OperatorHashes;
  /** Where other replicas serve the same community. */
  readonly shared:
    | { readonly strangersNow: () => Promise<void>; readonly shareRates: (rates: Rates) => void }
    | undefined;
  readonly health: Health;
  readonly certificate: ServedCertificate | undefined;
  readonly meters: CallMeters | undefined;
  readonly settings: ServerSettings;
}

/** Puts the guard and the services in front of a community, and listens. */
export async function serveCommunity(parts: ServedParts, { host, port, log }: ServerConfig): Promise<GrpcServer> {
  const { community, peering, mirrors, identity, ring, shared, health, certificate, meters } = parts;
  const { limits } = parts.settings;
  const introductions = new Introductions(identity, () => community.name, systemClock, ring);
  const servers = new ServerTokenChecker(identity.id, (caller) => introductions.keyOf(caller), systemClock);
  const rules = joinRules(communityRules, federationRules, peerRules, moderationRules, standardRules);
  const sockets = new Sockets(limits);
  const guard = new Guard(
    rules,
    acquaintancesOf(parts, servers),
    systemClock,
    limits,
    (peer) => sockets.trafficOf(peer),
    meters?.notLetIn,
  );
  meters?.watch(guard.admissions, sockets);
  shared?.shareRates(guard.rates);
  community.membership.roll.onEnd((memberId, reason) => guard.admissions.endCallsOf(memberId, reason));
  peering.onChange((caller) =>
    guard.admissions.endCallsOfServer(caller, (path) => peering.refusal(caller, wishOf(path))),
  );
  const on = new Handlers({
    admissions: guard.admissions,
    onBug: bugLog(log),
    onEnd: told(callLog(log), meters?.ended),
    hangUp: (peer) => sockets.destroy(peer),
    isConnected: (peer) => sockets.isAlive(peer),
  });
  const services = [
    communityService(community, on),
    federationService(community, mirrors, introductions, peering, on),
    peerService(community, peering, mirrors, on),
    moderationService(community, parts.settings, on),
  ];
  return startGrpcServer({
    host,
    port,
    guard,
    sockets,
    limits,
    certificate,
    services: withStandard(services, health, on),
  });
}

/** Whom a community knows. */
function acquaintancesOf({ community, operators, shared }: ServedParts, servers: ServerTokenChecker): Acquaintances {
  const { membership, rules } = community;
  return {
    member: async (hash) => {
      const known = membership.byTokenHash(hash);
      if (known || !shared) return known;
      // They may have joined at another replica a moment ago, or be the operator of one that has just started.
      await shared.strangersNow();
      return membership.byTokenHash(hash);
    },
    whyNot: (hash) => refusalOf(community, hash),
    isPublic: rules.readable === 'public',
    isOperator: (hash) => operators.includes(hash),
    server: (token, method) => servers.check(token, method),
  };
}

/** What is said to who asked to join, or was a member, and calls as if they were one. */
function refusalOf({ membership, name }: Community, hash: Uint8Array): MootError | undefined {
  const { state, reason } = membership.standingOf(hash);
  if (state === 'waiting') return new MootError('denied', `you asked to join ${name}, and wait for approval`);
  const why = reason === '' ? '' : `: ${reason}`;
  if (state === 'refused') return new MootError('denied', `${name} has refused to let you in${why}`);
  const ended = membership.roll.whyEnded(hash);
  return ended === undefined ? undefined : new MootError('unauthenticated', ended, { hint: 'moot leave SERVER' });
}
