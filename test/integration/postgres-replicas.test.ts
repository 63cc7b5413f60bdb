import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from '@jest/globals';
import { LocalBus } from '../../src/bus/local.js';
import { newMember } from '../../src/community/membership.js';
import { anyArticle } from '../../src/core/filter.js';
import { toId } from '../../src/core/ids.js';
import { type Commit, logStart } from '../../src/core/log.js';
import type { Appended, RecordKind, Store } from '../../src/core/stores.js';
import { SealedCommits } from '../../src/identity/check-commit.js';
import { createIdentity } from '../../src/identity/keys.js';
import { openStore, type StoreOptions } from '../../src/store/open-store.js';
import { CutProxy } from '../support/cut-proxy.js';
import { draft, submission } from '../support/drafts.js';
import { spelled } from '../support/open-logs.js';
import { askPostgres, hasPostgres, postgresSchemas, schemaOf } from '../support/postgres.js';
import { seededRandom } from '../support/seeded-random.js';
import { temporaryFolder } from '../support/temporary.js';
import { WrittenLog } from '../support/written-log.js';

const newSchema = postgresSchemas();
const folder = temporaryFolder();
const identity = createIdentity();
const describeHere = hasPostgres ? describe : describe.skip;
const everything = Number.POSITIVE_INFINITY;

const opened: { close(): Promise<unknown> }[] = [];
const open = async (url: string, more: Partial<StoreOptions> = {}): Promise<Store> => {
  const store = await openStore(url, { identity, ...more });
  opened.push(store);
  return store;
};
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

const seqsOf = (results: readonly Appended[]): number[] =>
  results.map((result) => ('published' in result ? result.published.seq : 0));

async function commitsOf(store: Store): Promise<Commit[]> {
  const items = await store.logs.read(identity.id, logStart, everything);
  return items.flatMap((item) => (item.kind === 'commit' ? item.commit : []));
}

/** Every body once, no hole, every seal good and chained. */
async function holdAgainst(store: Store, bodies: readonly string[]): Promise<void> {
  const commits = await commitsOf(store);
  expect(new SealedCommits().checkNow(commits)).toEqual(commits.map(() => undefined));
  let next = 1;
  for (const { seal } of commits) {
    expect(seal.firstSeq).toBe(next);
    next += seal.size;
  }
  const stored: string[] = [];
  for (let from = 1; from < next; from += 500)
    stored.push(...(await store.articles.read(identity.id, from, 500)).map(({ entry }) => entry.body));
  expect(stored.sort()).toEqual([...bodies].sort());
}

