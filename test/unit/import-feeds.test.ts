import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatOf } from '../../src/cli/import/format.js';
import { parseKey } from '../../src/core/draft.js';
import { imported, importedFixture } from '../support/imported.js';

const byCategory = { given: undefined, fromCategory: true };

describe('what a file is', () => {
  it.each([
    ['a.ndjson', '<rss', 'ndjson'],
    ['a.rss', '', 'feed'],
    ['A.XML', '', 'feed'],
    ['a.mbox', '', 'mbox'],
    ['a.json', '{ "version": "https://jsonfeed.org/version/1.1"', 'feed'],
    ['a.json', '{"topic":"a"}', 'ndjson'],
    ['', '\ufeff\n <?xml version="1.0"?>', 'feed'],
    ['', Buffer.from('\ufeff<?xml?>', 'utf16le'), 'feed'],
    ['', 'From ada Sat Jan 3', 'mbox'],
    ['', '', 'ndjson'],
    ['', 'nonsense', 'ndjson'],
  ])('is said by its name, else by how it begins: %s, %j is %s', (name, head, format) => {
    expect(formatOf(name, Buffer.from(head as string))).toBe(format);
  });
});

describe('a feed', () => {
  it('in RSS gives articles with their own author and date, and readable text', async () => {
    const { items, refused } = await importedFixture('allotment.rss');
    expect(items.map(({ draft }) => draft)).toEqual([
      {
        topic: 'news',
        author: 'Wren Halloran',
        title: 'Beans, at last',
        body: 'The first beans are up & the slugs know.\n\n- Cobra\n- Blauhilde\n\nMore [on slugs](https://allotment.example/slugs).\n\nhttps://allotment.example/beans',
        publishedAtMs: Date.UTC(2024, 4, 10, 16, 30),
      },
      {
        topic: 'news',
        author: 'Ash Oduya',
        title: 'Rain',
        body: 'Eleven millimetres.\n\nhttps://allotment.example/rain',
        publishedAtMs: Date.UTC(2024, 4, 9, 11),
      },
      {
        topic: 'news',
        author: 'The Allotment & Beyond',
        title: 'Only a title and a link',
        body: 'https://elsewhere.example/seeds',
        publishedAtMs: undefined,
      },
    ]);
    expect(refused).toEqual(['allotment.rss: item 3: "the day after tomorrow" is not a date']);
  });

  it('in Atom says of each text whether it is HTML', async () => {
    const { items } = await importedFixture('observatory.atom');
    expect(items.map(({ draft }) => draft)).toMatchObject([
      {
        author: 'Noor Rahman',
        title: 'Geminids: 112 an hour',
        body: 'Clear until four, & cold.\n\n> 112!\n\nhttps://hillside.example/geminids',
        publishedAtMs: Date.UTC(2023, 11, 14, 8, 15),
      },
      { author: 'Guest', title: '1 < 2 magnitudes', body: 'Plain text: a < b, and &amp; stays.' },
    ]);
  });

  it('in JSON is told from NDJSON by its version', async () => {
    const { items } = await importedFixture('workshop.json');
    expect(items.map(({ draft }) => draft)).toMatchObject([
      { author: 'Ines', title: 'Dovetails', body: 'Cut the tails first.\n\nhttps://workshop.example/7' },
      { author: 'Workshop', title: undefined, body: 'Sharpen <everything>.' },
    ]);
  });

  it('has keys that follow from the ids of its entries, however these are changed', async () => {
    const item = (guid: string, text: string): string =>
      `<item><guid>${guid}</guid><description>${text}</description></item>`;
    const feed = (link: string, ...items: string[]): Uint8Array =>
      Buffer.from(`<rss version="2.0"><channel><title>T</title><link>${link}</link>${items.join('')}</channel></rss>`);
    const keys = async (bytes: Uint8Array) => (await imported('a.rss', bytes)).items.map(({ key }) => parseKey(key));
    const [first, second] = await keys(feed('http://a', item('1', 'x'), item('2', 'x')));
    expect(first).not.toBe(second);
    expect(await keys(feed('http://a', item('2', 'mended'), item('1', 'x')))).toEqual([second, first]);
    expect((await keys(feed('http://b', item('1', 'x'))))[0]).not.toBe(first);
  });

  it('can say by its categories where its entries go', async () => {
    const { items, refused } = await importedFixture('allotment.rss', byCategory);
    expect(items.map(({ draft }) => draft.topic)).toEqual(['climbing-beans']);
    expect(refused[0]).toContain('item 2: topic is missing: it has no category');
    const below = await importedFixture('allotment.rss', { given: 'garden', fromCategory: true });
    expect(below.items.map(({ draft }) => draft.topic)).toEqual(['garden.climbing-beans', 'garden', 'garden']);
  });

  it('is read in the encoding that it names', async () => {
    const text = '<rss version="2.0"><channel><title>T</title><item><title>Grüße</title></item></channel></rss>';
    const latin = Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${text}`, 'latin1');
    const wide = Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${text}`, 'utf16le');
    for (const bytes of [latin, wide])
      expect((await imported('a.rss', bytes)).items.map(({ draft }) => draft.body)).toEqual(['Grüße']);
    const unknown = await imported('a.rss', Buffer.from(`<?xml version="1.0" encoding="klingon"?>${text}`));
    expect(unknown.refused).toEqual(['a.rss: it names an encoding nobody knows: klingon']);
    expect((await imported('a.rss', Buffer.from(text, 'latin1'))).refused).toEqual(['a.rss: it is not UTF-8']);
  });

  it('cannot grow by entities of its own, nor read files by them', async () => {
    const { items } = await importedFixture('bomb.rss');
    expect(items[0]?.draft.body.length ?? 0).toBeLessThan(200);
    expect(items[0]?.draft.body).not.toContain('alert');
    const { items: none, refused } = await importedFixture('passwd.rss');
    expect(none).toEqual([]);
    expect(refused).toEqual(['passwd.rss: it is not RSS, Atom or JSON Feed: External entities are not supported']);
  });

  it.each(['<html><body>Not found</body></html>', '<rss version="2.0"><channel><item><title>cut', '', '{"version":'])(
    'that is none is refused by the name of its file: %s',
    async (text) => {
      const { items, refused } = await imported('a.xml', Buffer.from(text));
      expect(items).toEqual([]);
      expect(refused).toEqual([expect.stringMatching(/^a\.xml: it is not RSS, Atom or JSON Feed/)]);
    },
  );

  it('that is too large to be read as a whole is refused, and no more of it is held', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      const chunk = Buffer.alloc(1024 * 1024, ' ');
      for (;;) {
        given += chunk.length;
        yield chunk;
      }
    }
    const { refused } = await imported('a.rss', endless());
    expect(refused).toEqual([expect.stringMatching(/67108864 bytes at most$/)]);
    expect(given).toBeLessThan(70 * 1024 * 1024);
  });

  it('of any bytes ends in items or in a refusal', async () => {
    const pieces = fc.constantFrom(
      '<rss><channel>',
      '<item>',
      '</item>',
      '<title>',
      '<![CDATA[',
      ']]>',
      '&x;',
      '<feed>',
      '<!DOCTYPE a [',
      '"',
      '\0',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(pieces, fc.string())), async (parts) => {
        const { items, refused } = await imported('a.xml', Buffer.from(parts.join('')), undefined, 1000);
        expect(items.length + refused.length).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
  });
});
