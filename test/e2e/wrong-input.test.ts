import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { connect } from '../../src/client/index.js';
import { Processes } from '../support/processes.js';
import { Terminal } from '../support/terminal.js';
import { type WrongPlace, wrongInputs } from '../support/wrong-inputs.js';

const network = new Processes();
const readOnly = join(network.folder, 'read-only');
const addresses: string[] = [];
let place: WrongPlace;
let registry = '';

beforeAll(async () => {
  registry = (await network.startRegistry()).address;
  const hamlet = await network.startServer('Hamlet', '--topics', 'chess');
  const othello = await network.startServer('Othello');
  const second = await network.start('registry', '--port', '0');
  const elsewhere = ['--data', join(network.folder, 'twin'), '--registry', second.address];
  const twin = await network.start('server', '0', '--name', 'Hamlet', ...elsewhere);
  const dead = await network.startServer('Dead');
  addresses.push(hamlet.address, othello.address, twin.address);
  await network.ok('join', 'Hamlet', '--as', 'ada');
  await network.ok('connect', 'Hamlet', 'Othello');
  for (const body of ['one', 'two']) await network.ok('publish', 'Hamlet', '--topic', 'chess', '--body', body);
  const page = String((await network.ok('query', 'Hamlet', '--limit', '1')).at(-1)?.next);
  await dead.end('SIGKILL');
  const { folder } = network;
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  truncateSync(join(folder, 'endless.ndjson'), 300 * 1024 * 1024);
  mkdirSync(readOnly);
  // Nothing is read-only to root but a disk that is.
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', readOnly]).status === 0;
  if (!mounted) chmodSync(readOnly, 0o500);
  const port = hamlet.address.split(':').at(-1) ?? '';
  const there = { port, address: hamlet.address };
  place = { registry, folder, hamlet: there, dead: dead.address, page, second: second.address };
});
afterAll(async () => {
  spawnSync('umount', ['-l', readOnly]);
  await network.close();
});

const files = {
  'large.txt': 'x'.repeat(256 * 1024 + 1),
  'latin.txt': Buffer.from([0x63, 0x61, 0x66, 0xe9]),
  'broken.ndjson': 'nonsense\n{"topic":"chess"}\n[]\n',
  'bodiless.ndjson': '{"topic":"chess"}\n',
  'dated.ndjson': '{"topic":"chess","body":"b","publishedAt":"2026-02-30"}\n',
  'weather.ndjson': '{"topic":"weather","body":"b"}\n',
  'empty.ndjson': '',
  'blank.ndjson': '\n \n',
  'wrong.token': `${'w'.repeat(43)}\n`,
  'endless.ndjson': '',
};

/** As a process of its own would, save for its start. */
async function moot(argv: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const terminal = new Terminal({ env: { MOOT_HOME: network.home, MOOT_REGISTRY: registry, ...more } });
  const status = await run(argv, terminal.io, '0.0.0');
  return { status, stdout: terminal.stdout, stderr: terminal.stderr };
}

/** Of every community of the test. */
async function articles(): Promise<readonly number[]> {
  await using there = await connect({ registry });
  return await Promise.all(addresses.map(async (address) => (await there.find(address)).articles));
}

describe('wrong input is refused, with what failed, why, and what to do; and nothing comes of it', () => {
  it.each(wrongInputs)(
    '$what: $code, $field',
    async ({ command, code, field, says, env }) => {
      const before = [await articles(), readdirSync(network.folder)];
      const argv = command(place);
      const status = code === 'usage' ? 2 : 1;
      const toPeople = await moot(argv, env);
      for (const part of says) expect(toPeople.stderr).toMatch(part);
      expect(toPeople.status).toBe(status);
      expect(toPeople.stderr).not.toMatch(/internal|undefined|\bat .*\.js|fault/);
      const toScripts = await moot([...argv, '--json'], env);
      const [line = ''] = toScripts.stderr.split('\n');
      const { error } = JSON.parse(line) as { error: Readonly<Record<string, string | null>> };
      expect(error).toEqual({ code, field, message: expect.any(String), try: error.try });
      expect(toPeople.stderr).toContain(error.message);
      if (toPeople.stderr.includes('\ntry: ')) expect(toPeople.stderr).toContain(`\ntry: ${error.try}\n`);
      expect(toScripts.status).toBe(status);
      expect([await articles(), readdirSync(network.folder)]).toEqual(before);
    },
    20_000,
  );

  it('a line of 300 MB is refused without being held in memory', async () => {
    const before = process.resourceUsage().maxRSS;
    const counted = await articles();
    const { status, stderr } = await moot(['import', 'Hamlet', join(network.folder, 'endless.ndjson'), '--json']);
    expect(status).toBe(1);
    const { error } = JSON.parse(stderr) as { error: Readonly<Record<string, unknown>> };
    expect(error).toMatchObject({
      code: 'invalid',
      field: 'line',
      message: expect.stringMatching(/endless.ndjson:1: /),
    });
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(100 * 1024);
    expect(await articles()).toEqual(counted);
  });

  it.each(['empty.ndjson', 'blank.ndjson'])('there is nothing to import in %s, which is no error', async (name) => {
    const before = await articles();
    const argv = ['import', 'Hamlet', join(network.folder, name)];
    expect(await moot(argv)).toEqual({ status: 0, stdout: 'nothing to import\n', stderr: '' });
    const none = '{"imported":0,"duplicates":0,"rejected":0}\n';
    expect(await moot([...argv, '--json'])).toEqual({ status: 0, stdout: none, stderr: '' });
    expect(await articles()).toEqual(before);
  });

  it('a port in use leaves no data folder, and no token of its operator', async () => {
    const operators = readdirSync(join(network.home, 'operators'));
    expect((await moot(['server', place.hamlet.port, '--data', join(network.folder, 'other')])).status).toBe(1);
    expect(existsSync(join(network.folder, 'other'))).toBe(false);
    expect(readdirSync(join(network.home, 'operators'))).toEqual(operators);
  });

  it('a server that finds the registry full starts, says so, and is not listed', async () => {
    const before = await articles();
    // The one place stays taken however slow the machine is.
    const full = await network.start('registry', '--port', '0', '--max-servers', '1', '--lease', '1h');
    const first = await network.startServer('First', '--registry', full.address);
    const last = await network.startServer('Last', '--registry', full.address);
    expect([first.ready.registered, last.ready.registered]).toEqual([true, false]);
    await last.says('this registry is full: it lists at most 1');
    const listed = (await network.ok('servers', '--registry', full.address)).map(({ name }) => name);
    expect(listed).toEqual(['First']);
    expect(await Promise.all([first.end(), last.end()])).toEqual([0, 0]);
    expect(await articles()).toEqual(before);
  });
});
