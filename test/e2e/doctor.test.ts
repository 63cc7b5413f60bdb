import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sha256 } from '../../src/identity/hash.js';
import { createIdentity } from '../../src/identity/keys.js';
import { type Daemon, Processes } from '../support/processes.js';
import { lostFrom, Publishing } from '../support/publishing.js';

const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
if (!canMount && process.env.CI === 'true') throw new Error('CI=true, but nothing can be mounted here');
if (!canMount) process.stderr.write('SKIPPED: the test of a read-only folder needs the right to mount\n');

// Each test starts several processes, one after the other.
jest.setTimeout(60_000);

const network = new Processes();
const temporary = join(network.folder, 'tmp');
const data = join(network.folder, 'Hamlet');
const copy = join(network.folder, 'copy');
const before = process.env.TMPDIR;
let server: Daemon;

beforeAll(async () => {
  mkdirSync(temporary);
  process.env.TMPDIR = temporary;
  await network.startRegistry();
  server = await network.startServer('Hamlet');
  await network.ok('join', 'Hamlet', '--as', 'ada');
  const lines = Array.from({ length: 40 }, (_, at) => JSON.stringify({ topic: 'a.b', body: `the body number ${at}` }));
  const imported = await network.here(['import', 'Hamlet', '-'], lines.join('\n'));
  expect(imported).toMatchObject({ status: 0 });
  await network.ok('publish', 'Hamlet', '--topic', 'a.b', '--body', 'the last one');
});

afterAll(async () => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  await network.close();
});

const doctor = (...args: string[]) => network.here(['doctor', ...args]);

/** Each file of a folder: what is in it, and when that was last changed. */
function inside(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => {
    const { mtimeMs, ctimeMs } = statSync(join(folder, name));
    return `${name} ${mtimeMs} ${ctimeMs} ${sha256(readFileSync(join(folder, name))).toString('hex')}`;
  });
}

function fresh(): string {
  rmSync(copy, { recursive: true, force: true });
  cpSync(data, copy, { recursive: true });
  return join(copy, 'moot.db');
}

