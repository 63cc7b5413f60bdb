import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Community } from '../../src/client/index.js';
import { askPostgres } from '../support/postgres.js';
import { Replicated } from '../support/replicated.js';
import { itWithPostgres } from '../support/with-own.js';

describe('a community of two replicas that gets a new key', () => {
  let assembly: Replicated;
  let there: Community;
  const at = (...names: string[]): string => join(assembly.processes.folder, ...names);
  const identity = (): string => at('shared.pem');
  const rotate = (...more: string[]) => {
    const places = ['--data', at('operator'), '--identity', identity(), ...more];
    return assembly.processes.here(['keys', '--rotate', ...places]);
  };
  const publish = (body: string) => there.publish({ topic: 'log', author: 'ada', body });

  beforeAll(async () => {
    if (itWithPostgres.name === 'skip') return;
    assembly = await Replicated.start(2, { hasBus: false });
    mkdirSync(at('operator'), { mode: 0o700 });
    const moot = await assembly.stranger();
    there = await moot.join('Assembly', { as: 'ada' });
  }, 60_000);
  afterAll(() => assembly?.close(), 30_000);

  itWithPostgres(
    'N5 does not get one while any replica serves, and is told which; nor where the store is not the one that it is in',
    async () => {
      const before = readFileSync(identity(), 'utf8');
      const { url } = assembly.postgres;
      const both = await rotate('--store', url);
      expect([both.status, both.stderr]).toEqual([
        1,
        expect.stringMatching(/is served from this store, at localhost:\d+, localhost:\d+\ntry: stop every replica/),
      ]);
      for (const place of [0, 1]) expect(both.stderr).toContain(assembly.addressOf(place));
      const marked = await assembly.processes.here([
        'restore',
        at('operator'),
        '--identity',
        identity(),
        '--store',
        url,
      ]);
      expect([marked.status, marked.stderr]).toEqual([1, expect.stringContaining('is served from this store')]);

      await assembly.replicas[0]?.end();
      const one = await rotate('--store', url);
      expect([one.status, one.stderr]).toEqual([1, expect.stringContaining(`at ${assembly.addressOf(1)}\n`)]);
      await assembly.replicas[1]?.end();

      const nowhere = await rotate();
      expect([nowhere.status, nowhere.stderr]).toEqual([
        1,
        expect.stringMatching(/there is no database .*\ntry: name/),
      ]);
      expect(existsSync(at('operator', 'moot.db'))).toBe(false);
      const another = await rotate('--store', `${url}?schema=another`);
      expect([another.status, another.stderr]).toEqual([1, expect.stringContaining('no community is in')]);
      const schemas = await askPostgres("SELECT 1 FROM pg_namespace WHERE nspname = 'another'", [], url);
      expect(schemas).toEqual([]);

      await askPostgres(
        `INSERT INTO moot.leases (name, holder, until) VALUES ('starting', 'x', now() + interval '1 hour')`,
        [],
        url,
      );
      const starting = await rotate('--store', url);
      expect([starting.status, starting.stderr]).toEqual([1, expect.stringContaining('is starting')]);
      await askPostgres(`DELETE FROM moot.leases WHERE name = 'starting'`, [], url);
      expect(readFileSync(identity(), 'utf8')).toBe(before);
    },
    60_000,
  );

  itWithPostgres(
    'N5 has it when all are stopped, and goes on in the same log; a replica with the old key does not start',
    async () => {
      const { processes, postgres } = assembly;
      copyFileSync(identity(), at('old.pem'));
      for (const place of [0, 1]) await assembly.startReplica(place);
      expect(await publish('before')).toMatchObject({ epoch: 1, seq: 1 });
      // As they are when a machine dies: their leases are waited for.
      for (const replica of assembly.replicas) await replica.end('SIGKILL');
      const told = await rotate('--store', postgres.url);
      expect([told.status, told.stderr]).toEqual([0, expect.stringContaining('copy ')]);

      const old = ['--name', 'Assembly', '--data', at('operator'), '--identity', at('old.pem')];
      const noRegistry = ['--store', postgres.url, '--registry', 'localhost:1'];
      const refused = 'has replaced the key that is in this identity';
      await expect(processes.start('server', '0', ...old, ...noRegistry)).rejects.toThrow(refused);
      for (const place of [0, 1]) await assembly.startReplica(place);
      expect(await publish('after')).toMatchObject({ epoch: 1, seq: 3 });
      // Beside others, and past an article of the new key.
      await expect(processes.start('server', '0', ...old, ...noRegistry)).rejects.toThrow(refused);
      expect(await processes.ok('keys', assembly.addressOf(1))).toMatchObject([{ rotations: 1 }]);
      const bodies: string[] = [];
      for await (const { body } of there.query({ topics: ['log'] })) bodies.push(body);
      expect(bodies.sort()).toEqual(['after', 'before']);

      const look = ['doctor', '--data', at('replica0'), '--store', postgres.url, '--json', '--identity'];
      const whole = await processes.here([...look, identity()]);
      expect([whole.status, whole.lines.filter(({ status }) => status !== 'ok')]).toEqual([0, []]);
      const replaced = await processes.here([...look, at('old.pem')]);
      expect(replaced.lines.filter(({ status }) => status !== 'ok')).toMatchObject([{ check: 'key', status: 'FAIL' }]);
    },
    60_000,
  );

  itWithPostgres(
    'N5 a replica that was frozen meanwhile seals nothing with the old key when it wakes: it ends, and says why',
    async () => {
      const { postgres, replicas } = assembly;
      const [stays, frozen] = replicas;
      const moot = await assembly.stranger();
      const awake = await moot.join(assembly.addressOf(1), { as: 'bob' });
      await awake.publish({ topic: 'log', author: 'bob', body: 'before it sleeps' });
      frozen?.child.kill('SIGSTOP');
      await stays?.end();
      const told = await rotate('--store', postgres.url);
      expect([told.status, told.stderr]).toEqual([0, expect.stringContaining('copy ')]);
      await assembly.startReplica(0);
      const ended = new Promise<number | null>((resolve) => frozen?.child.once('exit', resolve));
      frozen?.child.kill('SIGCONT');
      const sealed = async (key?: string): Promise<unknown> => {
        const draft = { topic: 'log', author: 'bob', body: `when it wakes ${key}` };
        return awake.publish(draft, key === undefined ? {} : { key }).catch((error: unknown) => error);
      };
      // With a key the end of the log is looked at first; without one it is remembered.
      for (const key of [undefined, 'k']) await sealed(key);
      expect([await ended, frozen?.stderr()]).toEqual([
        1,
        expect.stringContaining('has replaced the key that is in this identity'),
      ]);
      await assembly.startReplica(1);
      expect(await sealed('k')).toMatchObject({ epoch: 1 });
      const look = ['doctor', '--data', at('replica0'), '--store', postgres.url, '--identity', identity(), '--json'];
      const whole = await assembly.processes.here(look);
      expect([whole.status, whole.lines.filter(({ status }) => status !== 'ok')]).toEqual([0, []]);
    },
    60_000,
  );
});
