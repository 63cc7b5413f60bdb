import { type Community, connect, type Moot } from '../../src/client/index.js';
import { FaultyProxy } from './faulty-proxy.js';
import { freePort } from './free-port.js';
import { type Daemon, Processes } from './processes.js';
import { seededRandom } from './seeded-random.js';

export const cliqueNames = ['Asked', 'Healthy', 'Killed', 'Stopped', 'Late', 'Cut', 'Hole'] as const;
export type CliqueName = (typeof cliqueNames)[number];

export const articlesEach = 5;

/** Seven real servers, each linked to each other, with proxies before three of them; `fail` breaks five. */
export class FaultyClique {
  readonly network = new Processes();
  private readonly ids = new Map<string, CliqueName>();
  private readonly daemons = new Map<CliqueName, Daemon>();
  private readonly proxies = new Map<CliqueName, FaultyProxy>();
  private moot: Moot | undefined;

  /** Resolves when each has the copies of all the others. */
  async start(names: readonly CliqueName[] = cliqueNames): Promise<Community> {
    const { network } = this;
    const registry = await network.startRegistry();
    for (const name of names) await this.startServer(name);
    this.moot = await connect({ registry: registry.address, home: network.home, timeoutMs: 30_000 });
    const members = new Map<CliqueName, Community>();
    for (const name of names) {
      const member = await this.moot.join(name, { as: 'ada' });
      members.set(name, member);
      this.ids.set(member.id, name);
      for (let n = 0; n < articlesEach; n += 1) await member.publish({ topic: 'news', body: `${n} from ${name}` });
    }
    for (const from of names) {
      const operator = await this.moot.operator(from);
      for (const to of names) if (to !== from) await operator.connect(to);
    }
    for (const member of members.values()) await hasTold(member, articlesEach * names.length);
    const asked = members.get('Asked');
    if (!asked) throw new Error('nobody to ask');
    return asked;
  }

  async fail(): Promise<void> {
    await this.daemons.get('Killed')?.end('SIGKILL');
    this.daemons.get('Stopped')?.child.kill('SIGSTOP');
    this.proxies.get('Late')?.become({ lateMs: 3000 });
    this.proxies.get('Cut')?.become({ resets: 0.3 });
    this.proxies.get('Hole')?.become({ isHole: true });
  }

  nameOf(id: string): CliqueName {
    const name = this.ids.get(id);
    if (!name) throw new Error(`${id} is not of this clique`);
    return name;
  }

  proxy(name: CliqueName): FaultyProxy {
    const proxy = this.proxies.get(name);
    if (!proxy) throw new Error(`there is no proxy before ${name}`);
    return proxy;
  }

  async close(): Promise<void> {
    await this.moot?.close();
    this.daemons.get('Stopped')?.child.kill('SIGCONT');
    await this.network.close();
    for (const proxy of this.proxies.values()) await proxy.close();
  }

  private async startServer(name: CliqueName): Promise<void> {
    const port = await freePort();
    const args = ['server', String(port), '--name', name, '--data', `${this.network.folder}/${name}`];
    if (['Late', 'Cut', 'Hole'].includes(name)) {
      const proxy = await FaultyProxy.start(seededRandom(name.length), port);
      this.proxies.set(name, proxy);
      args.push('--advertise', proxy.address);
    }
    this.daemons.set(name, await this.network.start(...args));
  }
}

/** Resolves when the server has so many articles, its copies included. */
async function hasTold(member: Community, articles: number): Promise<void> {
  let told = 0;
  for await (const event of member.subscribe({ from: 'beginning' })) {
    if (event.type === 'article') told += 1;
    if (told === articles) return;
  }
}
