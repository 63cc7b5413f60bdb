import { describe, expect, it } from '@jest/globals';
import { parseAddress } from '../../src/core/address.js';
import { type Draft, parseDraft, parseKey } from '../../src/core/draft.js';
import { anyArticle, parseFilter } from '../../src/core/filter.js';
import { parseName } from '../../src/core/name.js';
import { words } from '../../src/core/text.js';
import { covers, parseTopic } from '../../src/core/topic.js';

const now = Date.UTC(2026, 10, 1);
const good: Draft = { topic: 'sports.chess', title: 'A title', body: 'A body.' };
const draft = (change: Partial<Draft>, takes: string[] = []) => parseDraft({ ...good, ...change }, takes, now);
const refusal = (field: string, text: RegExp) =>
  expect.objectContaining({ code: 'invalid', field, message: expect.stringMatching(text) });
const thrownBy = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('S0.7 a draft is taken exactly as it is', () => {
  it.each<[string, Partial<Draft>]>([
    ['a title of exactly 300 code points', { title: '𝒳'.repeat(300) }],
    ['a title with tabs and outer spaces', { title: ' \ta title\t ' }],
    ['no title', { title: undefined }],
    ['a body of exactly 256 KiB', { body: 'é'.repeat(128 * 1024) }],
    ['a topic with _ and -', { topic: 'a_b.c-d' }],
    ['a date 10 minutes ahead', { publishedAtMs: now + 600_000 }],
  ])('%s', (_, change) => {
    expect(draft(change)).toEqual({ ...good, ...change });
  });

  it.each<[string, Partial<Draft>, string, RegExp]>([
    ['a blank title', { title: ' \t ' }, 'title', /blank/],
    ['a title of 301 code points', { title: 'x'.repeat(301) }, 'title', /301.*300/],
    ['an empty body', { body: '' }, 'body', /required/],
    ['a blank body', { body: ' \n\t' }, 'body', /required/],
    ['a body over 256 KiB', { body: 'x'.repeat(256 * 1024 + 1) }, 'body', /262145.*262144/],
    ['an empty topic', { topic: '' }, 'topic', /required/],
    ['a topic in capitals', { topic: 'Sports' }, 'topic', /not a topic/],
    ['a topic of 65 characters', { topic: 'x'.repeat(65) }, 'topic', /65.*64/],
    ['a control character', { body: 'a\u0007b' }, 'body', /U\+0007 at position 2/],
    ['half of a surrogate pair', { body: 'a\ud800' }, 'body', /Unicode/],
    ['a newline in the byline', { author: 'a\nb' }, 'author', /U\+000A/],
    ['a date 10 minutes and 1 ms ahead', { publishedAtMs: now + 600_001 }, 'publishedAt', /10 minutes/],
    ['a date before 1970', { publishedAtMs: -1 }, 'publishedAt', /1970/],
    ['a reply to what is no id', { replyTo: 'abc' }, 'replyTo', /id/],
  ])('%s is refused, naming the field', (_, change, field, text) => {
    expect(thrownBy(() => draft(change))).toEqual(refusal(field, text));
  });

  it('a topic that the community does not take is refused, and its subtopics are taken', () => {
    expect(thrownBy(() => draft({ topic: 'music' }, ['sports']))).toEqual(refusal('topic', /not taken here.*sports/));
    expect(draft({}, ['sports'])).toEqual(good);
  });

  it('a key of 129 characters is refused', () => {
    expect(thrownBy(() => parseKey('k'.repeat(129)))).toEqual(refusal('key', /129.*128/));
  });
});

describe('names and addresses', () => {
  it.each(['', '  ', '...', ' a', 'a ', 'a:b', 'a/b', 'x'.repeat(65), 'a\u0000b', 'a\nb'])(
    'the name %j is refused',
    (name) => {
      expect(thrownBy(() => parseName(name))).toMatchObject({ code: 'invalid', field: 'name' });
    },
  );

  it.each(['Hamlet', 'Server50052-ab12', 'Café über alles', '…', 'x'.repeat(64)])('the name %j is a name', (name) => {
    expect(parseName(name)).toBe(name);
  });

  it.each([
    'unix:/tmp/x',
    'localhost',
    ':50051',
    'localhost:70000',
    'http://x:1',
    'a b:1',
    'x:1/2',
    'dns:///x:1',
    '::1:5',
  ])('the address %j is refused', (address) => {
    expect(thrownBy(() => parseAddress(address))).toMatchObject({ code: 'invalid', field: 'address' });
  });

  it.each([
    ['localhost:50051', 'localhost', 50_051],
    ['127.0.0.1:0', '127.0.0.1', 0],
    ['[::1]:80', '[::1]', 80],
  ])('the address %j is one', (address, host, port) => {
    expect(parseAddress(address)).toEqual({ host, port });
  });
});

describe('S0.8 filters', () => {
  it.each<[string, Parameters<typeof parseFilter>[0], string]>([
    ['since after until', { ...anyArticle, sinceMs: 2, untilMs: 1 }, 'since'],
    ['a text without a word', { ...anyArticle, text: ' - ' }, 'text'],
    ['an origin that is no id', { ...anyArticle, origins: ['x'] }, 'origin'],
    ['an article that is no id', { ...anyArticle, ids: ['x'] }, 'id'],
    ['101 ids', { ...anyArticle, ids: Array.from({ length: 101 }, () => '0'.repeat(52)) }, 'ids'],
    ['an answer to what is no id', { ...anyArticle, replyTo: `${'0'.repeat(51)}1` }, 'replyTo'],
    ['33 topics', { ...anyArticle, topics: Array.from({ length: 33 }, (_, n) => `t${n}`) }, 'topics'],
  ])('%s is refused, naming the field', (_, filter, field) => {
    expect(thrownBy(() => parseFilter(filter))).toMatchObject({ code: 'invalid', field });
  });

  it('a topic covers what is below it and nothing beside it', () => {
    expect([covers('a', 'a'), covers('a', 'a.b'), covers('a', 'ab'), covers('a.b', 'a')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(parseTopic('a_b.c-d')).toBe('a_b.c-d');
  });

  it('words are folded: case, accents and forms do not matter', () => {
    expect(words('Crème BRÛLÉE, №5 ﬁne')).toEqual(['creme', 'brulee', 'no5', 'fine']);
  });
});
