import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Community, connect, type Moot, type Operator } from '../../src/client/index.js';
import { createIdentity } from '../../src/identity/keys.js';
import { freePort } from './free-port.js';
import { HostileDoor } from './hostile-door.js';
import { residentMiB } from './memory.js';
import { type Daemon, Processes } from './processes.js';

export const hostileNames = ['Asked', 'Between', 'Far', 'Hostile'] as const;
export type HostileName = (typeof hostileNames)[number];
export const newsEach = 5;

const collector = join(process.cwd(), 'test/support/collect-on-signal.mjs');

/** Real servers: Asked links to Between, and that to Far; Hostile stands behind a door that does as it is told. */
export class HostileNetwork {
  readonly identity = createIdentity();
  readonly members = new Map<HostileName, Community>();
  readonly daemons = new Map<HostileName, Daemon>();
  private readonly processes = new Processes(undefined, { NODE_OPTIONS: `--expose-gc --import ${collector}` });
  private opened: HostileDoor | undefined;
  private moot: Moot | undefined;
  private operator: Operator | undefined;

  async start(): Promise<void> {
    const { processes, identity } = this;
    this.opened = await HostileDoor.open(identity);
    const registry = await processes.startRegistry();
    const file = join(processes.folder, 'hostile.pem');
    writeFileSync(file, identity.privatePem, { mode: 0o600 });
    const port = await freePort();
    this.door.leadTo(port);
    for (const name of hostileNames) {
      const behind = ['--identity', file, '--advertise', this.door.address];
      const args = ['server', name === 'Hostile' ? String(port) : '0', '--name', name];
      const data = ['--data', join(processes.folder, name)];
      this.daemons.set(name, await processes.start(...args, ...data, ...(name === 'Hostile' ? behind : [])));
    }
    this.moot = await connect({ registry: registry.address, home: processes.home, timeoutMs: 30_000 });
    for (const name of hostileNames) {
      const member = await this.moot.join(name, { as: 'ada' });
      this.members.set(name, member);
      for (let n = 0; n < newsEach; n += 1) await member.publish({ topic: 'news', body: `${n} from ${name}` });
    }
    await (await this.moot.operator('Between')).connect('Far');
    await (await this.moot.operator('Hostile')).connect('Asked');
    this.operator = await this.moot.operator('Asked');
    await this.operator.connect('Between');
  }

  get door(): HostileDoor {
    if (!this.opened) throw new Error('the door is not open');
    return this.opened;
  }

  /** With a data folder for each server, by its name. */
  get folder(): string {
    return this.processes.folder;
  }

  member(name: HostileName): Community {
    const member = this.members.get(name);
    if (!member) throw new Error(`${name} has not started`);
    return member;
  }

  /** From now on Asked asks Hostile, and follows it. */
  async link(): Promise<void> {
    await this.operator?.connect('Hostile');
  }

  async unlink(): Promise<void> {
    await this.operator?.disconnect('Hostile');
  }

  /** What Asked holds in memory once its garbage is gone, in MiB. */
  async settledMiB(): Promise<number> {
    const { child } = this.daemons.get('Asked') ?? {};
    let least = Number.POSITIVE_INFINITY;
    for (let times = 0; times < 3; times += 1) {
      child?.kill('SIGUSR2');
      await pause(250);
      least = Math.min(least, residentMiB(child?.pid) ?? Number.NaN);
    }
    return least;
  }

  /** Processor time that Asked has used, in ms; the machine's load is not in it. */
  usedMs(): number {
    const fields = readFileSync(`/proc/${this.daemons.get('Asked')?.child.pid}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ');
    return 10 * (Number(fields?.[11]) + Number(fields?.[12]));
  }

  async close(): Promise<void> {
    await this.moot?.close();
    await this.processes.close();
    await this.opened?.close();
  }
}
