import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseBusUrl } from '../bus/open-bus.js';
import { Audience } from '../community/audience.js';
import { Audit } from '../community/audit.js';
import { Community, type CommunityRules } from '../community/community.js';
import { Feed } from '../community/feed/feed.js';
import { Held } from '../community/held.js';
import { Hidden } from '../community/hidden.js';
import { Links } from '../community/links.js';
import { Membership } from '../community/membership.js';
import { Moderation } from '../community/moderation.js';
import { Peering } from '../community/peering.js';
import { peeringOf } from '../community/policy.js';
import { OperatorHashes } from '../community/replicas/operator-hashes.js';
import { Replicas } from '../community/replicas/replicas.js';
import { isLoopback } from '../core/address.js';
import { systemClock } from '../core/clock.js';
import { invalid } from '../core/errors.js';
import { parseName } from '../core/name.js';
import { defaultLimits } from '../core/server-limits.js';
import { parseTopic } from '../core/topic.js';
import { BreakerAsker } from '../federation/breaker-asker.js';
import { Breakers } from '../federation/breakers.js';
import { KeyRing } from '../identity/key-ring.js';
import { tokenHash } from '../identity/tokens.js';
import { GrpcAsker } from '../rpc/asker.js';
import { GrpcFollower } from '../rpc/follower.js';
import { GrpcPeers } from '../rpc/grpc-peers.js';
import { Health } from '../rpc/health.js';
import type { Rates } from '../rpc/rates.js';
import { RegistryClient } from '../rpc/registry-client.js';
import { requireFreePort } from '../rpc/server.js';
import { GrpcTracer } from '../rpc/tracer.js';
import { openDataFolder } from '../store/data-folder.js';
import { openStore, parseStoreUrl } from '../store/open-store.js';
import { isPostgresUrl } from '../store/postgres/postgres-url.js';
import { signRow } from '../wire/convert-row.js';
import { advertised, requirePrivate } from './addresses.js';
import { requirePlaces } from './before-start.js';
import { Broken } from './broken.js';
import { Closing } from './closing.js';
import type { RunningServer, ServerConfig } from './config.js';
import { LiveCertificate } from './live-certificate.js';
import { audienceLine } from './log.js';
import { LoopDelay } from './loop-delay.js';
import { openMirrors } from './mirroring.js';
import { openMonitor } from './monitoring.js';
import { keepOperatorToken } from './operator-token.js';
import { headsAt, listAtRegistries } from './registering.js';
import { openReplicaBus } from './replica-bus.js';
import { Replicating, suits } from './replicating.js';
import { settleRestored } from './restored.js';
import { serveCommunity } from './serve-community.js';
import { viewOf } from './server-view.js';
import { settingsOf } from './settings-of.js';
import { shareRates } from './shared-rates.js';

/**
 * Runs a community until `stop`. Ready when it answers calls and has asked every registry once, whatever they said.
 * @throws MootError naming what is wrong with the configuration, the data folder or the address; nothing is then left running.
 */
