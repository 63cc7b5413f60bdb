import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Daemon, type Line, Processes } from '../support/processes.js';

/** Ada and Cyd carry Bea's log: Ada from Bea, Cyd by way of Ada alone. */
const network = new Processes();
const data = join(network.folder, 'Bea');
let bea: Daemon;
let before: Line;

const publish = async (server: string, body: string) =>
  (await network.ok('publish', server, '--topic', 'log', '--body', body))[0];
const ready = (name: string, folder: string, port = '0', ...more: string[]) =>
  network.start('server', port, '--name', name, '--data', join(network.folder, folder), ...more);
const bodiesOf = (lines: readonly Line[]) =>
  lines.filter(({ type }) => type === 'article').map(({ body }) => String(body));

/** All of the log that `server` carries, when there are `count` articles of it. */
const carriedBy = async (server: string, count: number) =>
  bodiesOf(
    await network.ok('subscribe', server, '--topic', 'log', '--from', 'beginning', '--count', String(count)),
  ).sort();

/** What is asked of all servers, when `complete` holds of the answer; the test's own time-out is the bound. */
async function askedAt(server: string, complete = true): Promise<readonly string[]> {
  for (;;) {
    const answer = await network.ok('query', server, '--topic', 'log');
    if (answer.at(-1)?.complete === complete) return bodiesOf(answer).sort();
  }
}

beforeAll(async () => {
  await network.startRegistry();
  await ready('Ada', 'Ada');
  bea = await ready('Bea', 'Bea');
  await ready('Cyd', 'Cyd');
  for (const name of ['Ada', 'Bea', 'Cyd']) await network.ok('join', name, '--as', 'kim');
  for (const pair of [
    ['Ada', 'Bea'],
    ['Bea', 'Ada'],
    ['Cyd', 'Ada'],
  ])
    await network.ok('connect', ...pair);
  before = (await network.ok('keys', 'Bea'))[0] ?? {};
  for (const body of ['1 old', '2 old']) await publish('Bea', body);
  expect(await carriedBy('Cyd', 2)).toEqual(['1 old', '2 old']);
}, 120_000);
afterAll(() => network.close());

/** Until the link of `server` is refused for that; the test's own time-out is the bound. */
async function refusedAt(server: string, reason: string): Promise<void> {
  const isRefused = ({ reason: why }: Line) => String(why).includes(reason);
  while (!(await network.ok('peers', server)).some(isRefused));
}

