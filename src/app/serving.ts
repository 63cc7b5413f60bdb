import type { Community, CurrentName } from '../community/community.js';
import { Peering } from '../community/peering.js';
import { OperatorHashes } from '../community/replicas/operator-hashes.js';
import type { Mirrors } from '../federation/mirrors/mirrors.js';
import type { KeyRing } from '../identity/key-ring.js';
import { tokenHash } from '../identity/tokens.js';
import { Health } from '../rpc/health.js';
import type { Rates } from '../rpc/rates.js';
import { advertised } from './addresses.js';
import type { Closing } from './closing.js';
import type { ServerConfig } from './config.js';
import type { Ground } from './ground.js';
import type { Replicating } from './replicating.js';
import { serveCommunity } from './serve-community.js';
import type { ServerPlan } from './server-plan.js';
import { settingsOf } from './settings-of.js';
import { shareRates } from './shared-rates.js';

export interface ServingParts
  extends Pick<Ground, 'identity' | 'clock' | 'store' | 'folder' | 'certificate' | 'monitor' | 'bus'> {
  readonly plan: ServerPlan;
  readonly name: CurrentName;
  readonly ring: KeyRing;
  readonly community: Community;
  readonly mirrors: Mirrors;
  readonly replicating: Replicating | undefined;
}

/** A community that can be called. */
export interface Serving {
  readonly peering: Peering;
  readonly operators: OperatorHashes;
  /** It has not begun. */
  readonly health: Health;
  /** HOST:PORT that others are told, with the fingerprint of the certificate as it is now. */
  readonly address: () => string;
}

/** Listens. A community that was given no name has that of its port from then on. */
export async function openServing(parts: ServingParts, config: ServerConfig, closing: Closing): Promise<Serving> {
  const { identity, clock, store, folder, certificate, monitor, plan, community, mirrors, ring } = parts;
  const peering = await Peering.open({
    self: identity.id,
    name: () => parts.name.now,
    policy: plan.rules.peering,
    store: store.peering,
    clock,
  });
  closing.onClose(() => peering.close());
  const operators = new OperatorHashes(tokenHash(folder.operatorToken), store.settings);
  const health = new Health();
  const server = await serveCommunity(
    {
      ...{ community, peering, mirrors, identity, ring, operators, health, certificate },
      shared: sharedOf(parts, closing),
      meters: monitor?.calls,
      settings: settingsOf(config, plan.dir, folder.databaseFile, plan.limits),
    },
    config,
  );
  closing.onClose(() => server.stop());
  if (config.name === undefined) community.rename(`Server${server.port}`);
  const { host, advertise } = config;
  const address = (): string => advertised(host, server.port, advertise, certificate?.fingerprint);
  return { peering, operators, health, address };
}

function sharedOf({ replicating, bus, clock }: ServingParts, closing: Closing) {
  return (
    replicating && {
      strangersNow: () => replicating.strangersNow(),
      shareRates: (rates: Rates) => bus && closing.onClose(shareRates(bus, replicating.replicas.self, rates, clock)),
    }
  );
}
