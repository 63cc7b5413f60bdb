import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { imported, importedFixture } from '../support/imported.js';

const mail = (id: string, body: string): string =>
  `From ada@a.example Sat Jan  3 01:05:34 1998\nFrom: Ada <ada@a.example>\nDate: Sat, 3 Jan 1998 01:05:34 +0000\nMessage-ID: <${id}>\n\n${body}\n\n`;

describe('an mbox', () => {
  it('gives an article a message, with its own author and date', async () => {
    const { items, refused } = await importedFixture('list.mbox');
    expect(items.map(({ draft }) => draft)).toEqual([
      {
        topic: 'news',
        author: 'Wren Halloran',
        title: '[garden] Re: compost',
        body: 'On Fri, 2 Jan 1998, somebody wrote:\n> is it warm?\n\nIt steams.\nFrom the middle it looks like a bog.\n\nFrom time to time I turn it.',
        publishedAtMs: Date.UTC(1998, 0, 3, 1, 5, 34),
      },
      {
        topic: 'news',
        author: 'Ash Odüya',
        title: 'Grüße',
        body: 'Grüße aus dem Garten',
        publishedAtMs: Date.UTC(2001, 1, 18, 9, 10, 11),
      },
      {
        topic: 'news',
        author: 'news@shop.example',
        title: 'Only HTML',
        body: 'Seeds & [bulbs](https://shop.example/?a=1&b=2)',
        publishedAtMs: Date.UTC(2001, 1, 19, 10),
      },
    ]);
    expect(refused).toEqual(['list.mbox: message 4: it has no text, only an attachment']);
  });

  it('is the same however it comes in pieces, and whatever its messages say', async () => {
    const body = fc
      .array(fc.constantFrom('From here', '>From there', '>>From far', 'text', '', '> quoted', 'From: x'))
      .map((lines) => `begin\n${lines.join('\n')}\nend`);
    await fc.assert(
      fc.asyncProperty(fc.array(body, { minLength: 1 }), fc.integer({ min: 1, max: 90 }), async (bodies, pieces) => {
        const marked = bodies.map((text) => text.replace(/^(>*From )/gm, '>$1'));
        const bytes = Buffer.from(marked.map((text, at) => mail(`${at}@a`, text)).join(''));
        const { items, refused } = await imported('a.mbox', bytes, undefined, pieces);
        expect(refused).toEqual([]);
        expect(items.map(({ draft }) => draft.body)).toEqual(bodies);
      }),
      { numRuns: 60 },
    );
  });

  it('has keys that follow from the ids of its messages', async () => {
    const keys = async (text: string) => (await imported('a.mbox', Buffer.from(text))).items.map(({ key }) => key);
    const [one, two] = await keys(mail('1@a', 'x') + mail('2@a', 'x'));
    expect(one).not.toBe(two);
    expect(await keys(mail('2@a', 'y') + mail('1@a', 'x'))).toEqual([two, one]);
    const nameless = mail('', 'x').replace(/Message-ID.*\n/, '');
    expect(new Set(await keys(nameless + nameless)).size).toBe(2);
  });

  it('with lines that end as on the network is the same', async () => {
    const bytes = Buffer.from((mail('1@a', 'one\ntwo') + mail('2@a', 'three')).replaceAll('\n', '\r\n'));
    expect((await imported('a.mbox', bytes)).items.map(({ draft }) => draft.body)).toEqual(['one\ntwo', 'three']);
  });

  it('that is none is refused by the name of its file', async () => {
    const { items, refused } = await imported('a.mbox', Buffer.from('From me to you\n\nhello\n'));
    expect(items).toEqual([]);
    expect(refused).toEqual(['a.mbox: it is no mbox: no line begins with From and ends in a date']);
  });

  it('of many large messages is read with room for one of them', async () => {
    const count = 30;
    const picture = `${'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkAAAA\n'.repeat(16_000)}\n`;
    const head =
      'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n';
    async function* large(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < count; at += 1) {
        yield Buffer.from(`${mail(`${at}@a`, '').trimEnd()}\n${head}${picture}--b--\n\n`);
      }
    }
    const before = process.memoryUsage().rss;
    const { items } = await imported('a.mbox', large());
    expect(items.map(({ draft }) => draft.body)).toEqual(Array.from({ length: count }, () => 'text'));
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  }, 60_000);

  it('with a message that is too long names it, and goes on', async () => {
    async function* long(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(mail('1@a', 'begin'));
      const chunk = Buffer.from(`${'x'.repeat(1023)}\n`.repeat(1024));
      for (let at = 0; at < 33; at += 1) yield chunk;
      yield Buffer.from(`\n${mail('2@a', 'after')}`);
    }
    const { items, refused } = await imported('a.mbox', long());
    expect(items.map(({ draft }) => draft.body)).toEqual(['after']);
    expect(refused).toEqual([expect.stringMatching(/^a\.mbox: message 1: the message is longer than 33554432 bytes/)]);
  }, 60_000);
});
