import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { logStart } from '../../src/core/log.js';
import { createIdentity } from '../../src/identity/keys.js';
import { openDataFolder } from '../../src/store/data-folder.js';
import { openStore } from '../../src/store/open-store.js';
import { parsePostgresUrl } from '../../src/store/postgres/postgres-url.js';
import { ReadOnly } from '../../src/store/postgres/read-only.js';
import { draft, submission } from '../support/drafts.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { askPostgres, hasPostgres, postgresSchemas, schemaOf } from '../support/postgres.js';
import { postgresFaults } from '../support/postgres-faults.js';
import { type Line, Processes } from '../support/processes.js';
import { itWithPostgres } from '../support/with-own.js';
import { WrittenLog } from '../support/written-log.js';

jest.setTimeout(60_000);

const network = new Processes();
const data = join(network.folder, 'Hamlet');
const newSchema = postgresSchemas();
const describeHere = hasPostgres ? describe : describe.skip;
let url: string;

beforeAll(async () => {
  if (!hasPostgres) return;
  url = newSchema();
  const folder = openDataFolder(data);
  const { identity } = folder;
  const store = await openStore(url, { identity });
  for (let at = 0; at < 40; at += 4)
    await store.articles.append([0, 1, 2, 3].map((n) => submission(draft(`the body number ${at + n}`))));
  const other = new WrittenLog();
  await store.logs.take([{ commit: other.commit([{}, {}]), via: createIdentity().id }]);
  expect((await store.logs.read(other.origin, logStart, 1)).length).toBe(1);
  await store.close();
  folder.close();
});
afterAll(() => network.close());

const doctor = async (store: string, ...more: string[]) => {
  const { status, lines, stderr } = await network.here(['doctor', '--data', data, '--store', store, ...more, '--json']);
  return { status, stderr, lines, found: lines.filter((line) => line.status !== 'ok') };
};
const named = (lines: readonly Line[], check: string) => lines.find((line) => line.check === check);

/** A schema with what is in that of the community. @returns its address. */
async function copied(): Promise<string> {
  const copy = newSchema();
  const [from, to] = [schemaOf(url), schemaOf(copy)];
  await askPostgres(`CREATE SCHEMA ${to}`);
  const tables = await askPostgres<{ name: string }>('SELECT tablename AS name FROM pg_tables WHERE schemaname = $1', [
    from,
  ]);
  for (const { name } of tables) {
    await askPostgres(`CREATE TABLE ${to}.${name} (LIKE ${from}.${name} INCLUDING ALL)`);
    await askPostgres(`INSERT INTO ${to}.${name} SELECT * FROM ${from}.${name}`);
  }
  return copy;
}

/** All rows of all tables. */
async function contentsOf(store: string): Promise<unknown> {
  const [xml] = await askPostgres("SELECT schema_to_xml($1::name, true, false, '')::text AS xml", [schemaOf(store)]);
  return xml;
}

