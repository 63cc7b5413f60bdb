import { join } from 'node:path';
import { Community, type CommunityRules } from '../community/community.js';
import { Links } from '../community/links.js';
import { Membership } from '../community/membership.js';
import { peeringOf } from '../community/policy.js';
import { systemClock } from '../core/clock.js';
import { invalid } from '../core/errors.js';
import { parseName } from '../core/name.js';
import { parseTopic } from '../core/topic.js';
import { GrpcAsker } from '../rpc/asker.js';
import { GrpcPeers } from '../rpc/grpc-peers.js';
import { NotingAsker } from '../rpc/noting-asker.js';
import { RegistryClient } from '../rpc/registry-client.js';
import { openDataFolder } from '../store/data-folder.js';
import { openStore } from '../store/open-store.js';
import { signRow } from '../wire/convert-row.js';
import { advertised, requirePrivate } from './addresses.js';
import { Closing } from './closing.js';
import type { RunningServer, ServerConfig } from './config.js';
import { keepOperatorToken } from './operator-token.js';
import { listAtRegistries } from './registering.js';
import { serveCommunity } from './serve-community.js';

/**
 * Runs a community until `stop`. Ready when it answers calls and has asked every registry once, whatever they said.
 * @throws MootError naming what is wrong with the configuration, the data folder or the address; nothing is then left running.
 */
export async function startServer(config: ServerConfig): Promise<RunningServer> {
  const name = nameOf(config);
  const rules = rulesOf(config);
  requirePrivate(config.host, config.insecure);
  advertised(config.host, config.port, config.advertise);
  const closing = new Closing();
  const broken = new Set<(error: Error) => void>();
  const clock = systemClock;
  try {
    const { identityFile, log } = config;
    const folder = closing.owns(openDataFolder(config.data ?? join('.moot', name), { identityFile }));
    const { identity } = folder;
    if (config.home !== undefined) await keepOperatorToken(config.home, identity.id, folder.operatorToken);
    const store = closing.owns(
      await openStore(config.store ?? `sqlite:${folder.databaseFile}`, {
        identity,
        onBroken: (error) => {
          for (const tell of broken) tell(error);
        },
        onDamaged: (place) => log?.({ level: 'error', text: `article at place ${place} is damaged and was left out` }),
      }),
    );
    const registries = config.registries.map((address) => closing.owns(new RegistryClient(address)));
    const asker = closing.owns(
      new GrpcAsker({ identity, insecure: config.insecure, addressOf: async (peer) => links.addressOf(peer) }),
    );
    const peers = new GrpcPeers({
      identity,
      registries,
      insecure: config.insecure,
      clock,
      forget: (peer) => asker.forget(peer),
    });
    const { maxMembers } = config;
    const links = await Links.open(identity.id, store.links, peers, clock);
    const membership = await Membership.open(store.members, { admission: rules.admission, maxMembers }, clock);
    const community = new Community({
      identity,
      name,
      rules,
      store,
      membership,
      links,
      asker: new NotingAsker(asker, (peer, state, reason) => links.note(peer, state, reason)),
      clock,
      signRow: (queryId, row) => signRow(identity, queryId, row),
    });
    const server = await serveCommunity(community, identity, folder.operatorToken, config);
    closing.onClose(() => server.stop());
    if (config.name === undefined) community.rename(`Server${server.port}`);
    const address = advertised(config.host, server.port, config.advertise);
    const registration = await listAtRegistries({
      community,
      identity,
      address,
      registries,
      settings: store.settings,
      isDefaultName: config.name === undefined,
      log,
    });
    closing.onClose(() => registration.stop());
    void links.refreshAll();
    return {
      address,
      id: identity.id,
      get name() {
        return community.name;
      },
      ...registration.note(),
      onBroken: (listener) => broken.add(listener),
      stop: () => closing.close(),
    };
  } catch (error) {
    await closing.close();
    throw error;
  }
}

/** @throws MootError `invalid` when there is nothing to name the data folder by. */
function nameOf({ name, port, data }: ServerConfig): string {
  if (name !== undefined) return parseName(name);
  if (port === 0 && data === undefined)
    throw invalid('name', 'a server on a free port needs a name or a data folder', 'add --name NAME or --data DIR');
  return `Server${port}`;
}

function rulesOf({ topics, admission, peering, readable }: ServerConfig): CommunityRules {
  for (const topic of topics) parseTopic(topic, 'topics');
  return { topics, admission, peering: peeringOf(peering, admission), readable };
}
