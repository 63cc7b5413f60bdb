import { join } from 'node:path';
import { connect, type Moot } from '../client/index.js';
import { codeOf } from '../core/errors.js';
import { allOrNothing, type Closing } from './closing.js';
import type { DemoConfig, RunningDemo, RunningServer, RunningWeb } from './config.js';
import { demoCommunities } from './demo/articles.js';
import type { DemoCommunity } from './demo/demo-community.js';
import { startRegistry } from './start-registry.js';
import { startServer } from './start-server.js';

const host = '127.0.0.1';

/**
 * Runs a whole network: a registry and communities that are linked into a ring, each with its articles. What it makes is
 * kept in `folder`, so that a second start goes on where the first ended.
 * @throws MootError naming the port that is in use; nothing is then left running.
 */
export async function startDemo(config: DemoConfig): Promise<RunningDemo> {
  return allOrNothing((closing) => start(config, closing));
}

async function start(config: DemoConfig, closing: Closing): Promise<RunningDemo> {
  const { folder, registryPort, log } = config;
  const home = config.home ?? join(folder, 'home');
  const registry = await startRegistry({ host, port: registryPort, log });
  closing.onClose(() => registry.stop());
  const servers: RunningServer[] = [];
  for (const [n, { name, topics }] of communitiesOf(config).entries()) {
    const server = await startServer({
      host,
      port: registryPort === 0 ? 0 : registryPort + 1 + n,
      name,
      data: join(folder, name),
      topics,
      admission: 'open',
      readable: 'public',
      registries: [registry.address],
      home,
      insecure: false,
      log,
    });
    servers.push(server);
    closing.onClose(() => server.stop());
  }
  const moot = await connect({ registry: registry.address, home: join(folder, 'home') });
  try {
    await Promise.all(communitiesOf(config).map((community) => fill(moot, community)));
    await ring(moot, servers, home);
  } finally {
    await moot.close();
  }
  const web = await startWebOn(config, registry.address);
  closing.onClose(() => web.stop());
  return {
    registry: registry.address,
    web,
    servers: servers.map(({ id, name, address }) => ({ id, name, address })),
    stop: () => closing.close(),
  };
}

/** On the port that was asked for, else on a free one: a demo is to be looked at. */
async function startWebOn({ webPort, version, log }: DemoConfig, registry: string): Promise<RunningWeb> {
  const { startWeb } = await import('./start-web.js');
  const common = { registries: [registry], host, version, insecure: false, log };
  return startWeb({ ...common, port: webPort }).catch((error: unknown) => {
    if (codeOf(error) !== 'already_exists') throw error;
    return startWeb({ ...common, port: 0 });
  });
}

/** The written ones first; beyond them, communities that wait for their first article. */
function communitiesOf({ communities }: DemoConfig): readonly DemoCommunity[] {
  return Array.from({ length: communities }, (_, n) => {
    const written = demoCommunities[n];
    return written ?? { name: `Commons${n + 1}`, about: 'A community that is still empty.', topics: [], articles: [] };
  });
}

async function fill(moot: Moot, { name, articles }: DemoCommunity): Promise<void> {
  const known = (await moot.servers({ name })).some((server) => server.joined);
  const community = await (known ? moot.community(name) : moot.join(name, { as: 'editor' }));
  const items = articles.map(({ key, ...draft }) => ({ key, draft }));
  for await (const result of community.publishAll(items)) if (result.refused) throw result.refused;
}

async function ring(moot: Moot, servers: readonly RunningServer[], home: string): Promise<void> {
  for (const [n, from] of servers.entries()) {
    const to = servers[(n + 1) % servers.length];
    if (!to || to === from) continue;
    const operator = await moot.operator(from.name, { tokenFile: join(home, 'operators', from.id) });
    const peers = await operator.peers();
    if (!peers.some((peer) => peer.to === to.id)) await operator.connect(to.name);
  }
}