describeHere('moot doctor --data --store names what is wrong with a community in PostgreSQL, and what to do', () => {
  it('finds nothing in one that is whole, says what it looked at, and changes nothing', async () => {
    const before = await contentsOf(url);
    const { status, lines, found, stderr } = await doctor(url);
    expect({ status, found, stderr }).toEqual({ status: 0, found: [], stderr: '' });
    expect(lines.map(({ check }) => check)).toEqual([
      ...['disk', 'data folder', 'identity', 'operator token', 'lock'],
      ...['database', 'durability', 'clock', 'format', 'contents', 'log', 'seals', 'mirrors', 'replicas'],
    ]);
    expect(named(lines, 'contents')?.detail).toBe('42 articles, 0 members');
    expect(named(lines, 'log')?.detail).toBe('ends at entry 40, as its last seal says');
    expect(named(lines, 'seals')?.detail).toBe('11 seals over 42 entries, all checked');
    expect(await contentsOf(url)).toEqual(before);
  });

  it.each(postgresFaults)('$fault: status $status, by the check of the $check', async (planted) => {
    const copy = await copied();
    for (const statement of planted.plant) await askPostgres(`SET search_path = ${schemaOf(copy)}; ${statement}`);
    const before = await contentsOf(copy);
    const { status, found, stderr } = await doctor(copy);
    expect({ status, stderr }).toEqual({ status: planted.status, stderr: '' });
    const first = found.filter(({ check }) => check === planted.check);
    expect(first[0]?.detail).toMatch(planted.says);
    expect(first.at(-1)?.hint ?? '').toMatch(planted.hint);
    expect(first[0]?.status).toBe(planted.status === 0 ? 'warning' : 'FAIL');
    expect(await contentsOf(copy)).toEqual(before);
  });

  it('follows every seal of a long log, and names what is missing in the middle of it', async () => {
    const long = newSchema();
    const folder = openDataFolder(join(network.folder, 'Long'));
    const store = await openStore(long, { identity: folder.identity });
    const commits = 2100;
    for (let at = 0; at < commits; at += 1) await store.articles.append([submission(draft(`number ${at}`))]);
    await store.close();
    folder.close();
    const look = async () => {
      const args = ['--data', join(network.folder, 'Long'), '--store', long, '--json'];
      return (await network.here(['doctor', ...args])).lines.filter(({ check }) => check === 'seals');
    };
    expect(await look()).toMatchObject([{ detail: `${commits} seals over ${commits} entries, all checked` }]);
    await askPostgres(`DELETE FROM ${schemaOf(long)}.entries WHERE seq = 2050`);
    await askPostgres(`DELETE FROM ${schemaOf(long)}.commits WHERE first_seq = 2040`);
    const found = (await look()).map(({ detail }) => detail);
    expect(found).toEqual([
      'the seal that begins at entry 2040 is missing',
      `of the one entry from 2050 on in the log of ${folder.identity.id} 0 are there`,
      'entry 2050 is missing',
    ]);
  });

  it('says what to do where there is no server, no database, no user, no community, and no key', async () => {
    const to = (change: (place: URL) => void): string => {
      const place = new URL(url);
      change(place);
      return place.href;
    };
    const away = await doctor('postgres://x:secret@127.0.0.1:1/y');
    expect(away.status).toBe(1);
    expect(named(away.found, 'database')).toMatchObject({
      detail: expect.stringContaining('"y" (schema moot) at 127.0.0.1:1 cannot be used: PostgreSQL is away'),
      hint: expect.stringContaining('see that PostgreSQL runs there'),
    });
    expect(JSON.stringify(away.lines)).not.toContain('secret');
    const none = await doctor(to((place) => (place.pathname = '/no_such_database')));
    expect(named(none.found, 'database')?.hint).toContain('createdb');
    const empty = await doctor(newSchema());
    expect([empty.status, named(empty.found, 'format')]).toMatchObject([0, { status: 'warning' }]);
    const folder = join(network.folder, 'replica');
    openDataFolder(folder, { identityFile: join(network.folder, 'shared.pem') }).close();
    const keyless = await network.here(['doctor', '--data', folder, '--store', url, '--json']);
    expect(named(keyless.lines, 'identity')?.hint).toContain('--identity FILE');
    const other = await doctor(url, '--identity', join(network.folder, 'shared.pem'));
    expect([other.status, named(other.found, 'contents')?.detail]).toEqual([
      1,
      expect.stringContaining('of another community'),
    ]);
    chmodSync(join(network.folder, 'shared.pem'), 0o644);
    expect(named((await doctor(url, '--identity', join(network.folder, 'shared.pem'))).found, 'identity')?.hint).toBe(
      `chmod 600 ${join(network.folder, 'shared.pem')}`,
    );
    const alone = await network.here(['doctor', '--store', url]);
    expect([alone.status, alone.stderr]).toEqual([2, expect.stringContaining('--store goes with --data')]);
  });

  it('sees a replica that serves, where it is and how long ago it said so; and one that was killed', async () => {
    const replica = await network.start('server', '0', '--name', 'Hamlet', '--data', data, '--store', url);
    const place = replica.address;
    expect(named((await doctor(url)).lines, 'replicas')?.detail).toMatch(
      new RegExp(`^one is there: ${place} \\(\\d\\.\\d s ago\\)$`),
    );
    await replica.end('SIGKILL');
    let killed: unknown;
    do killed = named((await doctor(url)).lines, 'replicas')?.detail;
    while (String(killed).startsWith('one is there'));
    expect(killed).toMatch(new RegExp(`^none is there; the last that did not say goodbye was ${place}, \\d`));
  });

  it('asks in transactions that cannot change anything', async () => {
    const reader = await ReadOnly.connect(parsePostgresUrl(url));
    const emptied = reader.view((ask) => ask('DELETE FROM meta'));
    await expect(emptied).rejects.toMatchObject({ cause: { code: '25006' } });
    expect(await reader.view((ask) => ask('SELECT name FROM meta'))).not.toEqual([]);
    await reader.close();
  });
});

describe('moot doctor --data --store', () => {
  itWithPostgres(
    'names each setting with which what was acknowledged may be lost, and a right that is missing',
    async () => {
      const postgres = await OwnPostgres.start();
      try {
        const folder = openDataFolder(join(network.folder, 'Unsure'));
        await (await openStore(postgres.url, { identity: folder.identity })).close();
        folder.close();
        const look = async (store = postgres.url): Promise<readonly Line[]> => {
          const args = ['--data', join(network.folder, 'Unsure'), '--store', store, '--json'];
          return (await network.here(['doctor', ...args])).lines;
        };
        const unsure = async () => (await look()).filter(({ check }) => check === 'durability');
        // Who may only read is enough, and who may not even that is told so.
        await askPostgres('CREATE ROLE reader LOGIN', [], postgres.url);
        const asReader = postgres.url.replace('postgres@', 'reader@');
        expect(named(await look(asReader), 'format')).toMatchObject({
          status: 'FAIL',
          hint: expect.stringContaining('GRANT SELECT ON ALL TABLES IN SCHEMA moot'),
        });
        const grant = 'GRANT USAGE ON SCHEMA moot TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA moot TO reader';
        await askPostgres(grant, [], postgres.url);
        expect((await look(asReader)).filter(({ status }) => status !== 'ok')).toEqual([]);
        expect(await unsure()).toMatchObject([{ status: 'ok' }]);
        await askPostgres('ALTER SYSTEM SET fsync = off', [], postgres.url);
        await askPostgres('ALTER SYSTEM SET full_page_writes = off', [], postgres.url);
        await askPostgres('SELECT pg_reload_conf()', [], postgres.url);
        let found = await unsure();
        while (found[0]?.status === 'ok') found = await unsure();
        expect(found).toMatchObject(
          ['fsync', 'full_page_writes'].map((name) => ({
            status: 'FAIL',
            detail: expect.stringContaining(`${name} is off`),
            hint: expect.stringContaining(`ALTER SYSTEM SET ${name} = on`),
          })),
        );
      } finally {
        await postgres.close();
      }
    },
  );
});
