import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { newMember } from '../../src/community/membership.js';
import { anyArticle } from '../../src/core/filter.js';
import { createIdentity } from '../../src/identity/keys.js';
import { createSealer } from '../../src/identity/seal.js';
import { openStore } from '../../src/store/open-store.js';
import { assertDurable, openForReading, openForWriting } from '../../src/store/sqlite/connection.js';
import { LogWriter } from '../../src/store/sqlite/log-writer.js';
import { toMootError } from '../../src/store/sqlite/sqlite-error.js';
import { draft, submission } from '../support/drafts.js';
import { fillDatabase, finish, someDrafts } from '../support/filled-database.js';
import { temporaryFolder } from '../support/temporary.js';

const folder = temporaryFolder();
const identity = createIdentity();
const request = { filter: anyArticle, origin: identity.id, before: undefined, limit: 500, notAfterMs: 1e15 };

describe('a database', () => {
  it('S0.6 is opened with synchronous=FULL, to write and to read, and refused with less', () => {
    const file = join(folder, 'full.db');
    const writing = openForWriting(file);
    const reading = openForReading(file);
    for (const database of [writing, reading]) {
      expect(database.pragma('synchronous', { simple: true })).toBe(2);
      expect(() => assertDurable(database)).not.toThrow();
      database.pragma('synchronous = NORMAL');
      expect(() => assertDurable(database)).toThrow(expect.objectContaining({ code: 'unavailable' }));
    }
    reading.close();
    writing.close();
    const memory = new Sqlite(':memory:');
    expect(() => assertDurable(memory)).toThrow(expect.objectContaining({ code: 'unavailable' }));
    memory.close();
  });

  it('S0.6 keeps articles, keys, members, links and settings over a restart', async () => {
    const url = `sqlite:${join(folder, 'kept.db')}`;
    const first = await openStore(url, { identity });
    const sent = Array.from({ length: 50 }, (_, at) => submission(draft(`word${at} all`), `k${at}`));
    const acks = await first.articles.append(sent);
    await first.members.add(newMember('1', 'Ada', new Uint8Array(32), 1));
    await first.members.add(newMember('2', 'Bob', new Uint8Array(32), 1));
    await first.members.remove('2', 5);
    await first.links.put({ peer: 'p', name: 'P', address: 'x:1', sinceMs: 3 });
    await first.settings.set('name', 'A');
    const end = await first.articles.end();
    await first.close();
    expect(existsSync(join(folder, 'kept.db-wal'))).toBe(false);

    const second = await openStore(url, { identity });
    expect(Buffer.compare((await second.articles.end()).lastSeal, end.lastSeal)).toBe(0);
    const again = await second.articles.append(sent);
    expect(again).toEqual(
      acks.map((ack) => 'published' in ack && { published: { ...ack.published, duplicate: true } }),
    );
    const { keys } = await second.articles.find({ ...request, filter: { ...anyArticle, text: 'WORD7 all' } });
    expect((await second.articles.load(keys)).map(({ entry }) => entry.body)).toEqual(['word7 all']);
    expect((await second.members.all()).map(({ name }) => name)).toEqual(['Ada']);
    const returning = newMember('2', 'Eve', new Uint8Array(32), 9);
    await expect(second.members.add(returning)).rejects.toMatchObject({ code: 'already_exists' });
    expect(await second.links.all()).toEqual([{ peer: 'p', name: 'P', address: 'x:1', sinceMs: 3 }]);
    expect(await second.settings.get('name')).toBe('A');
    await second.close();
    await expect(second.articles.find(request)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(second.articles.append(sent)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(second.members.remove('1', 1)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('finishes what it has accepted when it is closed', async () => {
    const url = `sqlite:${join(folder, 'closed.db')}`;
    const store = await openStore(url, { identity });
    const calls = Array.from({ length: 100 }, (_, at) => store.articles.append([submission(draft(`${at}`))]));
    const closed = store.close();
    expect((await Promise.all(calls)).flat()).toHaveLength(100);
    await closed;
    const again = await openStore(url, { identity });
    expect((await again.articles.end()).seq).toBe(100);
    await again.close();
  });

  it('refuses a batch that the disk has no room for, keeps none of it, and goes on when there is room', () => {
    const file = join(folder, 'small.db');
    const database = openForWriting(file);
    const log = new LogWriter(database, createSealer(identity));
    const pages = Number(database.pragma('page_count', { simple: true }));
    database.pragma(`max_page_count = ${pages + 10}`);
    let stored = 0;
    const refusals: unknown[] = [];
    for (let size = 1; size < 60; size += 1) {
      try {
        stored += log.append(someDrafts(size)).length;
      } catch (error) {
        refusals.push(toMootError(error));
        if (refusals.length === 3) database.pragma(`max_page_count = ${pages + 1000}`);
      }
    }
    expect(refusals).toHaveLength(3);
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'full' });
    expect(log.lastPlace).toBe(stored);
    finish(database);
    const checked = spawnSync('node', ['test/support/seal-checker.mjs', file], { encoding: 'utf8' });
    expect(checked.stdout).toBe(`1 logs, ${stored} entries\n`);
  });

  it('is refused, with what to do, when it is not one that this identity and this version can go on with', async () => {
    const refused = async (file: string, code: string, by = identity): Promise<void> =>
      await expect(openStore(`sqlite:${file}`, { identity: by })).rejects.toMatchObject({
        code,
        hint: expect.any(String),
      });
    const own = join(folder, 'own.db');
    fillDatabase(own, identity, 3);
    await refused(own, 'denied', createIdentity());
    const held = await openStore(`sqlite:${own}`, { identity });
    await refused(own, 'already_exists');
    await held.close();
    const newer = new Sqlite(own);
    newer.pragma('user_version = 999');
    newer.close();
    await refused(own, 'damaged');
    const foreign = join(folder, 'foreign.db');
    new Sqlite(foreign).exec('CREATE TABLE other (a)').close();
    await refused(foreign, 'damaged');
    const text = join(folder, 'text.db');
    writeFileSync(text, 'not a database, but long enough to look like one '.repeat(100));
    await refused(text, 'damaged');
    await refused(join(folder, 'nowhere', 'x.db'), 'unavailable');
    await refused(folder, 'unavailable');
  });
});
