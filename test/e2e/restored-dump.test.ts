import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Community, Moot } from '../../src/client/index.js';
import { connect } from '../../src/client/index.js';
import { itWhere } from '../support/abilities.js';
import { askPostgres, hasPostgres, postgresServer } from '../support/postgres.js';
import { type Daemon, Processes } from '../support/processes.js';

const network = new Processes();
const run = `moot_test_${randomBytes(6).toString('hex')}`;
const databases = [`${run}_was`, `${run}_is`];
const identity = join(network.folder, 'shared.pem');
const dump = join(network.folder, 'assembly.dump');
const itWithPrograms = itWhere('a dump of PostgreSQL needs pg_dump', 'pg_dump', '--version');
const itWithDump = hasPostgres ? itWithPrograms : it.skip;
let moot: Moot | undefined;

afterAll(async () => {
  await moot?.close();
  await network.close();
  if (hasPostgres) for (const name of databases) await askPostgres(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}, 60_000);

function urlOf(database: string | undefined): string {
  const url = new URL(postgresServer);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs a program of PostgreSQL to its end. */
async function runs(program: string, ...args: string[]): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const status = await new Promise((resolve) => child.once('close', resolve));
  expect([program, status, stderr]).toEqual([program, 0, '']);
}

/** Two replicas, one after the other. */
async function replicasOn(store: string): Promise<readonly Daemon[]> {
  const daemons: Daemon[] = [];
  for (const name of ['one', 'two']) {
    const own = ['--name', 'Assembly', '--data', join(network.folder, name), '--identity', identity];
    daemons.push(await network.start('server', '0', ...own, '--store', store, '--verbose'));
  }
  return daemons;
}

/** What was acknowledged, by what it says. */
class Published {
  readonly acked = new Map<string, { readonly id: string; readonly place: string }>();
  private readonly working: Promise<void>[] = [];
  private isOver = false;
  private told = (): void => undefined;

  constructor(communities: readonly Community[]) {
    for (const [at, community] of communities.entries())
      for (const who of ['a', 'b']) this.working.push(this.write(community, `${who}${at}`));
  }

  /** Resolves once `more` further ones are acknowledged. */
  async further(more: number): Promise<void> {
    const goal = this.acked.size + more;
    await new Promise<void>((resolve) => {
      this.told = () => this.acked.size >= goal && resolve();
    });
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.working);
  }

  private async write(community: Community, who: string): Promise<void> {
    for (let n = 0; !this.isOver; n += 1) {
      const body = `${who} ${n} ${process.hrtime.bigint()}`;
      const { id, epoch, seq } = await community.publish({ topic: 'load', author: who, body });
      this.acked.set(body, { id, place: `${epoch}/${seq}` });
      this.told();
    }
  }
}

describe('a community in PostgreSQL that is put back from a dump', () => {
  itWithDump(
    'N3 has every article that was acknowledged before the dump began, and gives no place of its log to two texts',
    async () => {
      const [was, is] = databases.map(urlOf) as [string, string];
      for (const name of databases) await askPostgres(`CREATE DATABASE ${name}`);
      const registry = await network.startRegistry();
      moot = await connect({ registry: registry.address });
      const reach = async (daemons: readonly Daemon[]): Promise<Community[]> => {
        const reached: Community[] = [];
        for (const { address } of daemons) reached.push((await moot?.community(address)) as Community);
        return reached;
      };

      const first = await replicasOn(was);
      await moot.join('Assembly', { as: 'ada' });
      const published = new Published(await reach(first));
      await published.further(100);
      const folder = join(network.folder, 'one');
      const look = async (store: string) => {
        const places = ['--data', folder, '--identity', identity, '--store', store];
        const { status, lines } = await network.here(['doctor', ...places, '--json']);
        const found = lines.filter((line) => line.status !== 'ok');
        return { status, found, checks: lines.map(({ check }) => check) };
      };
      // One view of what two replicas append to meanwhile.
      expect(await look(was)).toMatchObject({ status: 0, found: [] });
      const before = new Map(published.acked);
      const dumped = runs('pg_dump', '-Fc', '-f', dump, was);
      await Promise.all([dumped, published.further(20)]);
      await published.further(100);
      await published.end();
      for (const replica of first) await replica.end('SIGKILL');
      await askPostgres(`DROP DATABASE ${databases[0]} WITH (FORCE)`);

      await runs('pg_restore', '-d', is, dump);
      await network.ok('restore', folder, '--identity', identity, '--store', is);
      expect(await look(is)).toMatchObject({ status: 0, found: [], checks: expect.arrayContaining(['restored']) });

      const second = await replicasOn(is);
      const began = second.map((daemon) => /restored from a backup: epoch (\d+) begins/.exec(daemon.stderr())?.[1]);
      expect(began).toEqual([expect.stringMatching(/^\d{10,}$/), undefined]);
      const communities = await reach(second);
      const stored = new Map<string, string>();
      for await (const { body, id } of (communities[0] as Community).queryAll({ topics: ['load'] }))
        stored.set(body, id);
      expect([...before].filter(([body, { id }]) => stored.get(body) !== id)).toEqual([]);
      // What came after the dump is lost, or there would be no place to give twice.
      const lost = [...published.acked].filter(([body]) => !stored.has(body));
      expect(lost.length).toBeGreaterThanOrEqual(100);

      const again = new Published(communities);
      await again.further(100);
      await again.end();
      const bodyAt = new Map([...published.acked].map(([body, { place }]) => [place, body]));
      expect([...again.acked].filter(([, { place }]) => bodyAt.has(place))).toEqual([]);
      expect([...again.acked.values()].filter(({ place }) => !place.startsWith(`${began[0]}/`))).toEqual([]);
      expect(await Promise.all(second.map((daemon) => daemon.end()))).toEqual([0, 0]);
      expect(await look(is)).toMatchObject({ status: 0, found: [], checks: expect.not.arrayContaining(['restored']) });
    },
    120_000,
  );
});
