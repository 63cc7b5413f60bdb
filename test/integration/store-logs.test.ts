import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { anyArticle } from '../../src/core/filter.js';
import { toId } from '../../src/core/ids.js';
import { type Commit, logStart } from '../../src/core/log.js';
import { createIdentity, parseIdentity } from '../../src/identity/keys.js';
import { createSealer } from '../../src/identity/seal.js';
import { tokenHash } from '../../src/identity/tokens.js';
import { openStore } from '../../src/store/open-store.js';
import { openForWriting } from '../../src/store/sqlite/connection.js';
import { LogsWriter } from '../../src/store/sqlite/logs-writer.js';
import { packCommits, unpackCommits } from '../../src/store/sqlite/packed-commits.js';
import { toMootError } from '../../src/store/sqlite/sqlite-error.js';
import { WordIndex } from '../../src/store/sqlite/word-index.js';
import { draft, submission } from '../support/drafts.js';
import { finish, someDrafts } from '../support/filled-database.js';
import { identityOf } from '../support/fixed-identity.js';
import { OpenLogs } from '../support/open-logs.js';
import { temporaryFolder } from '../support/temporary.js';
import { WrittenLog } from '../support/written-log.js';

const folder = temporaryFolder();
const identity = createIdentity();
const everything = Number.POSITIVE_INFINITY;
const sealsOf = (file: string) => spawnSync('node', ['test/support/seal-checker.mjs', file], { encoding: 'utf8' });

describe('a database of the first format', () => {
  it('is opened, keeps what it has, and takes mirrors and retractions', async () => {
    const { seed, database } = JSON.parse(readFileSync('test/fixtures/store-v1.json', 'utf8')) as Record<
      string,
      string
    >;
    const file = join(folder, 'v1.db');
    writeFileSync(file, gunzipSync(Buffer.from(database ?? '', 'base64')));
    const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const first = parseIdentity(key.export({ format: 'pem', type: 'pkcs8' }).toString());
    const log = new WrittenLog();
    for (const round of [1, 2]) {
      const store = await openStore(`sqlite:${file}`, { identity: first });
      expect(await store.settings.get('name')).toBe('Old');
      const [again] = await store.articles.append([
        { ...submission(draft('a rook'), 'a rook'), member: { memberId: 'm1', memberName: 'Ada' } },
      ]);
      expect(again).toMatchObject({ published: { seq: 1, duplicate: true } });
      const id = again && 'published' in again ? again.published.id : '';
      expect((await store.articles.get(id)) === undefined).toBe(round === 2);
      await store.articles.retract({ id, memberId: 'm1', memberName: 'Ada', reason: '', onlyOf: 'm1' });
      await store.logs.take([{ commit: log.commit([{}]), via: identity.id }]);
      expect((await store.logs.states()).map(({ entries }) => entries)).toEqual([4, round]);
      expect((await store.articles.counts()).articles).toBe(2);
      await store.close();
    }
    expect(sealsOf(file)).toMatchObject({ status: 0, stdout: '2 logs, 6 entries\n' });
  });
});

describe('a database of the second format', () => {
  it('is opened, keeps its members and mirrors, and takes roles, invitations and what is hidden', async () => {
    const { seed, peerSeed, database } = JSON.parse(readFileSync('test/fixtures/store-v2.json', 'utf8')) as Record<
      string,
      string
    >;
    const file = join(folder, 'v2.db');
    writeFileSync(file, gunzipSync(Buffer.from(database ?? '', 'base64')));
    const [second, peer] = [seed, peerSeed].map((hex) => identityOf(Buffer.from(hex ?? '', 'hex')));
    if (!second || !peer) throw new Error('the fixture has no seeds');
    const request = { filter: anyArticle, origin: peer.id, before: undefined, limit: 9, notAfterMs: 1e15 };
    const shown = ['one', 'two'];
    for (const round of [1, 2]) {
      const store = await openStore(`sqlite:${file}`, { identity: second });
      const [ada, ...others] = await store.members.all();
      expect(others).toEqual([]);
      const role = round === 1 ? 'member' : 'moderator';
      expect(ada).toMatchObject({ id: 'm1', name: 'Ada', joinedAtMs: 5, role, tokenAtMs: 5, seenAtMs: undefined });
      expect(Buffer.compare(ada?.tokenHash ?? Buffer.of(), tokenHash('token of Ada'))).toBe(0);
      const { keys } = await store.articles.find(request);
      const articles = await store.articles.load(keys);
      expect(articles.map(({ entry }) => entry.title).sort()).toEqual(shown.slice(round - 1));
      const one = articles.find(({ entry }) => entry.title === 'one');
      if (one) await store.articles.hide({ id: one.id, by: 'Ada', reason: '', atMs: 1 });
      const by = { memberId: '', memberName: 'operator' };
      const act = { atMs: round, by, kind: 'promote', about: 'm1', aboutName: 'Ada', reason: '' } as const;
      await store.moderation.change([{ kind: 'set-role', id: 'm1', role: 'moderator' }], act);
      expect(await store.moderation.acts(0, 0, 9)).toHaveLength(round);
      expect((await store.links.all()).map(({ name }) => name)).toEqual(['Peer']);
      await store.close();
    }
    expect(sealsOf(file)).toMatchObject({ status: 0, stdout: '2 logs, 7 entries\n' });
  });
});

