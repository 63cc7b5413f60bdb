import { createHash, createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Community, Moot } from '../../src/client/index.js';
import { toId } from '../../src/core/ids.js';
import type { ArticleView, CommunityDetail, Members, Network, Page, Problem, Proof, Trace } from '../../src/web/api.js';
import { TestNetwork } from '../support/network.js';
import { TestWeb } from '../support/web.js';

const network = new TestNetwork();
let moot: Moot;
let web: TestWeb;
const at: Record<string, Community> = {};
const ids: Record<string, string> = {};

beforeAll(async () => {
  await network.start([]);
  for (const name of ['Agora', 'Bazaar', 'Closed'])
    await network.startServer(name, { readable: name === 'Closed' ? 'members' : 'public' });
  const operators = await network.connectAtHome();
  for (const to of ['Bazaar', 'Closed']) await (await operators.operator('Agora')).connect(to);
  await operators.close();
  moot = await network.connect();
  for (const name of ['Agora', 'Bazaar', 'Closed']) {
    at[name] = await moot.join(name, { as: 'ada' });
    ids[name] = network.servers.get(name)?.id ?? '';
    for (let n = 1; n <= 3; n += 1)
      await at[name]?.publish({ topic: 'chess', title: `${name} ${n}`, body: 'e4' }, { key: `${name}${n}` });
  }
  web = await TestWeb.start(network);
  await web.until(({ links }) => links.length === 2);
}, 60_000);
afterAll(async () => {
  await web.stop();
  await moot.close();
  await network.stop();
});

const problem = (text: string): Problem => JSON.parse(text) as Problem;

/** Asks again until it holds: the servers are asked in rounds. */
async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
  }
}

