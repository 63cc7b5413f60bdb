import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newMember } from '../../src/community/membership.js';
import type { SealedArticle } from '../../src/core/entry.js';
import { type ArticleFilter, anyArticle, matches } from '../../src/core/filter.js';
import { comparePositions } from '../../src/core/position.js';
import type { Appended, Published, Store } from '../../src/core/stores.js';
import { ArticleChecker } from '../../src/identity/check-article.js';
import { createIdentity } from '../../src/identity/keys.js';
import { openStore } from '../../src/store/open-store.js';
import { anyDraft, anyFilter, draft, submission } from './drafts.js';

const identity = createIdentity();
const nowMs = 1010;
const clock = { now: () => nowMs, monotonic: () => 0, after: () => () => undefined };
const own = { origin: identity.id, before: undefined, notAfterMs: nowMs, limit: 500 };

function published(result: Appended | undefined): Published {
  if (!result || 'refused' in result) throw new Error('it was refused');
  return result.published;
}

/** What every implementation of `Store` promises. `url` gives an empty one each time. */
export function describeStore(name: string, url: () => string): void {
  describe(`a store in ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await openStore(url(), { identity, clock });
    });
    afterEach(() => store.close());

    const page = async (filter: ArticleFilter, more: Partial<typeof own> = {}): Promise<readonly SealedArticle[]> =>
      await store.articles.load((await store.articles.find({ ...own, ...more, filter })).keys);

    it('S0.6 acknowledges an article with its place in the log, and gives it back with a proof that holds', async () => {
      const [result] = await store.articles.append([submission(draft('a rook'))]);
      const ack = published(result);
      expect(ack).toMatchObject({ origin: identity.id, epoch: 1, seq: 1, publishedAtMs: nowMs, duplicate: false });
      const [article] = await page(anyArticle);
      if (!article) throw new Error('it was not found');
      expect(new ArticleChecker().check(article.bytes, article.proof, 0).id).toBe(ack.id);
      expect(article.entry).toMatchObject({ body: 'a rook', author: 'name of m1', memberId: 'm1', title: undefined });
      expect(article.storedAtMs).toBe(nowMs);
      expect((await store.articles.get(ack.id))?.id).toBe(ack.id);
      expect(await store.articles.get(ack.id.replace(/./g, '0'))).toBeUndefined();
    });

    it('S0.8 finds what a dumb look through all articles finds, page by page', async () => {
      const checker = new ArticleChecker();
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(anyDraft, { maxLength: 8 }), { maxLength: 4 }),
          fc.array(fc.tuple(anyFilter, fc.option(fc.array(fc.nat(), { maxLength: 5 }), { nil: [] }))),
          fc.integer({ min: 1, max: 7 }),
          async (batches, filters, limit) => {
            for (const batch of batches) await store.articles.append(batch.map((one) => submission(one)));
            const end = await store.articles.end();
            const all = await store.articles.read(identity.id, 1, end.seq);
            expect(all.map(({ entry }) => entry.seq)).toEqual(Array.from({ length: end.seq }, (_, at) => at + 1));
            const idAt = (nth: number) => all[nth % (all.length + 1)]?.id ?? createIdentity().id;
            const asked = filters.map(([filter, chosen]) => ({ ...filter, ids: chosen.map(idAt) }));
            for (const filter of [anyArticle, ...asked]) {
              const right = all
                .filter((one) => matches(filter, one))
                .map(({ id, entry }) => ({ id, publishedAtMs: entry.publishedAtMs }))
                .sort(comparePositions);
              const shown = right.filter(({ publishedAtMs }) => publishedAtMs <= nowMs);
              const found: string[] = [];
              for (let before: (typeof right)[number] | undefined, more = true; more; ) {
                const answer = await store.articles.find({ ...own, filter, before, limit });
                expect(answer.held).toBe(right.length - shown.length);
                const articles = await store.articles.load(answer.keys);
                for (const { bytes, proof, id } of articles) expect(checker.check(bytes, proof, 0).id).toBe(id);
                found.push(...articles.map(({ id }) => id));
                before = answer.keys.at(-1);
                more = answer.more;
              }
              expect(found).toEqual(shown.map(({ id }) => id));
            }
          },
        ),
        { numRuns: 25 },
      );
    });

    it('S0.6 makes one article of one key, however often it is sent', async () => {
      const one = submission(draft('once'), 'k');
      const results = await Promise.all([
        store.articles.append([one, one]),
        store.articles.append([one]),
        store.articles.append([submission(draft('once'), 'k', 'm2')]),
      ]);
      const acks = results.flat().map(published);
      expect(acks.map(({ duplicate }) => duplicate)).toEqual([false, true, true, false]);
      expect(acks.map(({ seq }) => seq)).toEqual([1, 1, 1, 2]);
      expect(new Set(acks.map(({ id }) => id)).size).toBe(2);
      const later = published((await store.articles.append([one]))[0]);
      expect(later).toEqual({ ...acks[0], duplicate: true });
    });

    it('S0.6 refuses a key that made another article, date included, and leaves no trace of it', async () => {
      await store.articles.append([submission(draft('once'), 'k')]);
      const others = [draft('twice'), draft('once', { publishedAtMs: nowMs }), draft('once', { author: 'name of m1' })];
      const results = await store.articles.append(others.map((other) => submission(other, 'k')));
      expect(results).toEqual(others.map(() => ({ refused: 'key has another draft' })));
      expect((await store.articles.end()).seq).toBe(1);
    });

    it('S0.6 numbers what comes at the same time without a hole, and chains the seals', async () => {
      const calls = Array.from({ length: 40 }, (_, call) =>
        store.articles.append(Array.from({ length: 5 }, (__, at) => submission(draft(`${call} ${at}`)))),
      );
      const acks = (await Promise.all(calls)).flat().map(published);
      expect(acks.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(acks.map((_, at) => at + 1));
      const read = await store.articles.read(identity.id, 1, 500);
      const seals = [...new Map(read.map(({ proof }) => [proof.seal.firstSeq, proof.seal])).values()];
      let next = 1;
      for (const seal of seals) {
        expect(seal.firstSeq).toBe(next);
        next += seal.size;
      }
      expect(next).toBe(201);
      expect(await store.articles.read(identity.id, 199, 500)).toHaveLength(2);
      expect(await store.articles.read(createIdentity().id, 1, 500)).toEqual([]);
    });

    it('S0.7 keeps titles with tabs and of 300 code points, and topics with _ and -, as they are', async () => {
      const title = `\ta ${'𝄞'.repeat(296)}\t `;
      await store.articles.append([submission(draft(' b\n', { title, topic: 'r_d.a-b' }))]);
      const [article] = await page({ ...anyArticle, topics: ['r_d'] });
      expect(article?.entry).toMatchObject({ title, body: ' b\n', topic: 'r_d.a-b' });
      expect(await page({ ...anyArticle, topics: ['r-d'] })).toEqual([]);
    });

    it('answers only for the origins that are asked', async () => {
      await store.articles.append([submission(draft('here'))]);
      expect(await page({ ...anyArticle, origins: [identity.id] })).toHaveLength(1);
      expect(await page({ ...anyArticle, origins: [createIdentity().id] })).toEqual([]);
      expect(await page(anyArticle, { origin: createIdentity().id })).toEqual([]);
    });

    it('finds no article by the id of another one, taken as a word', async () => {
      const ack = published((await store.articles.append([submission(draft('alone'))]))[0]);
      expect(await page({ ...anyArticle, text: ack.id })).toEqual([]);
    });

    it('counts the articles of each topic', async () => {
      expect(await store.articles.counts()).toEqual({ articles: 0, topics: [] });
      const counted = ['z', 'a.b', 'z'].map((topic) => submission(draft('x', { topic })));
      await store.articles.append(counted);
      expect(await store.articles.counts()).toEqual({
        articles: 3,
        topics: [
          { topic: 'a.b', articles: 1 },
          { topic: 'z', articles: 2 },
        ],
      });
    });

    it('S0.5 keeps members under names that are theirs alone, and gives no id twice', async () => {
      const member = (id: string, called: string) => newMember(id, called, Uint8Array.of(1, 2), 5);
      await store.members.add(member('1', 'Ada'));
      await expect(store.members.add(member('2', 'ａda'))).rejects.toMatchObject({
        code: 'already_exists',
        field: 'name',
      });
      expect(await store.members.remove('1', 6)).toBe(true);
      expect(await store.members.remove('1', 7)).toBe(false);
      await expect(store.members.add(member('1', 'Eve'))).rejects.toMatchObject({
        code: 'already_exists',
        field: 'id',
      });
      await store.members.add(member('3', 'ada'));
      const [only, ...rest] = await store.members.all();
      expect(rest).toEqual([]);
      expect({ ...only, tokenHash: [...(only?.tokenHash ?? [])] }).toEqual({
        ...member('3', 'ada'),
        tokenHash: [1, 2],
      });
    });

    it('gives the members page by page, in the order of their ids, without those who left', async () => {
      const ids = ['d', 'a', 'c', 'e', 'b'];
      for (const id of ids) await store.members.add(newMember(id, `of ${id}`, Uint8Array.of(1), 5));
      await store.members.remove('c', 6);
      const entry = (id: string) => ({ id, name: `of ${id}`, joinedAtMs: 5, role: 'member' });
      expect(await store.members.page('', 2)).toEqual([entry('a'), entry('b')]);
      await store.members.remove('b', 6);
      expect(await store.members.page('b', 2)).toEqual([entry('d'), entry('e')]);
      expect(await store.members.page('d', 1000)).toEqual([entry('e')]);
      expect(await store.members.page('e', 1)).toEqual([]);
    });

    it('keeps links in the order in which they were made, and settings', async () => {
      const link = (peer: string, address: string) => ({ peer, name: `of ${peer}`, address, sinceMs: 1 });
      for (const peer of ['b', 'a', 'c']) await store.links.put(link(peer, 'x:1'));
      await store.links.put({ ...link('b', 'y:2'), sinceMs: 9 });
      expect(await store.links.remove('a')).toBe(true);
      expect(await store.links.remove('a')).toBe(false);
      expect(await store.links.all()).toEqual([link('b', 'y:2'), link('c', 'x:1')]);
      expect(await store.settings.get('name')).toBeUndefined();
      await store.settings.set('name', 'A');
      await store.settings.set('name', 'B');
      expect(await store.settings.get('name')).toBe('B');
    });

    it('N8 keeps one level a server, the last one, and the requests that are not taken away', async () => {
      const level = { peer: 'b', name: 'B', level: 'deny', reason: 'spam', sinceMs: 1, untilMs: 9 } as const;
      await store.peering.putLevel(level);
      await store.peering.putLevel({ ...level, peer: 'a', level: 'allow', reason: '', untilMs: undefined });
      await store.peering.putLevel({ ...level, level: 'silence', untilMs: undefined });
      expect(await store.peering.levels()).toEqual([
        { ...level, peer: 'a', level: 'allow', reason: '', untilMs: undefined },
        { ...level, level: 'silence', untilMs: undefined },
      ]);
      const request = (peer: string, lastMs: number) => ({ peer, name: `of ${peer}`, firstMs: 1, lastMs });
      await store.peering.changeRequests([request('c', 1), request('a', 1), request('b', 1)], []);
      await store.peering.changeRequests([request('c', 7)], ['a', 'x']);
      expect(await store.peering.requests()).toEqual([request('b', 1), request('c', 7)]);
    });
  });
}