describe('moot doctor --data', () => {
  it('looks beside a running server, which does not notice', async () => {
    // All but the log, into which the server writes when it likes, and its index, where readers sign themselves in.
    const settled = () => inside(data).filter((line) => !/^moot\.db-(?:wal|shm) /.test(line));
    const found = settled();
    expect(found.map((line) => line.split(' ')[0])).toEqual(
      expect.arrayContaining(['lock', 'lock.pid', 'moot.db.lock.pid']),
    );
    const { status, stdout } = await doctor('--data', data);
    expect(stdout).toContain(`lock: process ${server.child.pid} holds it and runs`);
    expect(stdout).toContain('41 articles, 1 member');
    expect(status).toBe(0);
    expect(settled()).toEqual(found);
    await network.ok('publish', 'Hamlet', '--topic', 'a.b', '--body', 'one more');
    expect((await network.run(['server', '0', '--data', data])).stderr).toContain(`process ${server.child.pid}`);
  });

  it('looks while articles come in, and finds nothing wrong', async () => {
    const busy = await network.startServer('Busy');
    const publishing = new Publishing();
    try {
      publishing.start(busy.address, 'ada');
      await publishing.noted(50);
      const { status, stdout } = await doctor('--data', join(network.folder, 'Busy'));
      expect(stdout).toContain('as its last seal says');
      expect(status).toBe(0);
      await publishing.noted(50);
    } finally {
      await publishing.end();
      await busy.end();
    }
    expect(lostFrom(join(network.folder, 'Busy', 'moot.db'), publishing)).toEqual([]);
  });

  it('looks at what a killed server left, and changes nothing', async () => {
    await server.end('SIGKILL');
    const found = inside(data);
    const { status, stdout } = await doctor('--data', data);
    expect(stdout).toContain(`nobody holds it; process ${server.child.pid}, which did, has ended`);
    expect(status).toBe(0);
    expect(inside(data)).toEqual(found);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('gives one JSON object a line, and looks at the folder of a server that has stopped', async () => {
    server = await network.startServer('Hamlet');
    expect(await server.end()).toBe(0);
    const found = inside(data);
    const { status, lines, stdout } = await doctor('--data', data, '--json');
    expect(stdout.split('\n').filter(Boolean)).toHaveLength(lines.length);
    expect(lines.map((line) => line.status)).toEqual(lines.map(() => 'ok'));
    const names = [
      'disk',
      'data folder',
      'identity',
      'operator token',
      'lock',
      'database',
      'format',
      'journal',
      'pages',
      'contents',
      'log',
      'seals',
      'mirrors',
    ];
    expect(lines.map((line) => line.check)).toEqual(names);
    expect(lines.find(({ check }) => check === 'identity')?.detail).toContain(String(server.ready.id));
    expect(status).toBe(0);
    expect(inside(data)).toEqual(found);
  });

  (canMount ? it : it.skip)('looks at a folder that cannot be written', () => {
    const look = `mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && ! touch "$1/x" && "$2" "$3" doctor --data "$1"`;
    const program = join(process.cwd(), 'dist/bin/moot.js');
    const args = ['-m', 'sh', '-c', look, 'sh', data, process.execPath, program];
    expect(execFileSync('unshare', args, { encoding: 'utf8', stdio: 'pipe' })).toContain('all checked');
  });

  (canMount ? it : it.skip)('finds a disk that is nearly full', () => {
    const look = `mount -t tmpfs -o size=8m tmpfs "$1" && cp -r "$2"/* "$1" && "$3" "$4" doctor --data "$1"`;
    const full = join(network.folder, 'full');
    mkdirSync(full, { mode: 0o700 });
    const args = ['-m', 'sh', '-c', look, 'sh', full, data, process.execPath, join(process.cwd(), 'dist/bin/moot.js')];
    const { status, stdout } = spawnSync('unshare', args, { encoding: 'utf8' });
    expect(stdout).toMatch(/^FAIL {5}disk: the disk of .* is nearly full: \d MiB are left\ntry: make room/m);
    expect(status).toBe(1);
  });

  it('ends with status 65 for damage, naming the row and what to do', async () => {
    const file = fresh();
    const bytes = readFileSync(file);
    // SQLite leaves what it has moved to another page where it was.
    for (let at = bytes.indexOf('the body number 6'); at >= 0; at = bytes.indexOf('the body number 6', at))
      bytes[at] = 84;
    writeFileSync(file, bytes);
    const { status, stdout } = await doctor('--data', copy);
    expect(stdout).toMatch(/^FAIL {5}seals: entry 7 is not what was sealed\ntry: .+copy/m);
    expect(status).toBe(65);
  });

  it('ends with status 65 for a database that has lost its end, and for a file that is none', async () => {
    const file = fresh();
    truncateSync(file, statSync(file).size - 5000);
    expect(await doctor('--data', copy)).toMatchObject({ status: 65, stdout: expect.stringMatching(/^try: /m) });
    writeFileSync(file, 'a text, and nothing but a text, as long as need be');
    const foreign = await doctor('--data', copy);
    expect(foreign).toMatchObject({ status: 65, stdout: expect.stringContaining('the file is no database') });
  });

  it('says what is missing, open to others, or of another community', async () => {
    fresh();
    chmodSync(join(copy, 'operator.token'), 0o644);
    rmSync(join(copy, 'identity.pem'));
    const without = await doctor('--data', copy);
    expect(without.status).toBe(1);
    expect(without.stdout).toMatch(/^FAIL {5}identity: there is no file .*\ntry: put back/m);
    expect(without.stdout).toMatch(/^FAIL {5}operator token: .* \(mode 644\)\ntry: chmod 600 /m);
    writeFileSync(join(copy, 'identity.pem'), createIdentity().privatePem, { mode: 0o600 });
    const mixed = await doctor('--data', copy);
    expect(mixed).toMatchObject({ status: 1, stdout: expect.stringContaining('of another community') });
    expect(await doctor('--data', 'nowhere')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^try: /m),
    });
  });
});

describe('moot doctor', () => {
  const membership = async () => {
    const file = join(network.home, 'memberships.json');
    const found = readFileSync(file, 'utf8');
    const { lines, status } = await doctor('--json');
    expect(readFileSync(file, 'utf8')).toBe(found);
    return { status, ...lines.find((line) => line.check === 'membership') };
  };

  it('says of each membership whether it is still good, and what to do', async () => {
    server = await network.startServer('Hamlet');
    expect(await membership()).toMatchObject({ status: 'ok', detail: 'Hamlet: member as ada' });
    cpSync(network.home, join(network.folder, 'elsewhere'), { recursive: true });
    await network.ok('leave', 'Hamlet', '--home', join(network.folder, 'elsewhere'));
    const left = await doctor();
    expect(left.status).toBe(1);
    expect(left.stdout).toMatch(
      /^FAIL {5}membership: Hamlet does not know ada any longer\ntry: moot leave Hamlet; moot join Hamlet --as ada$/m,
    );
  });

  it('warns of a membership whose server is away', async () => {
    await server.end();
    const away = await membership();
    expect(away).toMatchObject({ status: 'warning', detail: expect.stringMatching(/^Hamlet: .*does not answer$/) });
  });
});