describe('a database of the fifth format', () => {
  it('is opened, and knows of what it has already what each article answers', async () => {
    const file = join(folder, 'v5.db');
    const replyTo = createIdentity().id;
    const drafts = [draft('an answer', { replyTo }), draft('a question'), draft('another', { replyTo })];
    let store = await openStore(`sqlite:${file}`, { identity });
    await store.articles.append(drafts.map((one) => submission(one)));
    await store.close();
    const database = new Sqlite(file);
    database.exec(
      'DROP TABLE held; DROP INDEX entries_by_reply; ALTER TABLE entries DROP COLUMN reply_to; PRAGMA user_version = 5',
    );
    database.close();
    store = await openStore(`sqlite:${file}`, { identity });
    const request = { filter: { ...anyArticle, replyTo }, origin: identity.id, before: undefined };
    const { keys } = await store.articles.find({ ...request, limit: 9, notAfterMs: 1e15 });
    const bodies = (await store.articles.load(keys)).map(({ entry }) => entry.body);
    expect(bodies.sort()).toEqual(['an answer', 'another']);
    await store.close();
  });
});

describe('what was done in a community', () => {
  it('is not changed and not forgotten, whoever has the database open', async () => {
    const file = join(folder, 'acts.db');
    const store = await openStore(`sqlite:${file}`, { identity });
    const by = { memberId: '', memberName: 'operator' };
    await store.moderation.change([], { atMs: 1, by, kind: 'hide', about: 'a', aboutName: '', reason: '' });
    await store.close();
    const database = new Sqlite(file);
    for (const sql of ["UPDATE acts SET reason = 'x'", 'DELETE FROM acts'])
      expect(() => database.prepare(sql).run()).toThrow(/what was done is not/);
    database.close();
  });
});

describe('logs in a damaged database', () => {
  const damaged = async (file: string, sql: string): Promise<OpenLogs> => {
    const logs = await OpenLogs.open(`sqlite:${file}`);
    await logs.take(logs.log.commit([{}, {}]), logs.log.commit([{}, { gone: 'hidden' }]), logs.log.commit([{}]));
    await logs.store.close();
    const database = new Sqlite(file);
    expect(database.prepare(sql).run().changes).toBeGreaterThan(0);
    database.close();
    return logs;
  };
  const origin = (log: WrittenLog): string => log.origin;

  it.each([
    ['a text', 'UPDATE entries SET bytes = zeroblob(40) WHERE seq = 3'],
    ['a text that is not there, and nothing says why', 'UPDATE entries SET bytes = NULL WHERE seq = 3'],
    ['the hash of what is gone', 'UPDATE entries SET id = zeroblob(32) WHERE seq = 4'],
    ['the reason why it is gone', 'UPDATE entries SET gone = 7 WHERE seq = 4'],
    ['an entry that is missing', 'DELETE FROM entries WHERE seq = 4'],
    ['a root', 'UPDATE commits SET root = zeroblob(32) WHERE first_seq = 3'],
    ['a signature', 'UPDATE commits SET signature = zeroblob(64) WHERE first_seq = 3'],
    ['a date', 'UPDATE commits SET stored_at = 9223372036854775807 WHERE first_seq = 3'],
    ['a seal', "UPDATE commits SET root = x'00' WHERE first_seq = 3"],
  ])('are read up to %s, and then say that they are damaged', async (what, sql) => {
    const { log } = await damaged(join(folder, `${what}.db`), sql);
    const logs = await OpenLogs.open(`sqlite:${join(folder, `${what}.db`)}`);
    const read = async (seq: number) => (await logs.store.logs.read(origin(log), { epoch: 1, seq }, everything)).length;
    expect(await read(0)).toBe(1);
    await expect(read(2)).rejects.toMatchObject({ code: 'damaged' });
    expect(await read(4)).toBe(1);
    await logs.store.close();
  });

  it('show no article whose text is not there, and say that it is damaged to who asks for it', async () => {
    const file = join(folder, 'lost.db');
    const first = await OpenLogs.open(`sqlite:${file}`);
    const commit = first.log.commit([{}, {}]);
    await first.take(commit);
    expect(await first.bodies(first.log.origin, 'body')).toHaveLength(2);
    await first.store.close();
    new Sqlite(file).exec('UPDATE entries SET bytes = NULL WHERE seq = 1').close();
    const second = await OpenLogs.open(`sqlite:${file}`);
    expect(await second.bodies(first.log.origin)).toEqual(['body 2']);
    const id = toId(commit.entries[0]?.hash ?? new Uint8Array(32));
    await expect(second.store.articles.get(id)).rejects.toMatchObject({ code: 'damaged' });
    await second.store.close();
  });
});

