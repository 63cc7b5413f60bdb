import { join } from 'node:path';
import { connect, type Moot } from '../../src/client/index.js';
import { freePort } from './free-port.js';
import { TestNats } from './nats.js';
import { OwnPostgres } from './own-postgres.js';
import { type Daemon, Processes } from './processes.js';

/** A community of several replicas, with a PostgreSQL, a NATS and a registry of its own; every part can be killed. */
export class Replicated {
  readonly processes = new Processes();
  readonly replicas: Daemon[] = [];
  private readonly ports: number[] = [];
  private readonly clients: Moot[] = [];
  registry: Daemon | undefined;

  private constructor(
    readonly postgres: OwnPostgres,
    readonly nats: TestNats | undefined,
    private readonly flags: readonly string[],
  ) {}

  static async start(count: number, { hasBus = true, flags = [] as readonly string[] } = {}): Promise<Replicated> {
    const postgres = await OwnPostgres.start();
    const replicated = new Replicated(postgres, hasBus ? await TestNats.start() : undefined, flags);
    replicated.registry = await replicated.processes.startRegistry();
    for (let at = 0; at < count; at += 1) {
      replicated.ports.push(await freePort());
      // The first makes what all of them share.
      await replicated.startReplica(at);
    }
    return replicated;
  }

  async startReplica(at: number): Promise<Daemon> {
    const { processes, postgres, nats, ports, flags } = this;
    const port = String(ports[at]);
    const own = ['--name', 'Assembly', '--data', join(processes.folder, `replica${at}`)];
    const shared = ['--identity', join(processes.folder, 'shared.pem'), '--store', postgres.url];
    const bus = nats ? ['--bus', nats.url] : [];
    const daemon = await processes.start('server', port, ...own, ...shared, ...bus, '--verbose', ...flags);
    this.replicas[at] = daemon;
    return daemon;
  }

  addressOf(at: number): string {
    return `localhost:${this.ports[at]}`;
  }

  /** The SDK; with the operators' tokens at hand. */
  async connect(): Promise<Moot> {
    const moot = await connect({ registry: this.registry?.address ?? '', home: this.processes.home });
    this.clients.push(moot);
    return moot;
  }

  /** Somebody else: memberships of their own. */
  async stranger(): Promise<Moot> {
    const moot = await connect({ registry: this.registry?.address ?? '' });
    this.clients.push(moot);
    return moot;
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((moot) => moot.close()));
    await this.processes.close();
    await this.nats?.kill();
    await this.postgres.close();
  }
}
