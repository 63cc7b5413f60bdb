import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { checkNode } from '../../src/cli/doctor/home.js';
import { run } from '../../src/cli/run.js';
import { temporaryFolder } from '../support/temporary.js';
import { Terminal } from '../support/terminal.js';

const folder = temporaryFolder();

it('doctor says of each thing whether it is well and what to do, and fails when one is not', async () => {
  const home = join(folder, 'home');
  mkdirSync(join(home, 'operators'), { recursive: true });
  chmodSync(home, 0o755);
  writeFileSync(join(home, 'config.toml'), 'tiemout = "5s"\n');
  writeFileSync(join(home, 'operators', 'someone'), 'no token\n', { mode: 0o600 });
  const terminal = new Terminal({ env: { MOOT_HOME: home, MOOT_REGISTRY: 'localhost:1' } });
  expect(await run(['doctor', '--json'], terminal.io, '0.0.0')).toBe(1);
  const checks = terminal.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { check: string; status: string; hint: string | null });
  expect(checks).toMatchObject([
    { check: 'node', status: 'ok', hint: null },
    { check: 'home', status: 'FAIL', hint: `chmod 700 ${home}` },
    { check: 'memberships', status: 'ok' },
    { check: 'config', status: 'FAIL', hint: 'timeout' },
    { check: 'operator token', status: 'FAIL' },
    { check: 'registry', status: 'FAIL' },
  ]);
});

it('doctor wants Node 20.19 or later', () => {
  expect(['v18.20.0', 'v20.18.3', 'v20.19.0', 'v24.0.0'].map((version) => checkNode(version).status)).toEqual([
    'FAIL',
    'FAIL',
    'ok',
    'ok',
  ]);
});
