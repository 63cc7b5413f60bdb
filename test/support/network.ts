import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegistryConfig, Running, RunningServer, ServerConfig } from '../../src/app/config.js';
import { startRegistry } from '../../src/app/start-registry.js';
import { startServer } from '../../src/app/start-server.js';
import { connect, type Moot } from '../../src/client/index.js';

/** A whole network in this process, over real connections on free ports; `stop` leaves nothing behind. */
export class TestNetwork {
  readonly folder = mkdtempSync(join(tmpdir(), 'moot-network-'));
  readonly home = join(this.folder, 'home');
  readonly servers = new Map<string, RunningServer>();
  private registered: Running | undefined;

  get registry(): string {
    return this.registered?.address ?? 'localhost:1';
  }

  /** Starts a registry, a server for each name, and links them as the pairs say. */
  async start(
    names: readonly string[],
    links: readonly (readonly [string, string])[] = [],
    registry: Partial<RegistryConfig> = {},
  ): Promise<void> {
    this.registered = await startRegistry({ host: '127.0.0.1', port: 0, ...registry });
    await Promise.all(names.map((name) => this.startServer(name)));
    const moot = await this.connectAtHome();
    for (const [from, to] of links) await (await moot.operator(from)).connect(to);
    await moot.close();
  }

  async startServer(name: string, change: Partial<ServerConfig> = {}): Promise<RunningServer> {
    const server = await startServer({
      host: '127.0.0.1',
      port: 0,
      name,
      data: join(this.folder, name),
      topics: [],
      admission: 'open',
      readable: 'members',
      store: 'memory:',
      registries: [this.registry],
      home: this.home,
      insecure: false,
      ...change,
    });
    this.servers.set(name, server);
    return server;
  }

  /** The SDK, with a home of its own in memory. */
  connect(): Promise<Moot> {
    return connect({ registry: this.registry });
  }

  /** The same, with the operators' tokens at hand. */
  connectAtHome(): Promise<Moot> {
    return connect({ registry: this.registry, home: this.home });
  }

  async stopRegistry(): Promise<void> {
    await this.registered?.stop();
    this.registered = undefined;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.servers.values()].map((server) => server.stop()));
    await this.registered?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
