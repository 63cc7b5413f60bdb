import { randomUUID } from 'node:crypto';
import { Replicas } from '../community/replicas/replicas.js';
import { Ahead } from './ahead.js';
import { announce } from './announcing.js';
import { allOrNothing, type Closing } from './closing.js';
import type { RunningServer, ServerConfig } from './config.js';
import { followLinks } from './follow-links.js';
import { openGround } from './ground.js';
import { openMirroring } from './mirroring.js';
import { openCommunity } from './open-community.js';
import { openReach } from './reaching.js';
import { suits } from './replicating.js';
import { planOf, type ServerPlan } from './server-plan.js';
import { viewOf } from './server-view.js';
import { openServing } from './serving.js';

/**
 * Runs a community until `stop`. Ready when it answers calls and has asked every registry once, whatever they said.
 * @throws MootError naming what is wrong with the configuration, the data folder or the address; nothing is then left running.
 */
export async function startServer(config: ServerConfig): Promise<RunningServer> {
  const plan = planOf(config);
  return allOrNothing((closing) => start(plan, config, closing));
}

/** Each step is made of those before it, and closed before them. */
async function start(plan: ServerPlan, config: ServerConfig, closing: Closing): Promise<RunningServer> {
  const name = { now: plan.name };
  const ahead = new Ahead();
  const ground = await openGround(plan, config, closing);
  const { clock, store } = ground;
  const reach = openReach({ ...ground, name, ahead }, config, closing);
  const replicas = plan.isShared ? new Replicas({ self: randomUUID(), leases: store.leases, clock, suits }) : undefined;
  const mirroring = await openMirroring({ ...ground, ...reach, name, ahead, replicas }, config, closing);
  const opened = await openCommunity({ ...ground, ...reach, ...mirroring, name, rules: plan.rules }, config, closing);
  const replicating = await followLinks({ ...ground, ...reach, ...mirroring, replicas }, config, closing);
  const made = { ...ground, ...reach, ...mirroring, ...opened, plan, name, replicating };
  const serving = await openServing(made, config, closing);
  const registration = await announce({ ...made, ...serving }, config, closing);
  return {
    get address() {
      return serving.address();
    },
    id: ground.identity.id,
    get name() {
      return name.now;
    },
    ...registration.note(),
    view: viewOf(opened.community, serving.peering, store),
    onBroken: (listener) => ground.broken.tell(listener),
    monitor: ground.monitor?.address,
    stop: () => closing.close(),
  };
}
