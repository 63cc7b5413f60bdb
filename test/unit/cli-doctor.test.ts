import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { checkNode } from '../../src/cli/doctor/home.js';
import { checkLink } from '../../src/cli/doctor/links.js';
import { spaceCheck } from '../../src/cli/doctor/space.js';
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
    { check: 'disk', status: expect.any(String) },
    { check: 'memberships', status: 'ok' },
    { check: 'config', status: 'FAIL', hint: 'timeout' },
    { check: 'operator token', status: 'FAIL' },
    { check: 'registry', status: 'FAIL' },
  ]);
});

it('doctor ends with status 65 when the memberships cannot be read, and lays it to nothing else', async () => {
  const home = join(folder, 'damaged');
  mkdirSync(home, { mode: 0o700 });
  writeFileSync(join(home, 'memberships.json'), '{', { mode: 0o600 });
  const terminal = new Terminal({ env: { MOOT_HOME: home, MOOT_REGISTRY: 'localhost:1' } });
  expect(await run(['doctor'], terminal.io, '0.0.0')).toBe(65);
  expect(terminal.stdout).toMatch(/^FAIL {5}membership: .*memberships\.json cannot be read\ntry: mv /m);
  expect(terminal.stdout).toMatch(/^FAIL {5}registry: (?!.*memberships)/m);
});

it('doctor wants Node 20.19 or later', () => {
  expect(['v18.20.0', 'v20.18.3', 'v20.19.0', 'v24.0.0'].map((version) => checkNode(version).status)).toEqual([
    'FAIL',
    'FAIL',
    'ok',
    'ok',
  ]);
});

it('doctor says when a disk is nearly full, and how full', () => {
  const mebibyte = 1024 * 1024;
  expect([63, 64, 511, 512].map((free) => spaceCheck('/home/ada', free * mebibyte).status)).toEqual([
    'FAIL',
    'warning',
    'warning',
    'ok',
  ]);
  expect(spaceCheck('/home/ada', 5 * mebibyte)).toMatchObject({
    detail: 'the disk of /home/ada is nearly full: 5 MiB are left',
    hint: expect.stringContaining('df -h /home/ada'),
  });
});

it('doctor says of a link that it is up and behind', () => {
  const link = { id: 'x', name: 'King Lear', state: 'up', reason: '' };
  expect(checkLink('Hamlet', { ...link, lagMs: 60_000 })).toMatchObject({ status: 'ok' });
  expect(checkLink('Hamlet', { ...link, lagMs: undefined })).toMatchObject({ status: 'ok' });
  expect(checkLink('Hamlet', { ...link, lagMs: 61_000 })).toMatchObject({
    status: 'warning',
    detail: 'Hamlet → King Lear is 61 s behind',
  });
  expect(checkLink('Hamlet', { ...link, state: 'down', lagMs: undefined }).hint).toContain(
    "moot disconnect Hamlet 'King Lear'",
  );
});
