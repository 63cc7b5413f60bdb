import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Line, Processes } from '../support/processes.js';
import { lostFrom, Publishing } from '../support/publishing.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close();
});

function begin(): { network: Processes; publishing: Publishing; file: (name: string) => string } {
  const network = new Processes();
  const publishing = new Publishing();
  open.push(network, { close: () => publishing.end() });
  return { network, publishing, file: (name) => join(network.folder, name, 'moot.db') };
}

/** Tracing another process needs strace and the right to use it. */
const canTrace = spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0;
if (!canTrace && process.env.CI === 'true') throw new Error('CI=true, but strace cannot be used here');
if (!canTrace) process.stderr.write('SKIPPED: the test of a failing disk needs strace\n');

/** A small disk of its own needs the right to mount one. */
const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
if (!canMount && process.env.CI === 'true') throw new Error('CI=true, but nothing can be mounted here');
if (!canMount) process.stderr.write('SKIPPED: the test of a full disk needs the right to mount\n');

describe('a server that is asked to stop', () => {
  it('S4.3 finishes what it has taken, ends with status 0 within 10 s, and has all that it acknowledged', async () => {
    const { network, publishing, file } = begin();
    const server = await network.startServer('Graceful');
    for (const name of ['ada', 'bob']) publishing.start(server.address, name);
    await publishing.noted(500);
    expect(await server.end('SIGTERM')).toBe(0);
    await publishing.end();
    expect(lostFrom(file('Graceful'), publishing)).toEqual([]);
  }, 20_000);
});

describe('a disk that refuses', () => {
  (canTrace ? it : it.skip)(
    'ends all acknowledgements at the first failed sync, with status 74',
    async () => {
      const { network, publishing, file } = begin();
      const server = await network.startServer('Refused');
      publishing.start(server.address, 'ada');
      await publishing.noted(200);
      const ended = new Promise((resolve) => server.child.once('exit', resolve));
      const inject = ['-f', '-p', String(server.child.pid), '-e', 'inject=fdatasync,fsync:error=EIO'];
      const tracer = spawnSync('timeout', ['3', 'strace', ...inject], { stdio: 'ignore' });
      expect(tracer.error).toBeUndefined();
      expect(await ended).toBe(74);
      expect(server.stderr()).toContain('the disk');
      await publishing.end();
      expect(lostFrom(file('Refused'), publishing)).toEqual([]);
    },
    30_000,
  );
});

describe('a full disk', () => {
  (canMount ? it : it.skip)(
    'refuses what is published and serves all else; with room again, it publishes again',
    async () => {
      const { network } = begin();
      const disk = join(network.folder, 'disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]);
      try {
        const server = await network.start('server', '0', '--name', 'Full', '--data', join(disk, 'data'));
        await network.ok('join', server.address);
        const body = join(network.folder, 'body');
        writeFileSync(body, 'text '.repeat(40_000));
        const publish = () => network.run(['publish', server.address, '--topic', 'a', '--file', body, '--json']);
        expect((await publish()).status).toBe(0);
        spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'ballast')}`, 'bs=64k'], { stdio: 'ignore' });
        const refused = await publish();
        expect(refused.status).toBe(1);
        expect(refused.stderr).toMatch(/^moot: cannot publish in .*: the disk is full.*\ntry: free/m);
        const articles = (lines: readonly Line[]) => lines.filter(({ type }) => type === 'article').length;
        expect(articles(await network.ok('query', server.address))).toBe(1);
        rmSync(join(disk, 'ballast'));
        expect((await publish()).status).toBe(0);
        expect(articles(await network.ok('query', server.address))).toBe(2);
        expect(await server.end()).toBe(0);
      } finally {
        spawnSync('umount', ['-l', disk]);
      }
    },
    30_000,
  );
});

describe('a damaged database', () => {
  it('is not served: the start ends with status 65 and says what to do', async () => {
    const { network, file } = begin();
    const server = await network.startServer('Damaged');
    await network.ok('join', server.address);
    for (let n = 0; n < 3; n += 1) await network.ok('publish', server.address, '--topic', 'a', '--body', `${n}`);
    await server.end();
    truncateSync(file('Damaged'), 8192);
    const args = ['server', '0', '--name', 'Damaged', '--data', join(network.folder, 'Damaged')];
    const again = await network.run(args);
    expect(again.status).toBe(65);
    expect(again.stderr).toMatch(/^moot: cannot run Damaged: .*database.*\ntry: .*copy/m);
  }, 20_000);
});