export async function startServer(config: ServerConfig): Promise<RunningServer> {
  const name = nameOf(config);
  const rules = rulesOf(config);
  requirePrivate(config.host, config.certificate !== undefined, config.insecure);
  advertised(config.host, config.port, config.advertise);
  if (config.store !== undefined) parseStoreUrl(config.store);
  if (config.bus !== undefined) parseBusUrl(config.bus);
  const isShared = config.store !== undefined && isPostgresUrl(config.store);
  const closing = new Closing();
  const broken = new Broken();
  const clock = systemClock;
  const limits = { ...defaultLimits, ...config.limits };
  try {
    const { identityFile, log, ca } = config;
    // First, so that it is there to say that the rest begins, and the last to go.
    const monitor = config.monitor && closing.owns(await openMonitor(config.monitor, clock));
    broken.tell(({ message }) => monitor?.readiness.break(message));
    const certificate = config.certificate && closing.owns(await LiveCertificate.open(config.certificate, clock, log));
    const dir = config.data ?? join('.moot', name);
    // A start that cannot be makes no community: where there is a folder, its lock has the better answer.
    if (!existsSync(dir)) await requireFreePort(config.host, config.port);
    await requirePlaces({ dir, store: config.store, identityFile, home: config.home });
    const folder = closing.owns(openDataFolder(dir, { identityFile }));
    const { identity } = folder;
    const bus = await openReplicaBus(config, identity.id, closing);
    const store = closing.owns(
      await openStore(config.store ?? `sqlite:${folder.databaseFile}`, {
        identity,
        bus,
        quota: { articles: limits.memberArticlesADay, bytes: limits.memberBytesADay },
        onBroken: (error) => broken.by(error),
        onDamaged: (place) => {
          monitor?.damaged();
          log?.({ level: 'error', text: `article at place ${place} is damaged and was left out` });
        },
      }),
    );
    if (config.home !== undefined) await keepOperatorToken(config.home, identity.id, folder.operatorToken);
    const registries = config.registries.map((address) => closing.owns(new RegistryClient(address, ca)));
    const heads = headsAt(registries, identity);
    heads.catch(() => undefined);
    const { insecure } = config;
    const addressOf = async (peer: string): Promise<string | undefined> => links.addressOf(peer);
    const dialRule = { allowLoopback: isLoopback(config.host), allowPrivate: config.allowPrivatePeers === true };
    const nameNow = (): string => community.name;
    const ring = new KeyRing((origin) => mirrors.keyOf(origin));
    const reach = { identity, name: nameNow, insecure, addressOf, clock, dialRule, ring };
    const asker = closing.owns(new GrpcAsker(reach));
    const onRefused = (peer: string, { message }: Error): void =>
      log?.({ level: 'warn', text: `the link to ${links.nameOf(peer)} is broken: ${message}` });
    const follower = closing.owns(new GrpcFollower({ ...reach, onRefused }));
    const tracer = closing.owns(new GrpcTracer(reach));
    const breakers = new Breakers({
      clock,
      random: Math.random,
      note: (peer, state, reason, by) => links.note(peer, state, reason, by),
      onBroken: (peer) => asker.renew(peer),
    });
    const forget = (peer: string): void => {
      breakers.forget(peer);
      asker.forget(peer);
      follower.forget(peer);
      // Where it is now it may well answer: however often it did not elsewhere.
      mirrors.hurry(peer);
    };
    const peers = new GrpcPeers({ identity, name: nameNow, registries, insecure, clock, dialRule, ring, forget });
    const { maxMembers } = config;
    const links = await Links.open(identity.id, store.links, peers, clock);
    const membership = await Membership.open(store, { admission: rules.admission, maxMembers }, clock);
    const audit = new Audit(store.moderation, clock);
    const { logs } = store;
    const feed = closing.owns(
      await Feed.open({
        self: identity.id,
        logs,
        clock,
        notFed: () => mirrors.notFed().filter(({ peer }) => !links.isRefused(peer)),
      }),
    );
    const self = randomUUID();
    const replicas = new Replicas({ self, address: () => addressNow(), leases: store.leases, clock, suits });
    const follow = (): void => (replicating ? replicating.follow() : mirrors.setLinks(links.all()));
    const mirrors = await openMirrors(
      {
        ...{ identity, name: nameNow, logs, links, asker, breakers, follower, feed, clock, ring },
        ...{ follow, isHousekeeper: () => !isShared || replicas.isFirst },
      },
      config,
      closing,
    );
    const loop = closing.owns(new LoopDelay(clock));
    const community = new Community({
      identity,
      name,
      rules,
      store,
      membership,
      moderation: new Moderation(membership, store.moderation, audit, clock),
      hidden: await Hidden.open(store.articles, audit, clock),
      held: new Held(store.held, audit, () => clock.now()),
      holdFirst: config.holdFirst ?? 0,
      audit,
      links,
      feed,
      mirrors,
      tracer,
      audience: new Audience(clock, (event) => log?.(audienceLine(event))),
      asker: new BreakerAsker(asker, breakers, clock),
      clock,
      loopDelayMs: () => loop.delayMs(),
      observer: monitor?.observer,
      signRow: (queryId, row) => signRow(identity, queryId, row),
    });
    const health = new Health();
    const replicating = isShared
      ? new Replicating({ store, replicas, mirrors, links: () => links.all(), clock, log }, closing)
      : undefined;
    if (replicating) await replicating.begin(await heads);
    else {
      mirrors.setLinks(links.all());
      await settleRestored(mirrors, await heads, store.settings);
    }
    const peering = await Peering.open({
      self: identity.id,
      name: nameNow,
      policy: rules.peering,
      store: store.peering,
      clock,
    });
    closing.onClose(() => peering.close());
    const operators = new OperatorHashes(tokenHash(folder.operatorToken), store.settings);
    const shared = replicating && {
      membersNow: () => replicating.membersNow(),
      shareRates: (rates: Rates) => bus && closing.onClose(shareRates(bus, self, rates, clock)),
    };
    const server = await serveCommunity(
      {
        ...{ community, peering, mirrors, identity, ring, operators, shared, health, certificate },
        meters: monitor?.calls,
        settings: settingsOf(config, dir, folder.databaseFile, limits),
      },
      config,
    );
    closing.onClose(() => server.stop());
    if (config.name === undefined) community.rename(`Server${server.port}`);
    const { host, advertise } = config;
    const addressNow = (): string => advertised(host, server.port, advertise, certificate?.fingerprint);
    if (replicating) await replicating.join(addressNow(), community, peering, operators);
    closing.onClose(() => replicas.stop());
    const registration = await listAtRegistries({
      community,
      identity,
      addresses: () => (replicating ? replicas.addresses() : [addressNow()]),
      replicas: replicating && {
        alone: (work) => replicating.alone('registration', work),
        others: () => replicas.othersAddresses(),
      },
      registries,
      settings: store.settings,
      isDefaultName: config.name === undefined,
      log,
    });
    closing.onClose(() => health.end());
    closing.onClose(() => registration.stop());
    replicas.onChange(() => registration.changed());
    health.begin();
    monitor?.serves({ community, store, mirrors, breakers, loopDelayMs: () => loop.delayMs(), dir, registration });
    // Who found the server by a registry accepts the key that is listed, and no other.
    certificate?.onChange(() => registration.changed());
    void links.refreshAll();
    return {
      get address() {
        return addressNow();
      },
      id: identity.id,
      get name() {
        return community.name;
      },
      ...registration.note(),
      view: viewOf(community, peering, store),
      onBroken: (listener) => broken.tell(listener),
      monitor: monitor?.address,
      stop: () => {
        monitor?.readiness.end();
        return closing.close();
      },
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