async function until(what: () => boolean, ms = 20_000): Promise<void> {
  for (const end = Date.now() + ms; !what(); ) {
    if (Date.now() > end) throw new Error('it did not come');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describeHere('replicas on one PostgreSQL', () => {
  it('begin at the same moment on an empty schema, and make its tables once', async () => {
    const url = newSchema();
    const stores = await Promise.all(Array.from({ length: 10 }, () => open(url)));
    const results = await Promise.all(stores.map((store, at) => store.articles.append([submission(draft(`${at}`))])));
    expect(results.flatMap(seqsOf).sort((a, b) => a - b)).toEqual(stores.map((_, at) => at + 1));
    await holdAgainst(
      stores[0] as Store,
      stores.map((_, at) => `${at}`),
    );
  });

  for (const how of ['a bus', 'no bus'] as const)
    it(`append at once with ${how}: nothing lost, nothing twice, and each is told of all, in order`, async () => {
      const url = newSchema();
      const bus = how === 'a bus' ? new LocalBus() : undefined;
      const stores = await Promise.all(Array.from({ length: 4 }, () => open(url, { bus })));
      const told = stores.map((store) => {
        const heard: number[] = [];
        store.logs.onCommit(({ seal }) => {
          for (let at = 0; at < seal.size; at += 1) heard.push(seal.firstSeq + at);
        });
        return heard;
      });
      const random = seededRandom(7);
      const bodies: string[] = [];
      await Promise.all(
        stores.flatMap((store, at) =>
          [0, 1, 2].map(async (publisher) => {
            for (let round = 0; round < 8; round += 1) {
              const mine = Array.from(
                { length: 1 + Math.floor(random() * 9) },
                (_, n) => `${at} ${publisher} ${round} ${n}`,
              );
              bodies.push(...mine);
              const acks = await store.articles.append([
                ...mine.map((body) => submission(draft(body))),
                // All of them publish this one as well: it is one article.
                submission(draft(`shared ${round}`), `key ${round}`),
              ]);
              // What is acknowledged has been told here before.
              for (const seq of seqsOf(acks)) expect(told[at]).toContain(seq);
            }
          }),
        ),
      );
      bodies.push(...Array.from({ length: 8 }, (_, round) => `shared ${round}`));
      await holdAgainst(stores[0] as Store, bodies);
      const all = Array.from({ length: bodies.length }, (_, at) => at + 1);
      await until(() => told.every((heard) => heard.length >= all.length));
      for (const heard of told) expect(heard).toEqual(all);
    });

  it('tell each other of mirrors, gaps and records, by the look of each second alone', async () => {
    const url = newSchema();
    const [one, two] = [await open(url), await open(url)];
    const log = new WrittenLog();
    const via = createIdentity().id;
    const heard: string[] = [];
    const kinds = new Set<RecordKind>();
    two.logs.onCommit(({ seal }) =>
      heard.push(spelled([{ kind: 'commit', commit: { seal, entries: [], storedAtMs: 0 } }])),
    );
    two.logs.onGap((gap) => heard.push(spelled([{ kind: 'gap', gap }])));
    two.onRecords((kind) => kinds.add(kind));
    const own = new Set<RecordKind>();
    one.onRecords((kind) => own.add(kind));
    const first = log.commit([{}, {}]);
    await one.logs.take([{ commit: first, via }]);
    await one.logs.skip(log.gap(2, 'lost'), via);
    await one.logs.take([{ commit: log.commit([{}]), via }]);
    await until(() => heard.length >= 3);
    expect(heard).toEqual(['1-2', '(3-4 lost)', '5-5']);
    await one.members.add(newMember('m1', 'Ada', Uint8Array.of(1), 5));
    await one.moderation.change([{ kind: 'remove-ban', name: 'x' }]);
    await one.links.put({ peer: via, name: 'B', address: 'x:1', sinceMs: 1 });
    await one.peering.changeRequests([], ['x']);
    await one.settings.set('name', 'A');
    await one.articles.hide({ id: toId(first.entries[0]?.hash ?? new Uint8Array()), by: 'Mo', reason: '', atMs: 1 });
    await one.articles.append([{ ...submission(draft('new')), holdBelow: 1 }]);
    await until(() => kinds.size >= 7);
    expect([...kinds].sort()).toEqual(['held', 'hidden', 'links', 'members', 'moderation', 'peering', 'settings']);
    // It begins again from its beginning: so it is told.
    await one.logs.drop(log.origin);
    await one.logs.take([{ commit: first, via }]);
    await until(() => heard.length >= 4);
    expect(heard.slice(3)).toEqual(['1-2']);
    expect([...own]).toEqual([]);
  });

  it('lose nothing and double nothing when backends are killed in the middle of appends', async () => {
    const url = newSchema();
    const stores = [await open(url), await open(url)];
    const bodies: string[] = [];
    let isOver = false;
    const killing = (async () => {
      let killed = 0;
      while (!isOver) {
        const rows = await askPostgres(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'moot' AND query LIKE '%head AS%'
           AND state = 'active' LIMIT 1`,
        );
        killed += rows.length;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return killed;
    })();
    await Promise.all(
      stores.map(async (store, at) => {
        for (let round = 0; round < 60; round += 1) {
          const mine = Array.from({ length: 40 }, (_, n) => `${at} ${round} ${n} ${'x'.repeat(500)}`);
          bodies.push(...mine);
          await store.articles.append(mine.map((body) => submission(draft(body))));
        }
      }),
    );
    isOver = true;
    process.stderr.write(`${await killing} backends were killed\n`);
    await holdAgainst(stores[0] as Store, bodies);
  });

  it('lose nothing and double nothing when answers are lost with their connections', async () => {
    const url = newSchema();
    const proxy = await CutProxy.to(url);
    opened.push(proxy);
    const direct = await open(url);
    const store = await open(proxy.url);
    proxy.lostOfHundred = 5;
    const bodies: string[] = [];
    await Promise.all(
      [direct, store].map(async (one, at) => {
        for (let round = 0; round < 60; round += 1) {
          const mine = Array.from({ length: 3 }, (_, n) => `${at} ${round} ${n}`);
          bodies.push(...mine);
          await one.articles.append(mine.map((body) => submission(draft(body))));
        }
      }),
    );
    expect(proxy.lost).toBeGreaterThan(0);
    proxy.lostOfHundred = 0;
    await holdAgainst(direct, bodies);
  });

  it('say that PostgreSQL is away, with what to do, and go on by themselves when it is back', async () => {
    const proxy = await CutProxy.to(newSchema());
    opened.push(proxy);
    const store = await open(proxy.url);
    await store.articles.append([submission(draft('before'))]);
    proxy.cut();
    const away = { code: 'unavailable', hint: expect.stringContaining('same key') };
    await expect(store.articles.append([submission(draft('never'))])).rejects.toMatchObject(away);
    await expect(
      store.articles.find({ filter: anyArticle, origin: identity.id, before: undefined, limit: 9, notAfterMs: 1e15 }),
    ).rejects.toMatchObject(away);
    await expect(store.settings.set('a', 'b')).rejects.toMatchObject(away);
    proxy.restore();
    expect(seqsOf(await store.articles.append([submission(draft('after'))]))).toEqual([2]);
    await store.settings.set('a', 'b');
    await holdAgainst(store, ['before', 'after']);
  });

  it('wait for a replica that is frozen in the middle of its work no longer than three seconds', async () => {
    const url = newSchema();
    const file = join(folder, 'identity.pem');
    writeFileSync(file, identity.privatePem);
    const store = await open(url);
    const frozen: ChildProcess[] = [];
    try {
      for (const name of ['a', 'b']) {
        const child = spawn('node', ['test/support/replica-appender.mjs', url, file, name], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        frozen.push(child);
        await once(createInterface({ input: child.stdout }), 'line');
      }
      let longestMs = 0;
      for (let round = 0; round < 12; round += 1) {
        for (const child of frozen) child.kill('SIGCONT');
        await new Promise((resolve) => setTimeout(resolve, 30 + round * 11));
        for (const child of frozen) child.kill('SIGSTOP');
        const beganAt = performance.now();
        await store.articles.append([submission(draft(`of round ${round}`))]);
        longestMs = Math.max(longestMs, performance.now() - beganAt);
      }
      process.stderr.write(`the longest append beside frozen replicas took ${Math.round(longestMs)} ms\n`);
      expect(longestMs).toBeLessThan(3000);
    } finally {
      for (const child of frozen) child.kill('SIGKILL');
    }
  });

  it('are freed after two seconds from one that froze inside a transaction', async () => {
    const url = newSchema();
    const store = await open(url);
    const schema = schemaOf(url);
    // The settings of a replica's own connections.
    const settings = `-c search_path=${schema} -c idle_in_transaction_session_timeout=2000`;
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: url.replace(/\?.*/, ''), options: settings });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('BEGIN');
    await client.query('UPDATE logs SET version = version + 1');
    const beganAt = performance.now();
    expect(seqsOf(await store.articles.append([submission(draft('a'))]))).toEqual([1]);
    expect(performance.now() - beganAt).toBeLessThan(5000);
    await client.end().catch(() => undefined);
  });
});