describe('what writes logs', () => {
  const via = createIdentity().id;
  const opened = (file: string, isHeard: () => boolean, heard: Commit[] = []) => {
    const database = openForWriting(join(folder, file));
    const index = new WordIndex(database);
    const tell = (packed: Parameters<typeof unpackCommits>[0]) => void heard.push(...unpackCommits(packed));
    return { database, index, writer: new LogsWriter(database, createSealer(identity), index, isHeard, tell) };
  };
  const takes = (commit: Commit) => ({ kind: 'take' as const, take: { packed: packCommits([commit]), vias: [via] } });

  it('S0.6 keeps none of what the disk has no room for, and goes on when there is room', () => {
    const { database, writer } = opened('full.db', () => false);
    const pages = Number(database.pragma('page_count', { simple: true }));
    database.pragma(`max_page_count = ${pages + 20}`);
    const log = new WrittenLog();
    let refusals = 0;
    for (let size = 1; size < 60; size += 1) {
      const before = { seq: log.seq, lastSeal: log.lastSeal };
      try {
        expect(writer.mirror([takes(log.commit(Array.from({ length: size }, () => ({}))))])).toEqual([undefined]);
        writer.append(someDrafts(1));
      } catch (error) {
        expect(toMootError(error)).toMatchObject({ code: 'full' });
        const [kept] = database.prepare('SELECT end_seq FROM mirrors').pluck().all();
        if (kept !== log.seq) Object.assign(log, before);
        refusals += 1;
        if (refusals === 3) database.pragma(`max_page_count = ${pages + 1000}`);
      }
    }
    expect(refusals).toBe(3);
    finish(database);
    expect(sealsOf(join(folder, 'full.db')).status).toBe(0);
  });

  it('tells who begins to listen while a commit is on its way to the disk', () => {
    const heard: Commit[] = [];
    let looks = 0;
    const isHeard = (): boolean => {
      looks += 1;
      return looks > 1;
    };
    const { database, writer } = opened('heard.db', isHeard, heard);
    writer.append(someDrafts(3));
    expect(heard.map(({ seal, entries }) => [seal.firstSeq, entries.length])).toEqual([[1, 3]]);
    expect(heard[0]?.entries.every(({ bytes }) => (bytes?.length ?? 0) > 0)).toBe(true);
    writer.append(someDrafts(2));
    expect(heard.map(({ seal }) => seal.firstSeq)).toEqual([1, 4]);
    finish(database);
  });

  it('N7 leaves no word of what it takes back in the index', () => {
    const { database, index, writer } = opened('words.db', () => false);
    const [first] = writer.append(someDrafts(2));
    const id = first && 'published' in first ? first.published.id : '';
    index.fill(writer.lastPlace, 1e6);
    const named = database.prepare<[string], number>('SELECT count(*) FROM words WHERE words MATCH ?').pluck();
    expect([named.get(`"_${id}"`), named.get('article')]).toEqual([1, 2]);
    writer.retract({ id, memberId: '', memberName: 'operator', reason: '', onlyOf: undefined }, 5);
    expect([named.get(`"_${id}"`), named.get('article')]).toEqual([0, 1]);
    finish(database);
  });

  it('drops a slice at a time, words and counts with it, however far the word index has come', () => {
    const { database, index, writer } = opened('slices.db', () => false);
    const log = new WrittenLog();
    for (let at = 0; at < 10; at += 1)
      writer.mirror([takes(log.commit(Array.from({ length: 300 }, () => ({ title: 'rook' }))))]);
    index.fill(writer.lastPlace, 1500);
    let slices = 1;
    while (!writer.dropper.expire({ storedBeforeMs: 0, mostEntries: 400 }).done) slices += 1;
    expect(slices).toBe(3);
    index.fill(writer.lastPlace, 1e6);
    const count = (sql: string): unknown => database.prepare(sql).pluck().get();
    expect(count("SELECT count(*) FROM words WHERE words MATCH 'rook'")).toBe(300);
    expect(count('SELECT articles FROM topic_counts')).toBe(300);
    expect(count('SELECT entries FROM mirrors')).toBe(300);
    expect(count('SELECT count(*) FROM entries')).toBe(300);
    finish(database);
  });

  it('gives no place twice that the word index has passed', async () => {
    const file = `sqlite:${join(folder, 'places.db')}`;
    const logs = await OpenLogs.open(file);
    const commit = logs.log.commit([{ title: 'rook' }, {}]);
    await logs.take(commit);
    expect(await logs.bodies(logs.log.origin, 'rook')).toEqual(['body 1']);
    await logs.store.logs.drop(logs.log.origin);
    await logs.store.close();
    const again = await OpenLogs.open(file);
    await again.take(commit);
    expect(await again.bodies(logs.log.origin, 'rook')).toEqual(['body 1']);
    expect(await again.read(logStart, everything, logs.log.origin)).toBe('1-2');
    await again.store.close();
  });
});
