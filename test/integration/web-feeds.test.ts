import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseFeed } from 'feedsmith';
import { SaxesParser } from 'saxes';
import type { Community, Moot } from '../../src/client/index.js';
import { TestNetwork } from '../support/network.js';
import { TestWeb } from '../support/web.js';

const network = new TestNetwork();
const hostile = [
  '<script>alert(1)</script>',
  ']]> ]]> <![CDATA[ & &amp; &lt; " \' <?xml?> <!-- -->',
  'emoji 👩‍👩‍👧 and ‮right to left',
  '%00 &#0; &#x1f; javascript:alert(1)',
];
let moot: Moot;
let web: TestWeb;
let agora: Community;

beforeAll(async () => {
  await network.start([]);
  for (const name of ['Agora', 'A & B <c>', 'Closed'])
    await network.startServer(name, { readable: name === 'Closed' ? 'members' : 'public' });
  const operators = await network.connectAtHome();
  await (await operators.operator('Agora')).connect('A & B <c>');
  await operators.close();
  moot = await network.connect();
  agora = await moot.join('Agora', { as: 'ada' });
  for (const [n, text] of hostile.entries())
    await agora.publish({ topic: `odd.t${n}`, title: text, author: text, body: `${text}\n\nsecond\nthird` });
  await agora.publish({ topic: 'plain', body: 'no title\nhere' });
  const other = await moot.join('A & B <c>', { as: 'bea' });
  await other.publish({ topic: 'plain', title: 'from elsewhere', body: 'text' });
  const closed = await moot.join('Closed', { as: 'ada' });
  await closed.publish({ topic: 'plain', title: 'for members', body: 'text' });
  web = await TestWeb.start(network);
  await web.until(({ links }) => links.length === 1);
}, 60_000);
afterAll(async () => {
  await web.stop();
  await moot.close();
  await network.stop();
});

const kinds = { rss: 'application/rss+xml', atom: 'application/atom+xml', json: 'application/feed+json' } as const;
type Kind = keyof typeof kinds;

/** @throws Error for what is no well-formed XML. */
function requireXml(text: string): void {
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(text).close();
}

interface Read {
  readonly id: string | undefined;
  readonly title: string | undefined;
  readonly link: string | undefined;
  readonly content: string | undefined;
}

/** What a feed reader makes of it. */
async function readFeed(
  path: string,
  kind: Kind,
  token?: string,
): Promise<{ title: string | undefined; items: Read[] }> {
  const { status, headers, text } = await web.get(path, { token });
  expect([status, headers['content-type']]).toEqual([200, `${kinds[kind]}; charset=utf-8`]);
  if (kind !== 'json') requireXml(text);
  const parsed = parseFeed(text);
  expect(parsed.format).toBe(kind);
  if (parsed.format === 'rss') {
    const items = (parsed.feed.items ?? []).map(({ guid, title, link, content }) => ({
      id: guid?.value,
      title,
      link,
      content: content?.encoded,
    }));
    return { title: parsed.feed.title, items };
  }
  if (parsed.format === 'atom') {
    const items = (parsed.feed.entries ?? []).map(({ id, title, links, content }) => ({
      id,
      title: typeof title === 'string' ? title : title?.value,
      link: links?.[0]?.href,
      content: typeof content === 'string' ? content : content?.value,
    }));
    const { title } = parsed.feed;
    return { title: typeof title === 'string' ? title : title?.value, items };
  }
  if (parsed.format !== 'json') throw new Error(parsed.format);
  const items = (parsed.feed.items ?? []).map(({ id, title, url, content_html }) => ({
    id,
    title,
    link: url,
    content: content_html,
  }));
  return { title: parsed.feed.title, items };
}

const unescaped = (text = ''): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

