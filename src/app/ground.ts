import { existsSync } from 'node:fs';
import type { Bus } from '../core/bus.js';
import { type Clock, systemClock } from '../core/clock.js';
import type { Store } from '../core/stores.js';
import type { Identity } from '../identity/keys.js';
import { requireFreePort } from '../rpc/server.js';
import { type DataFolder, openDataFolder } from '../store/data-folder.js';
import { openStore } from '../store/open-store.js';
import { requirePlaces } from './before-start.js';
import { Broken } from './broken.js';
import type { Closing } from './closing.js';
import type { ServerConfig } from './config.js';
import { LiveCertificate } from './live-certificate.js';
import { openMonitor, type ServerMonitor } from './monitoring.js';
import { keepOperatorToken } from './operator-token.js';
import { openReplicaBus } from './replica-bus.js';
import type { ServerPlan } from './server-plan.js';

/** What a server stands on, before it knows of any other. */
export interface Ground {
  readonly clock: Clock;
  /** None: it is not watched. */
  readonly monitor: ServerMonitor | undefined;
  /** None: it speaks plaintext. */
  readonly certificate: LiveCertificate | undefined;
  readonly folder: DataFolder;
  readonly identity: Identity;
  /** None: no other replica is told of anything. */
  readonly bus: Bus | undefined;
  readonly store: Store;
  readonly broken: Broken;
}

/** Opens what a community has of its own, and makes what is missing of it. @throws MootError naming what cannot be had. */
export async function openGround({ dir, limits }: ServerPlan, config: ServerConfig, closing: Closing): Promise<Ground> {
  const { host, port, home, identityFile, log } = config;
  const clock = systemClock;
  // First, so that it is there to say that the rest begins, and the last to go.
  const monitor = config.monitor && closing.owns(await openMonitor(config.monitor, clock));
  const broken = new Broken();
  broken.tell(({ message }) => monitor?.readiness.break(message));
  const certificate = config.certificate && closing.owns(await LiveCertificate.open(config.certificate, clock, log));
  // A start that cannot be makes no community: where there is a folder, its lock has the better answer.
  if (!existsSync(dir)) await requireFreePort(host, port);
  await requirePlaces({ dir, store: config.store, identityFile, home });
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
  if (home !== undefined) await keepOperatorToken(home, identity.id, folder.operatorToken);
  return { clock, monitor, certificate, folder, identity, bus, store, broken };
}
