import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { backUp } from '../../src/app/backup.js';
import { markAsRestored, restore } from '../../src/app/restore.js';
import { TestNetwork } from '../support/network.js';
import { type Daemon, Processes } from '../support/processes.js';
import { storedBodies } from '../support/publishing.js';

const network = new Processes();
const inside = new TestNetwork();
afterAll(async () => {
  await inside.stop();
  await network.close();
});

const at = (...names: string[]): string => join(network.folder, ...names);
const ignore = (): void => undefined;

/** A community with these articles, and a backup of it, made with its server stopped. */
async function backedUp(name: string, bodies: readonly string[]): Promise<string> {
  const server = await network.startServer(name);
  await network.ok('join', server.address, '--as', 'kim');
  for (const body of bodies) await network.ok('publish', server.address, '--topic', 'log', '--body', body);
  await server.end();
  const to = at(`${name}-backup`);
  await backUp({ dir: at(name), to }, ignore);
  return to;
}

describe('a backup', () => {
  it('under load has every article that was acknowledged before it began, 20 times, and is put back whole', async () => {
    const server = await network.startServer('Busy');
    const moot = await inside.connect();
    const community = await moot.join(server.address, { as: 'ada' });
    /** Body → id, as they are acknowledged; each publisher has one article under way. */
    const acked = new Map<string, string>();
    const noted = new Set<() => void>();
    let isOver = false;
    const publishers = ['a', 'b', 'c', 'd'].map(async (name) => {
      for (let n = 0; !isOver; n += 1) {
        const { id } = await community.publish({ topic: 'load', body: `${name} ${n}` });
        acked.set(`${name} ${n}`, id);
        for (const note of noted) note();
      }
    });
    try {
      for (let round = 0; round < 20; round += 1) {
        const goal = acked.size + 20;
        await new Promise<void>((resolve) => noted.add(() => acked.size >= goal && resolve()));
        noted.clear();
        const before = new Map(acked);
        const [to, dir] = [at(`busy-${round}`), at(`busy-${round}-again`)];
        await backUp({ dir: at('Busy'), to }, ignore);
        await restore(to, dir, ignore);
        const stored = new Map(storedBodies(join(dir, 'moot.db')));
        expect([...before].filter(([body, id]) => stored.get(body) !== id)).toEqual([]);
        for (const folder of [to, dir]) rmSync(folder, { recursive: true });
      }
    } finally {
      isOver = true;
      await Promise.all(publishers);
      await moot.close();
    }
    expect(await server.end()).toBe(0);
  });

  it('is one folder for its owner alone, says what is in it, and overwrites nothing', async () => {
    await backedUp('Hamlet', ['one', 'two']);
    const to = at('by-command');
    const [told] = await network.ok('backup', at('Hamlet'), to);
    expect(told).toMatchObject({ articles: 2, members: 1, folder: to, bytes: statSync(join(to, 'moot.db')).size });
    expect(readdirSync(to).sort()).toEqual(['backup.json', 'identity.pem', 'moot.db', 'operator.token']);
    expect(statSync(to).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(to)) expect([name, statSync(join(to, name)).mode & 0o777]).toEqual([name, 0o600]);
    const again = await network.run(['backup', at('Hamlet'), to]);
    expect([again.status, again.stderr]).toEqual([1, expect.stringMatching(/is there already.*\ntry: /)]);
    const nothing = await network.run(['backup', network.home, at('nothing')]);
    expect([nothing.status, nothing.stderr]).toEqual([1, expect.stringContaining('there is no database')]);
    const stop = new Error('Ctrl-C');
    const stopped = backUp({ dir: at('Hamlet'), to: at('stopped') }, () => {
      throw stop;
    });
    await expect(stopped).rejects.toBe(stop);
    expect(readdirSync(network.folder).filter((name) => /stopped|nothing/.test(name))).toEqual([]);
  });
});

