import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDraftLine } from '../../src/cli/import/draft-line.js';
import { ImportKeys } from '../../src/cli/import/keys.js';
import { lineBytes, lines } from '../../src/cli/import/lines.js';
import { parseKey } from '../../src/core/draft.js';
import { imported, inPieces } from '../support/imported.js';

async function linesOf(text: string | Uint8Array, size = 7): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for await (const { bytes } of lines(inPieces(Buffer.from(text), size)))
    found.push(bytes && Buffer.from(bytes).toString());
  return found;
}

const parse = (text: string | Uint8Array): ReturnType<typeof parseDraftLine> => parseDraftLine(Buffer.from(text));

describe('the lines of a file', () => {
  it('are the same however the file comes in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.integer({ min: 1, max: 9 }),
        async (texts, size) => {
          const clean = texts.map((text) => text.replaceAll('\n', ' '));
          expect(await linesOf(clean.map((text) => `${text}\n`).join(''), size)).toEqual(clean);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('the last one needs no end, and nothing after the last end is no line', async () => {
    expect(await linesOf('a\n\nb')).toEqual(['a', '', 'b']);
    expect(await linesOf('a\n')).toEqual(['a']);
    expect(await linesOf('')).toEqual([]);
  });

  it('one that is too long is passed over, and no more of it is held', async () => {
    const long = Buffer.alloc(lineBytes + 1, 'x');
    const text = Buffer.concat([Buffer.from('a\n'), long, Buffer.from('\nb\n')]);
    expect(await linesOf(text, 65_536)).toEqual(['a', undefined, 'b']);
  });
});

describe('a line of NDJSON', () => {
  it('keeps its own date: a number is Unix seconds, a text ISO 8601', () => {
    expect(parse('{"topic":"a","body":"b","publishedAt":862330408}')).toEqual(
      expect.objectContaining({ publishedAtMs: 862_330_408_000 }),
    );
    expect(parse('{"topic":"a","body":"b","publishedAt":1.5}')).toEqual(
      expect.objectContaining({ publishedAtMs: 1500 }),
    );
    expect(parse('{"topic":"a","body":"b","publishedAt":"2026-01-01"}')).toEqual(
      expect.objectContaining({ publishedAtMs: Date.UTC(2026, 0, 1) }),
    );
    expect(parse('{"topic":"a","body":"b"}')).toEqual(expect.objectContaining({ publishedAtMs: undefined }));
  });

  it('changes nothing of a text', () => {
    const draft = { topic: 't_1', author: ' a ', title: '\ttitle ', body: ' b\n' };
    expect(parse(JSON.stringify(draft))).toEqual(expect.objectContaining(draft));
  });

  it('null is left out, other fields are passed over, and a blank line is none', () => {
    expect(parse('{"topic":"a","title":null,"body":"b","id":"x"}\r')).toEqual({ topic: 'a', body: 'b' });
    expect(parse('  \r')).toBeUndefined();
  });

  it.each([
    ['nonsense', 'it is not JSON'],
    ['["a"]', 'it is not a JSON object'],
    ['{"body":"b"}', 'topic is missing'],
    ['{"topic":"a"}', 'body is missing'],
    ['{"topic":"a","body":7}', 'body is not text'],
    [
      '{"topic":"a","body":"b","publishedAt":"soon"}',
      'publishedAt is neither an ISO 8601 date nor a number of Unix seconds',
    ],
    [
      '{"topic":"a","body":"b","publishedAt":1e300}',
      'publishedAt is neither an ISO 8601 date nor a number of Unix seconds',
    ],
  ])('%s is refused: %s', (text, why) => {
    expect(() => parse(text)).toThrow(why);
  });

  it('bytes that are no UTF-8 are refused', () => {
    expect(() => parse(Buffer.from([0x7b, 0xff, 0x7d]))).toThrow('it is not UTF-8');
  });
});

describe('keys of an import', () => {
  const draft = { topic: 'a', body: 'b', publishedAtMs: 5 };

  it('follow from the content, so that a second run has the same', () => {
    expect(new ImportKeys().next(draft)).toBe(new ImportKeys().next({ ...draft }));
    expect(parseKey(new ImportKeys().next(draft))).toMatch(/^import-[\w-]{43}-1$/);
  });

  it.each([{ topic: 'c' }, { body: 'c' }, { author: 'c' }, { title: 'c' }, { publishedAtMs: 6 }])(
    'differ with %j',
    (change) => {
      expect(new ImportKeys().next({ ...draft, ...change })).not.toBe(new ImportKeys().next(draft));
    },
  );

  it('number lines of one file that say the same, so that each is an article', () => {
    const keys = new ImportKeys();
    expect(new Set([keys.next(draft), keys.next(draft), keys.next(draft)]).size).toBe(3);
  });

  it('number them however many lines lie between', () => {
    const keys = new ImportKeys();
    const bodies = Array.from({ length: 20_000 }, (_, n) => `body ${n}`);
    for (const again of [1, 2, 3])
      for (const body of bodies) expect(keys.next({ topic: 'a', body })).toMatch(new RegExp(`-${again}$`));
  });
});

it('a bad line is named by file and number, and the rest goes in', async () => {
  const text = '\ufeff{"topic":"a","body":"1"}\nnonsense\n\n{"topic":"a","body":"2"}\n{"body":"3"}\n';
  const { items, refused } = await imported('some.ndjson', Buffer.from(text), {
    given: undefined,
    fromCategory: false,
  });
  expect(items.map(({ draft }) => draft.body)).toEqual(['1', '2']);
  expect(items.map(({ place }) => place)).toEqual(['some.ndjson:1', 'some.ndjson:4']);
  expect(refused).toEqual(['some.ndjson:2: it is not JSON', 'some.ndjson:5: topic is missing']);
});

it('a line without a topic takes the one that is given', async () => {
  const text = '{"body":"1"}\n{"topic":"own","body":"2"}\n';
  const { items } = await imported('some.ndjson', Buffer.from(text), { given: 'rest', fromCategory: false });
  expect(items.map(({ draft }) => draft.topic)).toEqual(['rest', 'own']);
});
