import type { ServiceDefinition } from '@grpc/grpc-js';
import { CommunityServiceService } from '../wire/gen/moot/v1/community.js';
import { FederationServiceService } from '../wire/gen/moot/v1/federation.js';
import { PeerServiceService } from '../wire/gen/moot/v1/peer.js';
import { RegistryServiceService } from '../wire/gen/moot/v1/registry.js';

export type Rule = 'anyone' | 'member' | 'operator' | 'server';

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
  query: 'member',
});

export const federationRules = rulesFor(FederationServiceService, { introduce: 'anyone', ask: 'server' });

export const peerRules = rulesFor(PeerServiceService, {
  connect: 'operator',
  disconnect: 'operator',
  listPeers: 'operator',
});

/** A registry entry proves itself by its signature. */
export const registryRules = rulesFor(RegistryServiceService, {
  register: 'anyone',
  deregister: 'anyone',
  listServers: 'anyone',
});
