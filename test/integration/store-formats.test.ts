import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { anyArticle } from '../../src/core/filter.js';
import { openStore } from '../../src/store/open-store.js';
import { bringUp, newestFormat } from '../../src/store/sqlite/migrations.js';
import { identityOf } from '../support/fixed-identity.js';
import { temporaryFolder } from '../support/temporary.js';

const folder = temporaryFolder();
const { seed, peerSeed, database } = JSON.parse(readFileSync('test/fixtures/store-v2.json', 'utf8')) as Record<
  'seed' | 'peerSeed' | 'database',
  string
>;
const [own, peer] = [seed, peerSeed].map((hex) => identityOf(Buffer.from(hex, 'hex')));

/** What was kept in each format that the one before could not keep. */
const kept: Readonly<Record<number, string>> = {
  3: `UPDATE members SET role = 'moderator', token_at = 7, seen_at = 8;
      INSERT INTO acts (at, by_id, by_name, kind, about, about_name, reason) VALUES (9, '', 'operator', 'promote', 'm1', 'Ada', '');`,
  4: `INSERT INTO levels (peer, name, level, reason, since) VALUES ('p1', 'Noisy', 'silence', 'too much', 10);`,
  5: `INSERT INTO daily_uses (day, member, articles, bytes) VALUES (1, 'm1', 2, 3);`,
  6: '',
  7: `INSERT INTO held (id, member, member_name, key, digest, draft, held_at, refused_at)
      VALUES ('h1', 'm1', 'Ada', '', x'00', '{"topic":"a","author":"","title":"","body":"b","replyTo":"","mediaType":""}', 11, 12);`,
};

describe('a database of each earlier format', () => {
  // The first has a test of its own: it knew no mirrors.
  const formats = Array.from({ length: newestFormat - 1 }, (_, at) => at + 2);

  it.each(formats)('format %i opens, with its articles, members, mirrors and seals whole', async (format) => {
    if (!own || !peer) throw new Error('the fixture has no seeds');
    const file = join(folder, `v${format}.db`);
    writeFileSync(file, gunzipSync(Buffer.from(database, 'base64')));
    const old = new Sqlite(file);
    for (let next = 3; next <= format; next += 1) bringUp(old, next - 1, next).exec(kept[next] ?? '');
    expect(old.pragma('user_version', { simple: true })).toBe(format);
    old.close();

    const store = await openStore(`sqlite:${file}`, { identity: own });
    const [ada] = await store.members.all();
    expect(ada).toMatchObject({ id: 'm1', name: 'Ada', joinedAtMs: 5, role: format < 3 ? 'member' : 'moderator' });
    expect(ada?.tokenAtMs).toBe(format < 3 ? 5 : 7);
    const request = { filter: anyArticle, origin: peer.id, before: undefined, limit: 9, notAfterMs: 1e15 };
    const { keys } = await store.articles.find(request);
    const titles = (await store.articles.load(keys)).map(({ entry }) => entry.title);
    expect(titles.sort()).toEqual(['one', 'two']);
    expect((await store.links.all()).map(({ name }) => name)).toEqual(['Peer']);
    expect(await store.moderation.acts(0, 0, 9)).toHaveLength(format < 3 ? 0 : 1);
    expect((await store.peering.levels()).map(({ name }) => name)).toEqual(format < 4 ? [] : ['Noisy']);
    await store.close();

    const now = new Sqlite(file, { readonly: true });
    expect(now.pragma('user_version', { simple: true })).toBe(newestFormat);
    const count = (table: string) => now.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    expect([count('daily_uses'), count('held')]).toEqual([format < 5 ? 0 : 1, format < 7 ? 0 : 1]);
    now.close();
    const seals = spawnSync('node', ['test/support/seal-checker.mjs', file], { encoding: 'utf8' });
    expect(seals).toMatchObject({ status: 0, stdout: '2 logs, 7 entries\n' });
  });

  it('has a row here for each thing that a format brought', () => {
    expect(Object.keys(kept).map(Number)).toEqual(formats.slice(1));
  });
});
