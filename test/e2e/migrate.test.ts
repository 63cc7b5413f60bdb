import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { newMember } from '../../src/community/membership.js';
import { anyArticle } from '../../src/core/filter.js';
import { toId } from '../../src/core/ids.js';
import { logStart } from '../../src/core/log.js';
import type { Store } from '../../src/core/stores.js';
import { createIdentity, type Identity } from '../../src/identity/keys.js';
import { signHead } from '../../src/identity/seal.js';
import { openDataFolder } from '../../src/store/data-folder.js';
import { openStore } from '../../src/store/open-store.js';
import { draft, submission } from '../support/drafts.js';
import { askPostgres, hasPostgres, postgresSchemas, schemaOf } from '../support/postgres.js';
import { Processes } from '../support/processes.js';
import { seededRandom } from '../support/seeded-random.js';
import { WrittenLog } from '../support/written-log.js';

const newSchema = postgresSchemas();
const processes = new Processes();
afterAll(() => processes.close());
const describeHere = hasPostgres ? describe : describe.skip;
const everything = Number.POSITIVE_INFINITY;
const mirrored = new WrittenLog();
const via = createIdentity().id;

/** A community that has something of everything. @returns its identity. */
async function someCommunity(dir: string, articles: number, other = new WrittenLog()): Promise<Identity> {
  const folder = openDataFolder(dir);
  const { identity } = folder;
  const store = await openStore(`sqlite:${folder.databaseFile}`, { identity });
  const ack = (await store.articles.append([submission(draft('once', { title: 'A rook' }), 'key')]))[0];
  for (let at = 0; at < articles; at += 500)
    await store.articles.append(
      Array.from({ length: 500 }, (_, n) =>
        submission(
          draft(`number ${at + n} ${'word '.repeat(20)}`, { topic: `t.${n % 7}` }),
          n % 5 === 0 ? `k${at + n}` : '',
        ),
      ),
    );
  const [, last] = await store.articles.append([submission(draft('to be taken back')), submission(draft('its last'))]);
  expect(last && 'published' in last && ack).toBeTruthy();
  const found = await store.articles.find({ ...asked(identity.id, 'taken back'), limit: 1 });
  await store.articles.retract({
    id: found.keys[0]?.id ?? '',
    memberId: 'm1',
    memberName: 'Ada',
    reason: 'no',
    onlyOf: 'm1',
  });
  await store.articles.append([{ ...submission(draft('waits'), 'held', 'm9'), holdBelow: 1 }]);
  const commit = other.commit([{}, { title: 'hidden one' }, {}]);
  await store.logs.take([{ commit, via }]);
  await store.logs.skip(other.gap(3, 'lost'), via);
  await store.logs.take([{ commit: other.commit([{}, other.retractionOf(commit, 2)]), via }]);
  await store.logs.noteHead(signHead(other.identity, { epoch: 1, seq: 8, lastSeal: other.lastSeal }, 99));
  await store.articles.hide({
    id: toId(commit.entries[1]?.hash ?? new Uint8Array()),
    by: 'Mo',
    reason: 'spam',
    atMs: 7,
  });
  for (const id of ['m1', 'm2', 'm3'])
    await store.members.add(newMember(id, `of ${id}`, Uint8Array.of(1, id.length), 5));
  await store.members.remove('m2', 6);
  const act = {
    atMs: 5,
    by: { memberId: '', memberName: 'operator' },
    kind: 'ban',
    about: 'm2',
    aboutName: 'x',
    reason: '',
  } as const;
  const ban = { name: 'x', memberId: 'm2', sinceMs: 5, untilMs: undefined, reason: 'spam', madeBy: 'operator' };
  await store.moderation.change([{ kind: 'put-ban', ban }], act);
  await store.links.put({ peer: via, name: 'B', address: 'x:1', sinceMs: 1 });
  await store.peering.putLevel({ peer: via, name: 'B', level: 'allow', reason: '', sinceMs: 1, untilMs: undefined });
  await store.peering.changeRequests([{ peer: via, name: 'B', firstMs: 1, lastMs: 2 }], []);
  await store.settings.set('name', 'Hamlet');
  await store.close();
  folder.close();
  return identity;
}

const asked = (origin: string, text?: string) => {
  return { filter: { ...anyArticle, text }, origin, before: undefined, limit: 500, notAfterMs: 1e15 };
};

