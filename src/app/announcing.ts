import type { Community } from '../community/community.js';
import type { Mirrors } from '../federation/mirrors/mirrors.js';
import type { Closing } from './closing.js';
import type { ServerConfig } from './config.js';
import type { Ground } from './ground.js';
import type { LoopDelay } from './loop-delay.js';
import type { Reach } from './reaching.js';
import { listAtRegistries, type Registered } from './registering.js';
import type { Replicating } from './replicating.js';
import type { ServerPlan } from './server-plan.js';
import type { Serving } from './serving.js';

export interface AnnouncingParts
  extends Pick<Ground, 'identity' | 'store' | 'certificate' | 'monitor'>,
    Pick<Reach, 'registries' | 'breakers'>,
    Serving {
  readonly plan: ServerPlan;
  readonly community: Community;
  readonly loop: LoopDelay;
  readonly mirrors: Mirrors;
  readonly replicating: Replicating | undefined;
}

/** Tells the other replicas, the registries and whoever watches that a community is served, and when it is no longer. */
export async function announce(parts: AnnouncingParts, config: ServerConfig, closing: Closing): Promise<Registered> {
  const { store, certificate, monitor, breakers, plan, community, loop, mirrors, replicating, health } = parts;
  if (replicating) {
    closing.onClose(() => replicating.replicas.stop());
    await replicating.join(parts.address, community, parts.peering, parts.operators);
  }
  const registration = await register(parts, config);
  closing.onClose(() => health.end());
  closing.onClose(() => registration.stop());
  replicating?.replicas.onChange(() => registration.changed());
  health.begin();
  monitor?.serves({
    community,
    store,
    mirrors,
    breakers,
    loopDelayMs: () => loop.delayMs(),
    dir: plan.dir,
    registration,
  });
  // Last, so that whoever watches hears of the end before anything ends.
  closing.onClose(() => monitor?.readiness.end());
  // Who found the server by a registry accepts the key that is listed, and no other.
  certificate?.onChange(() => registration.changed());
  void community.links.refreshAll();
  return registration;
}

function register(
  { identity, store, registries, community, replicating, address }: AnnouncingParts,
  { name, log }: ServerConfig,
): Promise<Registered> {
  return listAtRegistries({
    community,
    identity,
    addresses: () => replicating?.replicas.addresses() ?? [address()],
    replicas: replicating && {
      alone: (work) => replicating.alone('registration', work),
      others: () => replicating.replicas.othersAddresses(),
    },
    registries,
    settings: store.settings,
    isDefaultName: name === undefined,
    log,
  });
}
