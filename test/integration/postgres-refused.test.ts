import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { startServer } from '../../src/app/start-server.js';
import { createIdentity } from '../../src/identity/keys.js';
import { openStore } from '../../src/store/open-store.js';
import { askPostgres, hasPostgres, postgresSchemas, schemaOf } from '../support/postgres.js';
import { temporaryFolder } from '../support/temporary.js';

const newSchema = postgresSchemas();
const folder = temporaryFolder();
const identity = createIdentity();
const describeHere = hasPostgres ? describe : describe.skip;

describeHere('a schema that is not this community’s', () => {
  it('is refused: another community’s, another program’s, a newer version’s, none at all', async () => {
    const url = newSchema();
    const store = await openStore(url, { identity });
    await store.settings.set('name', 'A');
    await store.close();
    await expect(openStore(url, { identity: createIdentity() })).rejects.toMatchObject({
      code: 'denied',
      field: 'store',
      message: expect.stringContaining('another community’s'),
      hint: expect.stringContaining('schema'),
    });
    await askPostgres(`UPDATE ${schemaOf(url)}.meta SET value = '99' WHERE name = 'format'`);
    await expect(openStore(url, { identity })).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining('has format 99'),
    });
    const foreign = newSchema();
    await askPostgres(`CREATE SCHEMA ${schemaOf(foreign)}`);
    await askPostgres(`CREATE TABLE ${schemaOf(foreign)}.meta (id INT)`);
    for (const table of ['meta', 'customers']) {
      await askPostgres(`CREATE TABLE IF NOT EXISTS ${schemaOf(foreign)}.${table} (id INT)`);
      await expect(openStore(foreign, { identity })).rejects.toMatchObject({
        code: 'damaged',
        message: expect.stringContaining('another program'),
      });
    }
    const wrong = new URL(url);
    wrong.pathname = '/no_such_database';
    await expect(openStore(wrong.href, { identity })).rejects.toMatchObject({ code: 'not_found', field: 'store' });
  });

  it('N10 is left by a replica that cannot start as it was: nobody waits for it', async () => {
    const store = newSchema();
    const who = { topics: [], admission: 'open', readable: 'members', registries: [], insecure: false } as const;
    const config = { ...who, host: '127.0.0.1', port: 0, store, data: folder };
    const leases = () => askPostgres(`SELECT name FROM ${schemaOf(store)}.leases`);
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(startServer({ ...config, port })).rejects.toMatchObject({ code: 'already_exists' });
    other.close();
    expect(await leases()).toEqual([]);
    await askPostgres(`INSERT INTO ${schemaOf(store)}.settings VALUES ('operator.hashes', 'none')`);
    await expect(startServer(config)).rejects.toThrow('JSON');
    expect(await leases()).toEqual([]);
  });

  it('never shows a password in what it says', async () => {
    for (const url of [
      'postgres://a:secret@127.0.0.1:1/x',
      'postgres://a:secret@127.0.0.1:1/',
      'postgres://a:secret@127.0.0.1:x/y',
      'postgres://a:secret@nowhere.invalid/x?sslmode=maybe',
    ]) {
      const error: Error = await openStore(url, { identity }).then(
        () => new Error('it was opened'),
        (refused: Error) => refused,
      );
      expect(error).toMatchObject({ field: 'store', hint: expect.any(String) });
      expect(`${error.message} ${String(error)}`).not.toContain('secret');
    }
  });
});