describe('N11 reading in a browser', () => {
  it('shows a public community without a membership, by its name in any case and by its id', async () => {
    for (const name of ['agora', ids.Agora]) {
      const detail = await web.json<CommunityDetail>(`/api/communities/${name}`);
      expect(detail).toMatchObject({ id: ids.Agora, name: 'Agora', articles: 3, members: 1, readable: 'public' });
      expect(detail.links?.map((link) => link.name).sort()).toEqual(['Bazaar', 'Closed']);
    }
  });

  it('answers a question, with the report, as the community answers it', async () => {
    const page = await web.json<Page>('/api/communities/Agora/articles?topic=chess&limit=500');
    const report = await at.Agora?.query({ topics: ['chess'] }).report;
    expect(page.articles).toHaveLength(9);
    expect(page.articles[0]).toMatchObject({ originName: 'Closed', seq: '3', replyTo: null, title: 'Closed 3' });
    expect(page.report).toMatchObject({ complete: true, next: null, coverageChanged: false });
    expect(page.report.servers.map(({ name, outcome, articles }) => [name, outcome, articles]).sort()).toEqual(
      report?.rows.map(({ name, outcome, articles }) => [name, outcome, articles]).sort(),
    );
  });

  it('asks the federation at the community that reaches most, page after page at the same one', async () => {
    const titles: (string | null)[] = [];
    let next: string | null = '';
    while (next !== null) {
      const query: string = next === '' ? '' : `&page=${next}`;
      const page: Page = await web.json<Page>(`/api/communities/any/articles?limit=2${query}`);
      expect(page.report.servers[0]?.name).toBe('Agora');
      titles.push(...page.articles.map(({ title }) => title));
      next = page.report.next;
    }
    expect(titles.sort()).toEqual(
      ['Agora', 'Bazaar', 'Closed'].flatMap((name) => [1, 2, 3].map((n) => `${name} ${n}`)),
    );
  });

  it('takes filters as the command does, and names what is wrong with them', async () => {
    const of = async (query: string): Promise<number> =>
      (await web.json<Page>(`/api/communities/Agora/articles?${query}`)).articles.length;
    expect(await of('text=bazaar')).toBe(3);
    expect(await of('author=ada&scope=local')).toBe(3);
    expect(await of(`origin=${ids.Closed}&origin=${ids.Bazaar}`)).toBe(6);
    expect(await of('since=2000-01-01T00:00:00Z&until=2001-01-01T00:00:00Z')).toBe(0);
    const wrong = ['limit=501', 'limit=x', 'topic=Not%20one', 'since=yesterday', 'page=1', 'fresh=new', 'nothing=1'];
    for (const query of wrong) {
      const { status, text } = await web.get(`/api/communities/Agora/articles?${query}`);
      expect([query, status, problem(text)]).toEqual([
        query,
        400,
        expect.objectContaining({
          code: 'invalid',
          field: expect.stringMatching(/limit|topic|since|page|fresh|nothing/),
        }),
      ]);
    }
  });

  it('refuses what is for members, and lets the holder of a token in', async () => {
    const token = at.Closed?.token;
    for (const path of ['articles', 'members', `articles/${'0'.repeat(52)}/trace`]) {
      const { status, text } = await web.get(`/api/communities/Closed/${path}`);
      expect([path, status, problem(text).code]).toEqual([path, 401, 'unauthenticated']);
    }
    expect((await web.json<Page>('/api/communities/Closed/articles', { token })).articles).toHaveLength(3);
    expect(await web.json<Members>('/api/communities/Closed/members', { token })).toMatchObject({
      members: [{ name: 'ada', role: 'member' }],
    });
    expect((await web.get('/api/communities/Closed/articles', { token: 'wrong' })).status).toBe(401);
    expect((await web.get('/api/communities/Agora/articles', { token: 'wrong' })).status).toBe(401);
    expect((await web.get('/api/communities/Agora/articles', { headers: { authorization: 'Basic x' } })).status).toBe(
      401,
    );
    expect((await web.json<CommunityDetail>('/api/communities/Closed')).links).toBeNull();
  });

  it('shows the way of an article', async () => {
    const page = await web.json<Page>('/api/communities/Agora/articles?text=bazaar&limit=1');
    const way = await web.json<Trace>(`/api/communities/Agora/articles/${page.articles[0]?.id}/trace`);
    expect(way.hops.map(({ name }) => name)).toEqual(['Agora', 'Bazaar']);
    expect((await web.get('/api/communities/Agora/articles/x/trace')).status).toBe(400);
  });

  it('shows an article with what it answers and what answers it, wherever they were published', async () => {
    const [agora, bazaar, closed] = [at.Agora, at.Bazaar, at.Closed];
    const thread = { topic: 'thread', body: 'x' };
    const root = await bazaar?.publish({ ...thread, title: 'root' });
    const middle = await agora?.publish({ ...thread, title: 'middle', replyTo: root?.id });
    const first = await closed?.publish({ ...thread, title: 'first', replyTo: middle?.id });
    const second = await bazaar?.publish({ ...thread, title: 'second', replyTo: middle?.id });
    const lost = await agora?.publish({ ...thread, title: 'lost', replyTo: '0'.repeat(52) });
    const view = await web.json<ArticleView>(`/api/communities/any/articles/${middle?.id}`);
    expect(view.article).toMatchObject({ id: middle?.id, title: 'middle', originName: 'Agora', replyTo: root?.id });
    expect(view.ancestors.map(({ title }) => title)).toEqual(['root']);
    expect(view.replies.map(({ id }) => id)).toEqual([first?.id, second?.id]);
    expect(view.report).toMatchObject({ complete: true });
    const deep = await web.json<ArticleView>(`/api/communities/Agora/articles/${second?.id}`);
    expect(deep.ancestors.map(({ title }) => title)).toEqual(['root', 'middle']);
    expect((await web.json<ArticleView>(`/api/communities/Agora/articles/${lost?.id}`)).ancestors).toEqual([]);
    const answers = await web.json<Page>(`/api/communities/Agora/articles?replyTo=${middle?.id}`);
    expect(answers.articles.map(({ title }) => title)).toEqual(['second', 'first']);
    for (const [id, status] of [
      ['0'.repeat(52), 404],
      ['x', 400],
    ])
      expect([id, (await web.get(`/api/communities/any/articles/${id}`)).status]).toEqual([id, status]);
  });

  it('gives the proof of an article, with which anybody can check it: README, Seals, for other languages', async () => {
    const { articles } = await web.json<Page>('/api/communities/any/articles?text=bazaar&limit=1');
    const [article] = articles;
    const proof = await web.json<Proof>(`/api/communities/any/articles/${article?.id}/proof`);
    const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
    const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
    let hash = sha256(Buffer.of(0), bytes(proof.bytes));
    expect(toId(hash)).toBe(article?.id);
    let [at, width] = [proof.leafIndex, proof.commitSize];
    const path = proof.path.map(bytes);
    for (; width > 1; at >>= 1, width = (width + 1) >> 1) {
      const sibling = (at ^ 1) < width ? path.shift() : undefined;
      if (sibling) hash = at % 2 === 0 ? sha256(Buffer.of(1), hash, sibling) : sha256(Buffer.of(1), sibling, hash);
    }
    const signed = bytes(proof.signedBytes);
    expect(signed.subarray(64, 96)).toEqual(hash);
    expect(toId(sha256(bytes(proof.publicKey)))).toBe(article?.origin);
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: bytes(proof.publicKey).toString('base64url') },
      format: 'jwk',
    });
    expect(verify(null, signed, key, bytes(proof.signature))).toBe(true);
  });

  it('dials nothing that a reader names: a community is one that is listed', async () => {
    let dialled = 0;
    const trap = createServer(() => {
      dialled += 1;
    }).listen(0, '127.0.0.1');
    await once(trap, 'listening');
    const { port } = trap.address() as AddressInfo;
    for (const name of [`127.0.0.1:${port}`, `localhost:${port}`, `localhost%3A${port}`, 'Nowhere'])
      expect((await web.get(`/api/communities/${name}/articles`)).status).toBe(404);
    expect(dialled).toBe(0);
    trap.close();
  });

  it('N9 draws the network: who is up, who links to whom, what follows from it', async () => {
    const now = await web.json<Network>('/api/network');
    expect(now.servers.map(({ name, state }) => [name, state]).sort()).toEqual([
      ['Agora', 'up'],
      ['Bazaar', 'up'],
      ['Closed', 'up'],
    ]);
    expect(now.links.map(({ from, to, state }) => [from, to, state]).sort()).toEqual(
      [
        [ids.Agora, ids.Bazaar, 'up'],
        [ids.Agora, ids.Closed, 'up'],
      ].sort(),
    );
    expect(now).toMatchObject({ cycles: [], cutPoints: [], missing: [] });
  });

  it('N9 shows a death, live, and the report says so; what is not listed any more and still linked to stays on the map', async () => {
    const live = web.live('/api/network/live');
    expect((await live.next()).value).toMatchObject({ type: 'network' });
    await network.servers.get('Bazaar')?.stop();
    for await (const { data } of live) {
      const { servers, links } = data as Network;
      if (servers.find(({ name }) => name === 'Bazaar')?.state !== 'down') continue;
      expect(links.find(({ to }) => to === ids.Bazaar)).toMatchObject({
        state: 'down',
        reason: expect.stringContaining('Bazaar'),
      });
      break;
    }
    const page = await web.json<Page>('/api/communities/any/articles?limit=500&topic=chess');
    expect(page.articles).toHaveLength(9);
    const row = page.report.servers.find(({ id }) => id === ids.Bazaar);
    expect(row).toMatchObject({ outcome: 'STALE', ageMs: expect.any(Number), reason: expect.any(String) });
  }, 30_000);

  it('says that a dead community does not answer, and asks the federation at another', async () => {
    const stopped = await web.get('/api/communities/Bazaar/articles');
    expect(stopped.status).toBe(404);
    const lone = new TestNetwork();
    await lone.start([]);
    await lone.startServer('One', { readable: 'public' });
    await lone.startServer('Two', { readable: 'public' });
    const other = await TestWeb.start(lone);
    const [first] = (await other.json<Page>('/api/communities/any/articles')).report.servers;
    await lone.stopRegistry();
    await lone.servers.get(first?.name ?? '')?.stop();
    const dead = await other.get(`/api/communities/${first?.id}/articles`);
    expect([dead.status, problem(dead.text).code]).toEqual([503, 'unavailable']);
    expect((await other.json<Page>('/api/communities/any/articles')).report.servers[0]?.id).not.toBe(first?.id);
    const { missing, servers } = await until(
      () => other.json<Network>('/api/network'),
      (now) => now.missing.length > 0,
    );
    expect(missing[0]).toMatch(/^the registry localhost:\d+ is not heard: /);
    expect(servers.map(({ state }) => state).sort()).toEqual(['down', 'up']);
    await other.stop();
    await lone.stop();
  }, 60_000);

  it('shows one community alone, where it is told to, even while no registry has it', async () => {
    const { id = '', address = '' } = network.servers.get('Agora') ?? {};
    const alone = await TestWeb.start(network, { only: { id, address } });
    expect(await alone.json('/api/gateway')).toEqual({ version: '1.2.3', community: id });
    expect((await alone.get('/api/communities/Closed')).status).toBe(404);
    expect((await alone.json<Page>('/api/communities/any/articles')).articles.length).toBeGreaterThan(0);
    await alone.stop();
    const unlisted = new TestNetwork();
    const other = await unlisted.startServer('Alone', { readable: 'public', registries: [] });
    const shown = await TestWeb.start(unlisted, { only: other });
    expect(
      (
        await until(
          () => shown.get('/api/communities/Alone'),
          ({ status }) => status === 200,
        )
      ).status,
    ).toBe(200);
    await shown.stop();
    await unlisted.stop();
  }, 30_000);

  it('met no fault of its own in all that', () => expect(web.bugs).toEqual([]));
});
