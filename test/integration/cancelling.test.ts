import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Log } from '../../src/app/config.js';
import type { Community, Moot } from '../../src/client/index.js';
import { FaultyProxy } from '../support/faulty-proxy.js';
import { freePort } from '../support/free-port.js';
import { TestNetwork } from '../support/network.js';

/** First → Middle → Last → a server that takes everything and answers nothing. */
const names = ['First', 'Middle', 'Last', 'Hole'] as const;
type Name = (typeof names)[number];
type Ended = Parameters<Log>[0] & { readonly atMs: number };

const network = new TestNetwork();
const proxies = new Map<Name, FaultyProxy>();
/** Calls that have ended, server by server. */
const ended = new Map<Name, Ended[]>();
let moot: Moot;
let first: Community;

const proxy = (name: Name): FaultyProxy => {
  const found = proxies.get(name);
  if (!found) throw new Error(`there is no proxy before ${name}`);
  return found;
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await turn();
  }
}
const asksOf = (name: Name, requestId: unknown): Ended[] =>
  (ended.get(name) ?? []).filter((call) => String(call.path).endsWith('/Ask') && call.requestId === requestId);

beforeAll(async () => {
  await network.start([]);
  for (const name of names) {
    const port = await freePort();
    const calls: Ended[] = [];
    ended.set(name, calls);
    proxies.set(name, await FaultyProxy.start(() => 1, port));
    await network.startServer(name, {
      port,
      advertise: proxy(name).address,
      log: (event) => void (event.level === 'debug' && calls.push({ ...event, atMs: performance.now() })),
    });
  }
  moot = await network.connectAtHome();
  for (const [at, name] of names.entries()) {
    const to = names[at + 1];
    if (to) await (await moot.operator(name)).connect(to);
  }
  first = await moot.join('First', { as: 'ada' });
  // The way is warm: whoever is asked now is asked at once.
  expect((await first.query().report).complete).toBe(true);
  proxy('Hole').become({ isHole: true });
});

afterAll(async () => {
  await moot.close();
  await network.stop();
  for (const each of proxies.values()) await each.close();
});

async function isAsked(before: number): Promise<void> {
  await until(() => (proxy('Hole').swallowed > before ? true : undefined));
}

describe('a query that nobody wants any more', () => {
  it('S0.14 ends at every server on the way, at once, under the same request id', async () => {
    const before = proxy('Hole').swallowed;
    const answer = first.query({ timeoutMs: 20_000 });
    await isAsked(before);
    const cancelledAtMs = performance.now();
    answer.abort();
    await expect(answer.report).rejects.toMatchObject({ code: 'cancelled' });
    const query = await until(() =>
      ended.get('First')?.find(({ path, code }) => String(path).endsWith('/Query') && code === 'cancelled'),
    );
    expect(query.requestId).toMatch(/^[0-9a-f-]{36}$/);
    for (const name of ['Middle', 'Last'] as const) {
      const call = await until(() => asksOf(name, query.requestId)[0]);
      expect(call).toMatchObject({ code: 'cancelled' });
      process.stderr.write(`${name} has let go ${Math.round(call.atMs - cancelledAtMs)} ms after the cancel\n`);
      // 100 ms are promised; the rest is for the machine.
      expect(call.atMs - cancelledAtMs).toBeLessThan(1000);
    }
  });

  it('S0.14 costs no connection and no feed, even when a thousand are cancelled at once', async () => {
    const feed = first.subscribe()[Symbol.asyncIterator]();
    expect((await feed.next()).value).toMatchObject({ type: 'accepted' });
    await first.query({ scope: 'local' }).report;
    const taken = names.map((name) => proxy(name).taken);
    const before = proxy('Hole').swallowed;
    const answers = Array.from({ length: 1000 }, () => first.query({ timeoutMs: 20_000 }));
    const reports = answers.map(({ report }) => report.catch((error: { code: string }) => error.code));
    await isAsked(before);
    for (const answer of answers) answer.abort();
    expect(new Set(await Promise.all(reports))).toEqual(new Set(['cancelled']));

    const member = await moot.join('Last', { as: 'ada' });
    const { id } = await member.publish({ topic: 'news', body: 'the feeds go on' });
    for (;;) {
      const { value: event } = await feed.next();
      expect(event?.type).not.toBe('reconnecting');
      if (event?.type === 'article' && event.article.id === id) break;
    }
    await feed.return?.();
    expect(await first.query({ scope: 'local', timeoutMs: 20_000 }).report).toMatchObject({ complete: true });
    expect(names.map((name) => proxy(name).taken)).toEqual(taken);
  });
});