describe('a backup that is put back', () => {
  it('N3 takes back from peers what they have, begins an epoch that they follow, and gives nobody a place twice', async () => {
    await network.startRegistry();
    let ada = await network.startServer('Ada');
    await network.startServer('Bea');
    for (const name of ['Ada', 'Bea']) await network.ok('join', name, '--as', 'kim');
    await network.ok('connect', 'Ada', 'Bea');
    await network.ok('connect', 'Bea', 'Ada');
    const publish = async (body: string) => (await network.ok('publish', 'Ada', '--topic', 'log', '--body', body))[0];
    const bodies = async (count: string) =>
      (await network.ok('subscribe', 'Bea', '--topic', 'log', '--from', 'beginning', '--count', count))
        .filter(({ type }) => type === 'article')
        .map(({ body }) => body);
    for (const body of ['one', 'two']) await publish(body);
    await network.ok('backup', 'Ada', at('ada-backup'));
    await publish('three');
    expect(await bodies('3')).toEqual(['one', 'two', 'three']);
    await ada.end();
    const again = async (dir: string): Promise<Daemon> => {
      await network.ok('restore', at('ada-backup'), at(dir));
      const port = String(ada.address.split(':')[1]);
      return await network.start('server', port, '--name', 'Ada', '--data', at(dir));
    };

    ada = await again('ada-again');
    expect(ada.stderr()).toMatch(/restored from a backup: epoch \d{10,} begins at entry 4/);
    const four = await publish('four');
    expect(four).toMatchObject({ seq: '5' });
    expect(Number(four?.epoch)).toBeGreaterThan(1e9);
    expect(await bodies('4')).toEqual(['one', 'two', 'three', 'four']);

    // The same backup once more: what was published after the first time comes back too.
    await ada.end();
    ada = await again('ada-once-more');
    const five = await publish('five');
    expect(Number(five?.epoch)).toBeGreaterThan(Number(four?.epoch));
    expect(await bodies('5')).toEqual(['one', 'two', 'three', 'four', 'five']);
    const answer = await network.ok('query', 'Bea', '--topic', 'log');
    expect(answer.at(-1)).toMatchObject({ type: 'report', complete: true });

    // It is restored once: the next start goes on where it was.
    await ada.end();
    ada = await network.start(
      'server',
      String(ada.address.split(':')[1]),
      '--name',
      'Ada',
      '--data',
      at('ada-once-more'),
    );
    expect(await publish('six')).toMatchObject({ epoch: five?.epoch });
    const { status, stdout } = await network.run(['doctor', '--data', at('ada-once-more')]);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/ok {7}seals:/)]);
  });

  it('gives no place to two texts, though ten servers on copies of one backup never hear of each other', async () => {
    const backup = await backedUp('Ten', ['one', 'two']);
    const places: string[] = [];
    for (let copy = 0; copy < 10; copy += 1) {
      const data = at(`ten-${copy}`);
      await restore(backup, data, ignore);
      const server = await inside.startServer(`Ten${copy}`, { data, store: undefined, registries: ['localhost:1'] });
      const moot = await inside.connect();
      const community = await moot.join(server.address, { as: 'lee' });
      const { epoch, seq } = await community.publish({ topic: 'log', body: `copy ${copy}` });
      places.push(`${epoch}/${seq}`);
      await moot.close();
      await server.stop();
      inside.servers.delete(`Ten${copy}`);
    }
    expect(new Set(places).size).toBe(10);
    expect(places.every((place) => place.endsWith('/4'))).toBe(true);
  });

  it('does so as well when the store was put back by other means, once that is said', async () => {
    await backedUp('Disk', ['one']);
    cpSync(at('Disk'), at('disk-copy'), { recursive: true });
    const [told] = await network.ok('restore', at('disk-copy'), '--store', `sqlite:${at('disk-copy', 'moot.db')}`);
    expect(told).toMatchObject({ folder: at('disk-copy') });
    const server = await network.start('server', '0', '--name', 'Disk', '--data', at('disk-copy'));
    expect(server.stderr()).toMatch(/restored from a backup: epoch \d{10,} begins at entry 2/);
    await expect(markAsRestored({ dir: at('disk-copy') })).rejects.toMatchObject({ code: 'already_exists' });
    await server.end();
  });

  it('is refused where something is, or where a server runs, or when it is not as it was made; the folder is then as it was', async () => {
    const backup = await backedUp('Refused', ['one']);
    const running = await network.startServer('Running');
    const refusal = async (from: string, to: string): Promise<readonly [number | null, string]> => {
      const { status, stderr } = await network.run(['restore', from, to]);
      return [status, stderr];
    };
    expect(await refusal(backup, at('Refused'))).toEqual([
      1,
      expect.stringMatching(/holds something already.*\ntry: /),
    ]);
    expect(await refusal(backup, at('Running'))).toEqual([1, expect.stringMatching(/in use by process \d+\ntry: /)]);
    await running.end();
    expect(await refusal(at('Refused'), at('new'))).toEqual([
      1,
      expect.stringContaining('there is no backup.json in it'),
    ]);

    const damaged = at('damaged');
    cpSync(backup, damaged, { recursive: true });
    const bytes = readFileSync(join(damaged, 'moot.db'));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(join(damaged, 'moot.db'), bytes);
    expect(await refusal(damaged, at('new'))).toEqual([
      65,
      expect.stringContaining('not as it was when the backup was made'),
    ]);
    const other = at('other-key');
    cpSync(backup, other, { recursive: true });
    cpSync(at('Running', 'identity.pem'), join(other, 'identity.pem'));
    expect(await refusal(other, at('new'))).toEqual([65, expect.stringContaining('the key of another community')]);
    expect(existsSync(at('new'))).toBe(false);
    mkdirSync(at('empty'));
    expect((await refusal(damaged, at('empty')))[0]).toBe(65);
    expect(readdirSync(at('empty'))).toEqual([]);
    expect((await refusal(backup, at('empty')))[0]).toBe(0);
    const missing = await network.run(['restore', backup]);
    expect([missing.status, missing.stderr]).toEqual([2, expect.stringContaining('where to is needed')]);
  });
});
