import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AskRequest } from '../../src/core/asking.js';
import type { Draft } from '../../src/core/draft.js';
import { toId } from '../../src/core/ids.js';
import { ArticleChecker } from '../../src/identity/check-article.js';
import { createIdentity } from '../../src/identity/keys.js';
import { fromWireArticle, toWireArticle } from '../../src/wire/convert-article.js';
import { fromWireAskFrame, fromWireAskRequest, toWireAskFrame, toWireAskRequest } from '../../src/wire/convert-ask.js';
import { fromWirePublish, toWirePublish } from '../../src/wire/convert-draft.js';
import { fromWireQuery, type QueryCall, toWireQuery } from '../../src/wire/convert-query.js';
import { Article, Draft as WireDraft } from '../../src/wire/gen/moot/v1/article.js';
import { PublishRequest, QueryRequest } from '../../src/wire/gen/moot/v1/community.js';
import { AskResponse, AskRequest as WireAskRequest } from '../../src/wire/gen/moot/v1/federation.js';
import { sealCommit } from '../support/sealed.js';

const anyId = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toId);
const topic = fc.stringMatching(/^[a-z0-9_-]{1,8}(\.[a-z0-9_-]{1,8}){0,3}$/);
const line = fc.stringMatching(/^[\p{L}\p{N}][\p{L}\p{N} ]{0,30}$/u);
const date = fc.integer({ min: 0, max: 4_000_000_000_000 });
const maybe = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(some, { nil: undefined });

const filter = fc.record({
  topics: fc.array(topic, { maxLength: 5 }),
  author: maybe(line),
  text: maybe(line),
  sinceMs: maybe(date.map((ms) => -1 - ms)),
  untilMs: maybe(date.map((ms) => ms + 1)),
  origins: fc.array(anyId, { maxLength: 5 }),
  ids: fc.array(anyId, { maxLength: 100 }),
  replyTo: maybe(anyId),
});

const ask: fc.Arbitrary<AskRequest> = fc.record({
  queryId: fc.stringMatching(/^[!-~]{1,64}$/),
  requestId: fc.stringMatching(/^[!-~]{0,64}$/),
  filter,
  limit: fc.integer({ min: 1, max: 500 }),
  order: fc.constantFrom('newest', 'found'),
  before: maybe(fc.record({ publishedAtMs: date, id: anyId })),
  fanOut: fc.integer({ min: 1, max: 64 }),
  hop: fc.integer({ min: 1, max: 65_535 }),
  budgetMs: fc.nat({ max: 3_600_000 }),
  visited: fc.array(anyId),
  have: fc.array(anyId),
  avoid: fc.array(fc.record({ from: anyId, to: anyId })),
});

describe('messages and what they mean', () => {
  it('a question between servers arrives as it was asked', () => {
    fc.assert(
      fc.property(ask, (request) => {
        const bytes = WireAskRequest.encode(toWireAskRequest(request)).finish();
        expect(fromWireAskRequest(WireAskRequest.decode(bytes))).toEqual(request);
      }),
    );
  });

  it('a member’s question arrives as it was asked', () => {
    const query: fc.Arbitrary<QueryCall> = fc.record({
      filter,
      scope: fc.constantFrom('local', 'network'),
      limit: fc.integer({ min: 1, max: 500 }),
      pageToken: fc.stringMatching(/^[a-z0-9]{0,80}$/),
      order: fc.constantFrom('newest', 'found'),
      fanOut: fc.integer({ min: 1, max: 64 }),
      fresh: fc.constantFrom('live', 'mirrored'),
      requireComplete: fc.boolean(),
    });
    fc.assert(
      fc.property(query, (call) => {
        const bytes = QueryRequest.encode(toWireQuery(call)).finish();
        expect(fromWireQuery(QueryRequest.decode(bytes))).toEqual(call);
      }),
    );
  });

  it('a draft arrives as it was sent, to the last character', () => {
    const draft: fc.Arbitrary<Draft> = fc.record({
      topic: fc.string(),
      author: maybe(fc.string()),
      title: maybe(fc.string({ unit: 'grapheme' })),
      body: fc.string({ unit: 'grapheme' }),
      publishedAtMs: maybe(fc.maxSafeInteger()),
      replyTo: maybe(fc.string()),
      mediaType: maybe(fc.string()),
    });
    fc.assert(
      fc.property(draft, fc.stringMatching(/^[ -~]{0,128}$/), (sent, key) => {
        const bytes = PublishRequest.encode(toWirePublish({ draft: sent, key })).finish();
        expect(fromWirePublish(PublishRequest.decode(bytes))).toEqual({ draft: sent, key });
      }),
    );
  });

  it('an article arrives with its bytes and its proof', () => {
    const identity = createIdentity();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.string({ unit: 'grapheme', minLength: 1 }), (count, body) => {
        for (const article of sealCommit(identity, count, { body })) {
          const wire = Article.decode(Article.encode(toWireArticle(article)).finish());
          const { bytes, proof, storedAtMs } = fromWireArticle(wire);
          expect(new ArticleChecker().check(bytes, proof, storedAtMs).id).toBe(article.id);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('no bytes at all make a reader fail with anything but a refusal', () => {
    const refuses = (read: () => unknown): void => {
      try {
        read();
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'MootError') throw error;
      }
    };
    const decoded = <T>(type: { decode(bytes: Uint8Array): T }, bytes: Uint8Array): T | undefined => {
      try {
        return type.decode(bytes);
      } catch {
        return undefined;
      }
    };
    const [article] = sealCommit(createIdentity(), 3);
    const start = article && AskResponse.encode(toWireAskFrame({ kind: 'articles', articles: [article] })).finish();
    const mutant = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 6 }).map((changes) => {
      const bytes = Uint8Array.from(start ?? []);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(mutant, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        const frame = decoded(AskResponse, bytes);
        const request = decoded(WireAskRequest, bytes);
        const query = decoded(QueryRequest, bytes);
        const draft = decoded(WireDraft, bytes);
        if (frame) refuses(() => fromWireAskFrame(frame, 'q'));
        if (request) refuses(() => fromWireAskRequest(request));
        if (query) refuses(() => fromWireQuery(query));
        if (draft) refuses(() => fromWirePublish({ draft, key: '' }));
      }),
      { numRuns: 2000 },
    );
  });
});
