import type { ServiceDefinition } from '@grpc/grpc-js';
import { HealthService } from '../wire/gen/grpc/health/v1/health.js';
import { ServerReflectionService } from '../wire/gen/grpc/reflection/v1/reflection.js';
import { CommunityServiceService } from '../wire/gen/moot/v1/community.js';
import { FederationServiceService } from '../wire/gen/moot/v1/federation.js';
import { ModerationServiceService } from '../wire/gen/moot/v1/moderation.js';
import { PeerServiceService } from '../wire/gen/moot/v1/peer.js';
import { RegistryServiceService } from '../wire/gen/moot/v1/registry.js';
import { OldReflectionService } from './reflection.js';

/** What is for readers is for members, and for anyone where the community is public. What is for moderators is for the operator as well. */
export type Rule = 'anyone' | 'reader' | 'member' | 'moderator' | 'operator' | 'server';

/** Path of a method → who may call it. What is not in it is closed. */
export type RuleTable = ReadonlyMap<string, Rule>;

/** Complete by type: a method that is added to a service does not compile until it has its rule. */
function rulesFor<Service extends ServiceDefinition>(
  service: Service,
  rules: Readonly<Record<keyof Service, Rule>>,
): RuleTable {
  return new Map(Object.entries(service).map(([name, method]) => [method.path, rules[name as keyof Service]]));
}

export function joinRules(...tables: readonly RuleTable[]): RuleTable {
  return new Map(tables.flatMap((table) => [...table]));
}

export const communityRules = rulesFor(CommunityServiceService, {
  describe: 'anyone',
  join: 'anyone',
  leave: 'member',
  publish: 'member',
  publishStream: 'member',
  query: 'reader',
  subscribe: 'reader',
  retract: 'member',
  trace: 'reader',
  listMembers: 'member',
  readLoad: 'reader',
  joinStatus: 'anyone',
  withdraw: 'anyone',
  showMembership: 'member',
  renewToken: 'member',
  listOwnHeld: 'member',
});

export const moderationRules = rulesFor(ModerationServiceService, {
  retractArticle: 'moderator',
  hideArticle: 'moderator',
  unhideArticle: 'moderator',
  listHidden: 'moderator',
  listHeld: 'moderator',
  releaseArticle: 'moderator',
  refuseArticle: 'moderator',
  makeInvite: 'moderator',
  listInvites: 'moderator',
  revokeInvite: 'moderator',
  listRequests: 'moderator',
  admitMember: 'moderator',
  refuseMember: 'moderator',
  removeMember: 'moderator',
  listBans: 'moderator',
  liftBan: 'moderator',
  setRole: 'operator',
  listTokens: 'moderator',
  revokeToken: 'moderator',
  readAudit: 'moderator',
  getSettings: 'operator',
});

export const federationRules = rulesFor(FederationServiceService, {
  introduce: 'anyone',
  ask: 'server',
  follow: 'server',
  traceBack: 'server',
});

export const peerRules = rulesFor(PeerServiceService, {
  connect: 'operator',
  disconnect: 'operator',
  listPeers: 'operator',
  setLevel: 'operator',
});

/** A registry entry proves itself by its signature. */
export const registryRules = rulesFor(RegistryServiceService, {
  register: 'anyone',
  deregister: 'anyone',
  listServers: 'anyone',
  watchServers: 'anyone',
});

/** Health and reflection: what every server says of itself. */
export const standardRules = joinRules(
  rulesFor(HealthService, { check: 'anyone', list: 'anyone', watch: 'anyone' }),
  rulesFor(ServerReflectionService, { serverReflectionInfo: 'anyone' }),
  rulesFor(OldReflectionService, { serverReflectionInfo: 'anyone' }),
);