describe('N11 feeds', () => {
  it.each(Object.keys(kinds) as Kind[])(
    '%s: a real parser and a strict one read it; what looks like a tag is text',
    async (kind) => {
      const { title, items } = await readFeed(`/feeds/Agora.${kind}`, kind);
      expect(title).toBe('Agora');
      expect(items).toHaveLength(5);
      const [plain, ...odd] = items;
      expect(plain).toMatchObject({ title: 'no title', content: '<p>no title<br>here</p>' });
      for (const [n, item] of odd.reverse().entries()) {
        const text = hostile[n] ?? '';
        expect(kind === 'json' ? item.title : unescaped(item.title)).toBe(text);
        expect(item.content).not.toMatch(/<(?!\/?p>|br>)/);
        expect(unescaped(item.content)).toBe(`<p>${text}</p><p>second<br>third</p>`);
        expect(item.link).toMatch(new RegExp(`^http://127.0.0.1:${web.port}/\\?in=[0-9a-v]{52}&article=[0-9a-v]{52}$`));
        expect(item.id).toMatch(/^urn:moot:[0-9a-v]{52}$/);
      }
      expect(new Set(items.map(({ id }) => id)).size).toBe(5);
    },
  );

  it.each(Object.keys(kinds) as Kind[])(
    '%s: of a topic, an author, a query, the federation, a strange name',
    async (kind) => {
      const titles = async (path: string): Promise<(string | undefined)[]> =>
        (await readFeed(path, kind)).items.map((item) => unescaped(item.title));
      expect(await titles(`/feeds/Agora.${kind}?topic=odd.t0`)).toHaveLength(1);
      expect(await titles(`/feeds/Agora.${kind}?author=ada`)).toEqual(['no title']);
      expect(await titles(`/feeds/Agora.${kind}?text=emoji`)).toEqual([hostile[2]]);
      expect(await titles(`/feeds/any.${kind}`)).toHaveLength(6);
      expect(await titles(`/feeds/${encodeURIComponent('A & B <c>')}.${kind}?topic=plain`)).toEqual(['from elsewhere']);
      expect(
        (await readFeed(`/feeds/any.${kind}?topic=plain&author=${encodeURIComponent('<&">')}`, kind)).items,
      ).toEqual([]);
    },
  );

  it('has what XML cannot hold neither in its text nor as a reference', async () => {
    const { clean } = await import('../../src/web/feed-text.js');
    const odd = String.fromCodePoint(0, 8, 0xb, 0x1f, 0xfffe, 0xffff, 9, 10, 0xd800);
    expect(clean(odd)).toBe(`${'\ufffd'.repeat(6)}\t\n\ufffd`);
    requireXml(`<a>${clean(odd)}</a>`);
  });

  it('tells a reader that nothing is new, and whoever stands between how long that holds', async () => {
    for (const kind of Object.keys(kinds)) {
      const { headers } = await web.get(`/feeds/Agora.${kind}`);
      expect(headers['cache-control']).toBe('public, max-age=60');
      const asked = { headers: { 'if-none-match': String(headers.etag) } };
      expect(await web.get(`/feeds/Agora.${kind}`, asked)).toMatchObject({ status: 304, text: '' });
    }
    const { headers } = await web.get('/feeds/Agora.rss');
    await agora.publish({ topic: 'later', title: 'new', body: 'x' });
    expect((await web.get('/feeds/Agora.rss', { headers: { 'if-none-match': String(headers.etag) } })).status).toBe(
      200,
    );
  });

  it('is for members where the community is, and then for nobody else to keep', async () => {
    expect((await web.get('/feeds/Closed.rss')).status).toBe(401);
    const { token } = await (await moot.forAnother()).join('Closed', { as: 'cy' });
    expect((await readFeed('/feeds/Closed.rss', 'rss', token)).items).toMatchObject([{ title: 'for members' }]);
    expect((await web.get('/feeds/Closed.rss', { token })).headers['cache-control']).toBe('private, no-cache');
  });

  it('leads back to where its reader came from, under a name of its own too', async () => {
    const named = await TestWeb.start(network, { origins: ['https://moot.example'] });
    const { text } = await named.get('/feeds/Agora.json', { headers: { host: 'moot.example' } });
    expect(JSON.parse(text)).toMatchObject({ feed_url: 'https://moot.example/feeds/Agora.json' });
    await named.stop();
  });

  it('names what is wrong with an address', async () => {
    for (const [path, status] of [
      ['/feeds/Agora', 404],
      ['/feeds/Agora.xml', 404],
      ['/feeds/Nowhere.rss', 404],
      ['/feeds/.rss', 400],
      ['/feeds/Agora.rss?topic=Not', 400],
      ['/feeds/Agora.rss?limit=3', 400],
    ] as const)
      expect([path, (await web.get(path)).status]).toEqual([path, status]);
    expect(web.bugs).toEqual([]);
  });
});
