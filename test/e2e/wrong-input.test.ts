import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { connect } from '../../src/client/index.js';
import { Processes } from '../support/processes.js';
import { Terminal } from '../support/terminal.js';
import { type WrongPlace, wrongInputs } from '../support/wrong-inputs.js';

const network = new Processes();
let place: WrongPlace;
let registry = '';

beforeAll(async () => {
  registry = (await network.startRegistry('--max-servers', '3')).address;
  const hamlet = await network.startServer('Hamlet', '--topics', 'chess');
  await network.startServer('Othello');
  const second = await network.start('registry', '--port', '0');
  const twin = ['--data', join(network.folder, 'twin'), '--registry', second.address];
  await network.start('server', '0', '--name', 'Hamlet', ...twin);
  const dead = await network.startServer('Dead');
  await network.ok('join', 'Hamlet', '--as', 'ada');
  await network.ok('connect', 'Hamlet', 'Othello');
  for (const body of ['one', 'two']) await network.ok('publish', 'Hamlet', '--topic', 'chess', '--body', body);
  const page = String((await network.ok('query', 'Hamlet', '--limit', '1')).at(-1)?.next);
  await dead.end('SIGKILL');
  const { folder } = network;
  writeFileSync(join(folder, 'large.txt'), 'x'.repeat(256 * 1024 + 1));
  writeFileSync(join(folder, 'latin.txt'), Buffer.from([0x63, 0x61, 0x66, 0xe9]));
  writeFileSync(join(folder, 'broken.ndjson'), 'nonsense\n{"topic":"chess"}\n[]\n');
  writeFileSync(join(folder, 'empty.ndjson'), '');
  writeFileSync(join(folder, 'wrong.token'), `${'w'.repeat(43)}\n`);
  writeFileSync(join(folder, 'endless.ndjson'), '');
  truncateSync(join(folder, 'endless.ndjson'), 300 * 1024 * 1024);
  const port = hamlet.address.split(':').at(-1) ?? '';
  place = {
    registry,
    folder,
    hamlet: { port, address: hamlet.address },
    dead: dead.address,
    page,
    second: second.address,
  };
}, 60_000);
afterAll(() => network.close());

/** As a process of its own would, save for its start. */
async function moot(argv: readonly string[]) {
  const terminal = new Terminal({ env: { MOOT_HOME: network.home, MOOT_REGISTRY: registry } });
  const status = await run(argv, terminal.io, '0.0.0');
  return { status, stdout: terminal.stdout, stderr: terminal.stderr };
}

async function articles(): Promise<number> {
  await using there = await connect({ registry });
  return (await there.find(place.hamlet.address)).articles;
}

describe('wrong input is refused, with what failed, why, and what to do; and nothing comes of it', () => {
  it.each(wrongInputs)(
    '$what',
    async ({ command, status, says }) => {
      const before = await articles();
      const ended = await moot(command(place));
      for (const part of says) expect(ended.stderr).toMatch(part);
      expect(ended.status).toBe(status);
      expect(ended.stderr).not.toMatch(/internal|undefined|\bat .*\.js|fault/);
      expect(await articles()).toBe(before);
    },
    20_000,
  );

  it('a line of 300 MB is refused without being held in memory', async () => {
    const before = process.resourceUsage().maxRSS;
    const { status, stderr } = await moot(['import', 'Hamlet', join(network.folder, 'endless.ndjson')]);
    expect(status).toBe(1);
    expect(stderr).toContain('endless.ndjson:1');
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(100 * 1024);
    expect(await articles()).toBe(2);
  }, 30_000);

  it('a server that finds the registry full starts, says so, and is not listed', async () => {
    const more = await network.startServer('More');
    const last = await network.startServer('Last');
    expect([more.ready.registered, last.ready.registered]).toContain(false);
    expect(await Promise.all([more.end(), last.end()])).toEqual([0, 0]);
  }, 30_000);
});