/** All that a store can be asked. */
async function everythingOf(store: Store, own: string): Promise<unknown> {
  const logs: unknown[] = [];
  for (const origin of [own, mirrored.origin]) logs.push(await store.logs.read(origin, logStart, everything));
  const found = [];
  for (const text of [undefined, 'rook', 'word 77', 'body', 'hidden', 'taken'])
    for (const origin of [own, mirrored.origin]) {
      const { keys, more } = await store.articles.find(asked(origin, text));
      found.push(
        keys.map(({ id, publishedAtMs, bytes }) => [id, publishedAtMs, bytes]),
        more,
      );
    }
  const parts = [
    logs,
    found,
    await store.logs.states(),
    await store.articles.end(),
    await store.articles.counts(),
    await store.articles.hidden(),
    await store.held.list({ after: 0, limit: 9, memberId: undefined }),
    await store.members.all(),
    await store.moderation.bans(),
    await store.moderation.acts(0, 0, 9),
    await store.links.all(),
    await store.peering.levels(),
    await store.peering.requests(),
    await store.settings.get('name'),
    await store.logs.whence(mirrored.origin, { epoch: 1, seq: 2 }),
  ];
  return JSON.parse(
    JSON.stringify(parts, (_, value: unknown) => {
      if (value === null || typeof value !== 'object') return value;
      const { type, data } = value as { type?: unknown; data?: unknown };
      if (type === 'Buffer') return Buffer.from(data as number[]).toString('hex');
      return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
    }),
  );
}

describeHere('moot migrate', () => {
  it('moves a community with all it has, killed at any moment and run again', async () => {
    const data = join(processes.folder, 'hamlet');
    const identity = await someCommunity(data, 6000, mirrored);
    const url = newSchema();
    const random = seededRandom(11);
    let killed = 0;
    for (;;) {
      const child = processes.spawn(['migrate', data, url, '--json']);
      const ended = once(child, 'exit');
      const timer = setTimeout(() => child.kill('SIGKILL'), 450 + random() * 900);
      const [status] = (await ended) as [number | null];
      clearTimeout(timer);
      if (status !== null) {
        expect(status).toBe(0);
        break;
      }
      killed += 1;
      if (killed < 4) continue;
      const [line] = await processes.ok('migrate', data, url);
      expect(line).toMatchObject({ id: identity.id, members: 2, logs: 2, articles: 6002 });
      break;
    }
    process.stderr.write(`killed ${killed} times on the way\n`);
    const [before, after] = [
      await openStore(`sqlite:${join(data, 'moot.db')}`, { identity }),
      await openStore(url, { identity }),
    ];
    try {
      expect(await everythingOf(after, identity.id)).toEqual(await everythingOf(before, identity.id));
      // A key has made its article, there as here; and the log goes on.
      const again = submission(draft('once', { title: 'A rook' }), 'key');
      const [one] = await before.articles.append([again]);
      expect(await after.articles.append([again, submission(draft('next'))])).toEqual([
        one,
        { published: expect.objectContaining({ duplicate: false }) },
      ]);
      const [held] = await after.held.list({ after: 0, limit: 9, memberId: undefined });
      expect(await after.held.release(held?.id ?? '')).toMatchObject({ duplicate: false });
    } finally {
      await before.close();
      await after.close();
    }
    const refused = await processes.run(['migrate', data, url]);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('holds this community already') });
  });

  it('refuses a folder in use, another community’s schema, and what is no PostgreSQL; it shows no password', async () => {
    const [one, two] = [join(processes.folder, 'one'), join(processes.folder, 'two')];
    for (const dir of [one, two]) await someCommunity(dir, 0);
    const url = newSchema();
    const said = await processes.run(['migrate', one, url.replace('postgres@', 'postgres:geheim@')]);
    expect(said).toMatchObject({ status: 0, stdout: expect.stringContaining('are in PostgreSQL') });
    expect(said.stderr).toContain(`moot server PORT --data ${one} --store 'postgres://postgres`);
    expect(said.stdout + said.stderr).not.toContain('geheim');
    const theirs = await processes.run(['migrate', two, url]);
    expect(theirs).toMatchObject({ status: 1, stderr: expect.stringContaining('another community’s') });
    expect(await processes.run(['migrate', two, 'sqlite:x.db'])).toMatchObject({ status: 1 });
    expect(await processes.run(['migrate', processes.home, url])).not.toMatchObject({ status: 0 });
    const folder = openDataFolder(two);
    const inUse = await processes.run(['migrate', two, newSchema()]);
    folder.close();
    expect(inUse).toMatchObject({ status: 1, stderr: expect.stringContaining('in use') });
  });

  it('keeps servers out until it is done', async () => {
    const data = join(processes.folder, 'half');
    const identity = await someCommunity(data, 3000);
    const url = newSchema();
    const child = processes.spawn(['migrate', data, url]);
    const ended = once(child, 'exit');
    const moving = `SELECT 1 FROM ${schemaOf(url)}.meta WHERE name = 'moving'`;
    while ((await askPostgres(moving).catch(() => [])).length === 0) await Promise.resolve();
    child.kill('SIGKILL');
    await ended;
    await expect(openStore(url, { identity })).rejects.toMatchObject({
      message: expect.stringContaining('was not finished'),
      hint: expect.stringContaining('moot migrate'),
    });
  });
});
