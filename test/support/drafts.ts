import fc from 'fast-check';
import type { Draft } from '../../src/core/draft.js';
import type { ArticleFilter } from '../../src/core/filter.js';
import { toId } from '../../src/core/ids.js';
import type { Submission } from '../../src/core/stores.js';

/** Few of each, so that topics, authors, dates and words meet often. */
export const topics = ['sports', 'sports.chess', 'sportsmen', 'sports.chess_960', 'sports-x', 'r_d', 'r_d.a-b', 'z'];
export const authors = ['ada', 'Ada', 'grace h.', 'éva'];
const vocabulary = [
  'Chess',
  'chess',
  'Éclair',
  'eclair',
  'ß',
  'naïve',
  '東京',
  'rook',
  '2024',
  'ⅷ',
  'Straße',
  '\t',
  '—',
];

const sentence = fc
  .array(fc.oneof(fc.constantFrom(...vocabulary), fc.string({ unit: 'grapheme', maxLength: 6 })), { maxLength: 6 })
  .map((parts) => parts.join(' ').replace(/[^\P{Cc}\n\t]/gu, ''));

/** Articles that are answered; nobody has them. */
export const answered = [4, 5].map((byte) => toId(new Uint8Array(32).fill(byte)));

export const anyDraft: fc.Arbitrary<Draft> = fc.record({
  topic: fc.constantFrom(...topics),
  author: fc.option(fc.constantFrom(...authors), { nil: undefined }),
  title: fc.option(
    sentence.map((text) => `t ${text}`),
    { nil: undefined },
  ),
  body: sentence.map((text) => `b ${text}`),
  publishedAtMs: fc.option(fc.integer({ min: 1000, max: 1012 }), { nil: undefined }),
  replyTo: fc.option(fc.constantFrom(...answered), { nil: undefined }),
  mediaType: fc.option(fc.constant('text/markdown'), { nil: undefined }),
});

const word = fc.oneof(
  fc.constantFrom(...vocabulary.filter((text) => /[\p{L}\p{N}]/u.test(text))),
  fc.constant('absent'),
);

export const anyFilter: fc.Arbitrary<ArticleFilter> = fc.record({
  topics: fc.array(fc.constantFrom(...topics, 'sport', 'none'), { maxLength: 3 }),
  author: fc.option(fc.constantFrom(...authors, 'nobody'), { nil: undefined, freq: 1 }),
  text: fc.option(
    fc.array(word, { minLength: 1, maxLength: 2 }).map((list) => list.join(' ')),
    { nil: undefined },
  ),
  sinceMs: fc.option(fc.integer({ min: 998, max: 1008 }), { nil: undefined, freq: 1 }),
  untilMs: fc.option(fc.integer({ min: 1003, max: 1015 }), { nil: undefined, freq: 1 }),
  origins: fc.constant([]),
  replyTo: fc.option(fc.constantFrom(...answered), { nil: undefined, freq: 1 }),
});

export function submission(draft: Draft, key = '', memberId = 'm1'): Submission {
  return { draft, member: { memberId, memberName: `name of ${memberId}` }, key };
}

export function draft(body: string, more: Partial<Draft> = {}): Draft {
  return { topic: 'sports.chess', body, ...more };
}
