import { expect, it } from '@jest/globals';
import { Matcher } from '../../src/community/feed/matcher.js';
import { type ArticleFilter, anyArticle } from '../../src/core/filter.js';
import { toId } from '../../src/core/ids.js';
import { createIdentity } from '../../src/identity/keys.js';
import { entryOf } from '../support/sealed.js';

const identity = createIdentity();
const of = (byte: number) => new Uint8Array(32).fill(byte);
const [question, hash, other] = [of(1), of(2), of(3)];
const [q, h, o] = [toId(question), toId(hash), toId(other)];
const answer = entryOf(identity, 1, { replyTo: q });
const retraction = entryOf(identity, 2, { kind: 'retraction', retracts: h });

it('N3 a subscription to a thread, or to articles by id, is told of them and of what takes them back', () => {
  const wants = (filter: Partial<ArticleFilter>) => {
    const matcher = new Matcher({ ...anyArticle, ...filter }, undefined);
    return [matcher.isWanted(answer, hash), matcher.isWanted(retraction, other)];
  };
  expect(wants({ replyTo: q })).toEqual([true, true]);
  // What a retraction takes back may have been an answer: it does not say.
  expect(wants({ replyTo: h })).toEqual([false, true]);
  expect(wants({ ids: [q, h] })).toEqual([true, true]);
  expect(wants({ ids: [q, o] })).toEqual([false, false]);
  expect(wants({ ids: [h], replyTo: o })).toEqual([false, true]);
});