describe('a community that gets a new key', () => {
  it('N5 does not get one while its server runs, or from nowhere', async () => {
    const running = await network.here(['keys', '--data', data, '--rotate']);
    expect(running).toMatchObject({ status: 1, stderr: expect.stringContaining('in use by process') });
    const nowhere = await network.here(['keys', '--data', join(network.folder, 'home'), '--rotate']);
    expect(nowhere).toMatchObject({ status: 1, stderr: expect.stringContaining('no identity') });
    expect(await network.here(['keys', 'Bea', '--rotate'])).toMatchObject({ status: 2 });
  }, 60_000);

  it('N5 stays who it was to all that link to it, mirror it, list it and read it, and nobody does anything', async () => {
    await bea.end();
    cpSync(data, join(network.folder, 'old'), { recursive: true });
    cpSync(data, join(network.folder, 'rival'), { recursive: true });
    const [rotated] = await network.ok('keys', '--data', data, '--rotate');
    expect(rotated).toMatchObject({ id: before.id, rotations: 1 });
    expect(rotated?.publicKey).not.toBe(before.publicKey);
    expect(await network.ok('keys', '--data', data)).toEqual([rotated]);

    bea = await ready('Bea', 'Bea', String(bea.address.split(':')[1]));
    expect(bea.ready).toMatchObject({ id: before.id, registered: true });
    expect(await network.ok('keys', 'Bea')).toMatchObject([{ publicKey: rotated?.publicKey, rotations: 1 }]);
    expect(await publish('Bea', '3 new')).toMatchObject({ epoch: '1', seq: '4' });
    const all = ['1 old', '2 old', '3 new'];
    expect(await carriedBy('Cyd', 3)).toEqual(all);
    for (const name of ['Ada', 'Bea', 'Cyd']) expect(await askedAt(name)).toEqual(all);
    expect(await network.ok('peers', 'Ada')).toContainEqual(expect.objectContaining({ to: before.id, state: 'up' }));
    const { status, stdout } = await network.here(['doctor', '--data', data]);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/ok {7}seals:/)]);
  }, 120_000);

  it('N5 goes on so from key to key', async () => {
    await bea.end();
    expect(await network.ok('keys', '--data', data, '--rotate')).toMatchObject([{ id: before.id, rotations: 2 }]);
    bea = await ready('Bea', 'Bea', String(bea.address.split(':')[1]));
    expect(await publish('Bea', '4 newer')).toMatchObject({ epoch: '1', seq: '6' });
    expect(await carriedBy('Cyd', 4)).toEqual(['1 old', '2 old', '3 new', '4 newer']);
    expect(await askedAt('Cyd')).toHaveLength(4);
  }, 120_000);

  it('N5 has the one key or the other, and a log that goes with it, when it crashes at any moment', async () => {
    await bea.end();
    const kept = join(network.folder, 'kept');
    cpSync(data, kept, { recursive: true });
    const startedMs = performance.now();
    await network.ok('keys', '--data', data, '--rotate');
    const tookMs = performance.now() - startedMs;
    // As after a crash when the key was replaced, and the log had not heard of it.
    const identity = readFileSync(join(data, 'identity.pem'));
    rmSync(data, { recursive: true });
    cpSync(kept, data, { recursive: true });
    writeFileSync(join(data, 'identity.pem'), identity, { mode: 0o600 });
    bea = await ready('Bea', 'Bea', String(bea.address.split(':')[1]));
    const fifth = await publish('Bea', '5 after a crash');
    expect(fifth).toMatchObject({ epoch: '1', seq: '8' });

    await bea.end();
    let rotations = 3;
    for (const part of [0.5, 0.7, 0.8, 0.9, 1]) {
      const killed = network.spawn(['keys', '--data', data, '--rotate']);
      const over = new Promise((resolve) => killed.once('exit', resolve));
      setTimeout(() => killed.kill('SIGKILL'), part * tookMs);
      await over;
      const [keys] = await network.ok('keys', '--data', data);
      expect([rotations, rotations + 1]).toContain(keys?.rotations);
      rotations = Number(keys?.rotations);
    }
    bea = await ready('Bea', 'Bea', String(bea.address.split(':')[1]));
    expect(await publish('Bea', '6 after kills')).toMatchObject({ epoch: '1', seq: String(9 + rotations - 3) });
    expect(await carriedBy('Cyd', 6)).toHaveLength(6);
  }, 180_000);

  it('N5 is not whoever has an old key, or has rotated one to a key of their own', async () => {
    await network.ok('keys', '--data', join(network.folder, 'rival'), '--rotate');
    for (const folder of ['old', 'rival']) {
      await expect(ready('Bea', folder)).rejects.toThrow('has replaced the key that is in this identity');
      const impostor = await ready('Bea', folder, '0', '--registry', 'localhost:1');
      await publish(impostor.address, `of ${folder}`);
      await refusedAt(impostor.address, 'that community has replaced the key you show');
      // What the impostor is asked itself, it answers; that is its own affair. Whoever knows Bea does not hear of it.
      expect(await askedAt('Ada')).toHaveLength(6);
      expect(await carriedBy('Ada', 6)).toHaveLength(6);
      await impostor.end();
    }
    expect((await network.ok('servers')).filter(({ id }) => id === before.id)).toMatchObject([
      { address: bea.address },
    ]);
    expect(await publish('Bea', '7 mine')).toMatchObject({ epoch: '1' });
    expect(await carriedBy('Cyd', 7)).toHaveLength(7);
  }, 180_000);

  it('N5 has sealed a log that other programs can check, by the recipe of the README', async () => {
    for (const name of ['Bea', 'Cyd']) {
      const file = join(network.folder, name, 'moot.db');
      const checked = spawnSync(process.execPath, ['test/support/seal-checker.mjs', file], { encoding: 'utf8' });
      expect(checked).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringMatching(/^[12] logs, \d+ entries\n$/),
      });
    }
  }, 30_000);
});
