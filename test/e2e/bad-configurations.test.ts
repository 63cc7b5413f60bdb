import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { sha256 } from '../../src/identity/hash.js';
import { createIdentity } from '../../src/identity/keys.js';
import { type BadConfiguration, type BadPlace, badConfigurations } from '../support/bad-configurations.js';
import { TestAuthority } from '../support/certificates.js';
import { Processes } from '../support/processes.js';

const program = join(process.cwd(), 'dist/bin/moot.js');
const atOnce = 4;
const network = new Processes();
const { folder } = network;
let place: BadPlace;

beforeAll(async () => {
  const { address } = await network.startRegistry();
  place = { folder, taken: address.split(':').at(-1) ?? '' };
  await network.startServer('used');
  const whole = await network.startServer('whole');
  await network.ok('join', 'whole', '--as', 'ada');
  await network.ok('publish', 'whole', '--topic', 'a.b', '--body', 'something to lose');
  expect(await whole.end()).toBe(0);
  const at = (...parts: string[]) => join(folder, ...parts);
  for (const name of ['newer', 'cut', 'foreign', 'keyless', 'lost', 'mixed', 'tokenless'])
    cpSync(at('whole'), at(name), { recursive: true });
  const newer = new Database(at('newer', 'moot.db'));
  newer.pragma('user_version = 999');
  newer.close();
  truncateSync(at('cut', 'moot.db'), statSync(at('cut', 'moot.db')).size - 5000);
  writeFileSync(at('foreign', 'moot.db'), 'a text, and nothing but a text, as long as need be');
  writeFileSync(at('keyless', 'identity.pem'), 'no key');
  rmSync(at('lost', 'identity.pem'));
  writeFileSync(at('mixed', 'identity.pem'), createIdentity().privatePem, { mode: 0o600 });
  writeFileSync(at('tokenless', 'operator.token'), 'no token');
  writeFileSync(at('text'), 'hello');
  mkdirSync(at('empty'));
  const authority = new TestAuthority(folder);
  authority.issue('c');
  authority.issue('other');
}, 120_000);
afterAll(() => network.close());

/** Runs the command as its operator would, in a home of its own. One that starts after all is ended, and then has no status. */
async function start({ command, env, toml }: BadConfiguration, number: number) {
  const data = join(folder, `data-${number}`);
  const home = join(folder, `home-${number}`);
  mkdirSync(home);
  if (toml !== undefined) writeFileSync(join(home, 'config.toml'), toml);
  const argv = command(place).map((word) => (word === 'DATA' ? data : word));
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [program, ...argv], {
    env: { PATH, NO_COLOR: '1', MOOT_HOME: home, MOOT_REGISTRY: 'localhost:1', ...env },
    cwd: folder,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    child.kill('SIGKILL');
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const left = readdirSync(folder).filter((name) => name === `data-${number}` || name === '.moot');
  const tokens = readdirSync(home).includes('operators') ? readdirSync(join(home, 'operators')) : [];
  return { status, stdout, stderr, left, tokens };
}

type Outcome = Awaited<ReturnType<typeof start>>;

/** Each row, started once: four at a time, since a start is mostly waiting. */
const outcomes = new Map<BadConfiguration, Promise<Outcome>>();
function outcomeOf(row: BadConfiguration): Promise<Outcome> {
  const at = badConfigurations.indexOf(row);
  const first = at - (at % atOnce);
  for (const [offset, one] of badConfigurations.slice(first, first + atOnce).entries())
    if (!outcomes.has(one)) outcomes.set(one, start(one, first + offset));
  return outcomes.get(row) ?? start(row, at);
}

/** The files of a community that a refused start may not change; a lock, and the index of a log, are no part of it. */
function kept(name: string): readonly string[] {
  const files = readdirSync(join(folder, name)).filter((file) => !/^lock|\.lock|-shm$|-wal$/.test(file));
  return files.map((file) => `${file} ${sha256(readFileSync(join(folder, name, file))).toString('hex')}`);
}

describe('a server that is told what cannot be does not start, says what is wrong and what to do, and leaves nothing', () => {
  const broken = ['newer', 'cut', 'foreign', 'keyless', 'lost', 'mixed', 'tokenless'];
  const before = new Map<string, readonly string[]>();
  beforeAll(() => {
    for (const name of broken) before.set(name, kept(name));
  });

  it('has 25 rows and more, each with a name of its own', () => {
    expect(new Set(badConfigurations.map(({ what }) => what)).size).toBe(badConfigurations.length);
    expect(badConfigurations.length).toBeGreaterThanOrEqual(25);
  });

  it.each(badConfigurations)(
    '$what: status $status',
    async (row) => {
      const { status, stdout, stderr, left, tokens } = await outcomeOf(row);
      const [said = '', advice = '', ...more] = stderr.trimEnd().split('\n');
      for (const part of row.says) expect(said).toMatch(part);
      expect(said).toMatch(/^moot: [^:]+: ./);
      expect(advice).toMatch(/^try: ./);
      expect(advice).toMatch(row.hint);
      expect({ status, stdout, more, left, tokens }).toEqual({
        status: row.status,
        stdout: '',
        more: [],
        left: [],
        tokens: [],
      });
      expect(stderr).not.toMatch(/internal|undefined|ENO|EACC|\bat .*\.js|invalid argument/i);
    },
    60_000,
  );

  it('what was damaged is as it was found', () => {
    for (const name of broken) expect({ name, files: kept(name) }).toEqual({ name, files: before.get(name) });
  });
});
