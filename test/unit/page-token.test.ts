import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { idOf } from '../../scripts/simulate/simulated-server.js';
import { anyArticle } from '../../src/core/filter.js';
import { digestOfCoverage, type PagedQuestion, parsePageToken, toPageToken } from '../../src/federation/page-token.js';

const question: PagedQuestion = { filter: anyArticle, scope: 'network', order: 'newest' };
const place = { before: { publishedAtMs: 1_700_000_000_000, id: idOf('x') }, coverage: digestOfCoverage([idOf('a')]) };
const token = toPageToken(question, place);

describe('a page token', () => {
  it('N1 gives back the place it was made of', () => {
    const parsed = parsePageToken(token, question);
    expect(parsed.before).toEqual(place.before);
    expect([...parsed.coverage]).toEqual([...place.coverage]);
  });

  it('is refused when it is garbage', () => {
    const garbage = ['', 'x', token.slice(1), `${token}A`, `${token} `, `B${token.slice(1)}`, 'A'.repeat(token.length)];
    for (const text of garbage)
      expect(() => parsePageToken(text, question)).toThrow(
        expect.objectContaining({
          code: 'invalid',
          field: 'pageToken',
          message: expect.stringContaining('not a token'),
        }),
      );
  });

  it('is refused when one letter of it is another', () => {
    fc.assert(
      fc.property(fc.nat({ max: token.length - 1 }), fc.constantFrom(...'AZaz09-_'), (at, letter) => {
        fc.pre(token[at] !== letter);
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        expect(() => parsePageToken(changed, question)).toThrow(expect.objectContaining({ field: 'pageToken' }));
      }),
    );
  });

  it('is refused, in other words, for another question', () => {
    const others: PagedQuestion[] = [
      { ...question, scope: 'local' },
      { ...question, filter: { ...anyArticle, topics: ['sports'] } },
      { ...question, filter: { ...anyArticle, author: 'a' } },
      { ...question, filter: { ...anyArticle, text: 'a' } },
      { ...question, filter: { ...anyArticle, sinceMs: 1 } },
      { ...question, filter: { ...anyArticle, ids: [idOf('x')] } },
      { ...question, filter: { ...anyArticle, replyTo: idOf('x') } },
    ];
    for (const other of others)
      expect(() => parsePageToken(token, other)).toThrow(
        expect.objectContaining({ field: 'pageToken', message: 'pageToken belongs to another question' }),
      );
  });

  it('has the same coverage whatever the order in which servers answered', () => {
    const [a, b] = [idOf('a'), idOf('b')];
    expect(digestOfCoverage([a, b])).toEqual(digestOfCoverage([b, a]));
    expect(digestOfCoverage([a, b])).not.toEqual(digestOfCoverage([a]));
  });
});
