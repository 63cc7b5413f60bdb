import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect } from '@jest/globals';
import { type Community, connect, isMootError, type Moot } from '../../src/client/index.js';
import { itWithMounting, itWithTracing } from '../support/abilities.js';
import { type Daemon, Processes } from '../support/processes.js';
import { storedBodies } from '../support/publishing.js';

const network = new Processes();
const clients: Moot[] = [];
afterAll(async () => {
  for (const moot of clients) await moot.close();
  await network.close();
});

async function joined(address: string): Promise<Community> {
  const moot = await connect({ registry: 'localhost:1', timeoutMs: 2000 });
  clients.push(moot);
  return moot.join(address, { as: 'ada' });
}

/** From when it resolves, the `nth` sync of each thread of `daemon` fails, once. */
async function failSync({ child }: Daemon, nth: number): Promise<void> {
  const inject = `inject=fsync,fdatasync:error=EIO:when=${nth}`;
  const strace = spawn('strace', ['-f', '-p', String(child.pid), '-e', 'trace=fsync,fdatasync', '-e', inject], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines = createInterface(strace.stderr);
  for (;;) {
    const [line] = (await once(lines, 'line')) as [string];
    if (line.includes('attached')) return;
  }
}

/** Body → id of all that was acknowledged until the server ended, one article at a time; at most a hundred. */
async function publishToTheEnd(community: Community, { child }: Daemon): Promise<ReadonlyMap<string, string>> {
  const acked = new Map<string, string>();
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  for (let n = 0; child.exitCode === null && acked.size < 100; n += 1) {
    const body = `article ${n}`;
    const options = { signal: ended.signal };
    const published = await community.publish({ topic: 'a', body }, options).catch(() => undefined);
    if (published) acked.set(body, published.id);
  }
  return acked;
}

async function endsAtSync(nth: number): Promise<{ status: number | null; acked: number; lost: number; said: boolean }> {
  const name = `Sync${nth}`;
  const server = await network.startServer(name);
  const community = await joined(server.address);
  await failSync(server, nth);
  const acked = await publishToTheEnd(community, server);
  const status = await server.end('SIGKILL');
  const stored = new Map(storedBodies(join(network.folder, name, 'moot.db')));
  const lost = [...acked].filter(([body, id]) => stored.get(body) !== id).length;
  return { status, acked: acked.size, lost, said: server.stderr().includes('the disk refused') };
}

describe('a disk that refuses', () => {
  const all = Array.from({ length: 20 }, (_, at) => at + 1);

  itWithTracing(
    'at any one of twenty syncs ends all acknowledgements there, and the server with status 74',
    async () => {
      const waiting = [...all];
      const seen: [number, Awaited<ReturnType<typeof endsAtSync>>][] = [];
      const work = async (): Promise<void> => {
        for (let nth = waiting.shift(); nth !== undefined; nth = waiting.shift())
          seen.push([nth, await endsAtSync(nth)]);
      };
      await Promise.all([work(), work(), work(), work()]);
      for (const [nth, { acked, ...ended }] of seen) {
        expect([nth, ended]).toEqual([nth, { status: 74, lost: 0, said: true }]);
        // Each acknowledgement needs a sync of its own before it.
        expect(acked).toBeLessThan(nth);
      }
      expect(seen.map(([nth]) => nth).sort((a, b) => a - b)).toEqual(all);
      expect(Math.max(...seen.map(([, { acked }]) => acked))).toBeGreaterThan(5);
    },
    180_000,
  );

  itWithTracing.each([
    ['its first file', 1],
    ['its database', 7],
    ['its counter', 13],
  ])(
    'when it keeps %s, refuses to start, with status 74',
    async (_, nth) => {
      const data = join(network.folder, `start${nth}`);
      const moot = [process.execPath, 'dist/bin/moot.js', 'server', '0', '--name', 'Start', '--data', data];
      const inject = ['-e', 'trace=fsync,fdatasync', '-e', `inject=fsync,fdatasync:error=EIO:when=${nth}`];
      const args = ['-f', '--seccomp-bpf', '-o', '/dev/null', ...inject, ...moot];
      const env = { ...process.env, MOOT_HOME: network.home, MOOT_REGISTRY: 'localhost:1' };
      const child = spawn('strace', args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
      let stderr = '';
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      expect(await once(child, 'exit')).toEqual([74, null]);
      expect(stderr).toMatch(/^moot: cannot run Start: .*\ntry: .*disk/m);
    },
    60_000,
  );
});

describe('a full disk', () => {
  itWithMounting(
    'twenty times, refuses what is published and serves all else; with room again, it publishes within 5 s',
    async () => {
      const disk = join(network.folder, 'disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]);
      try {
        const data = join(disk, 'data');
        const server = await network.start('server', '0', '--name', 'Full', '--data', data);
        const community = await joined(server.address);
        const acked = new Map<string, string>();
        const publish = async (): Promise<string> => {
          const body = `article ${acked.size} ${'text '.repeat(800)}`;
          try {
            acked.set(body, (await community.publish({ topic: 'a', body })).id);
            return 'acknowledged';
          } catch (error) {
            if (!isMootError(error)) throw error;
            expect(error).toMatchObject({
              message: expect.stringContaining('the disk is full'),
              hint: expect.stringContaining('free'),
            });
            return error.code;
          }
        };
        const slowest: number[] = [];
        for (let round = 0; round < 20; round += 1) {
          expect(await publish()).toBe('acknowledged');
          spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'ballast')}`, 'bs=4k'], { stdio: 'ignore' });
          while ((await publish()) !== 'full');
          expect(await ids(community)).toEqual(new Set(acked.values()));
          rmSync(join(disk, 'ballast'));
          const since = performance.now();
          while ((await publish()) !== 'acknowledged');
          slowest.push(performance.now() - since);
        }
        expect(Math.max(...slowest)).toBeLessThan(5000);
        expect(await ids(community)).toEqual(new Set(acked.values()));
        expect(server.child.exitCode).toBeNull();
        expect(await server.end()).toBe(0);
        expect(new Map(storedBodies(join(data, 'moot.db')))).toEqual(acked);
      } finally {
        spawnSync('umount', ['-l', disk]);
      }
    },
    120_000,
  );
});

async function ids(community: Community): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const { id } of community.queryAll({ scope: 'local' })) found.add(id);
  return found;
}
