import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newMember } from '../../src/community/membership.js';
import { anyArticle } from '../../src/core/filter.js';
import { mostHeld } from '../../src/core/held.js';
import type { Appended, Published, Store, Submission } from '../../src/core/stores.js';
import { createIdentity } from '../../src/identity/keys.js';
import { openStore } from '../../src/store/open-store.js';
import { draft, submission } from './drafts.js';

const identity = createIdentity();
const clock = { now: () => 1010, monotonic: () => 0, after: () => () => undefined };

function ackOf(result: Appended | undefined): Published {
  if (!result || 'refused' in result) throw new Error('it was refused');
  return result.published;
}

/** What every implementation of `HeldStore` promises. `url` gives an empty store each time. */
export function describeHeld(name: string, url: () => string): void {
  describe(`articles that wait for approval in ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await openStore(url(), { identity, clock });
    });
    afterEach(() => store.close());

    const ask = (body: string, key = '', memberId = 'm1', holdBelow = 2): Submission => {
      return { ...submission(draft(body), key, memberId), holdBelow };
    };
    const send = async (...all: Parameters<typeof ask>): Promise<Published> =>
      ackOf((await store.articles.append([ask(...all)]))[0]);
    const waiting = (more: { memberId?: string; after?: number; limit?: number } = {}) =>
      store.held.list({ after: 0, limit: 10, memberId: undefined, ...more });
    const bodies = async (): Promise<string[]> => {
      const request = { filter: anyArticle, origin: identity.id, before: undefined, notAfterMs: 1e15, limit: 500 };
      const { keys } = await store.articles.find(request);
      return (await store.articles.load(keys)).map(({ entry }) => entry.body).sort();
    };

    it('are in no log and no answer until they are released, and then leave no hole', async () => {
      const [held, direct] = await store.articles.append([ask('new'), { ...ask('old', 'k', 'm2'), holdBelow: 0 }]);
      expect(ackOf(held)).toMatchObject({ epoch: 0, seq: 0, duplicate: false, held: true, publishedAtMs: 1010 });
      expect(ackOf(direct)).toMatchObject({ seq: 1 });
      expect(ackOf(direct).held).toBeUndefined();
      expect(await bodies()).toEqual(['old']);
      const { id } = ackOf(held);
      const member = { memberId: 'm1', memberName: 'name of m1' };
      const article = { id, number: 1, member, heldAtMs: 1010, refused: undefined };
      expect(await waiting()).toMatchObject([{ ...article, draft: { topic: 'sports.chess', body: 'new' } }]);
      const published = await store.held.release(id);
      expect(published).toMatchObject({ epoch: 1, seq: 2, duplicate: false, publishedAtMs: 1010 });
      expect((await store.articles.get(published.id))?.entry).toMatchObject({ body: 'new', memberId: 'm1', seq: 2 });
      expect(await bodies()).toEqual(['new', 'old']);
      expect((await store.articles.read(identity.id, 1, 9)).map(({ entry }) => entry.seq)).toEqual([1, 2]);
      expect(await store.articles.counts()).toMatchObject({ articles: 2 });
      expect(await waiting()).toEqual([]);
      await expect(store.held.release(id)).rejects.toMatchObject({ code: 'not_found', field: 'id' });
    });

    it('wait until so many of their member’s are in the log, with a key or without, whoever else publishes', async () => {
      const ids: string[] = [];
      for (const key of ['', 'a', 'b']) ids.push((await send(`of ${key}`, key)).id);
      await send('of another', 'x', 'm2', 0);
      await store.held.release(ids[0] ?? '');
      expect((await send('third', 'c')).held).toBe(true);
      await store.held.release(ids[1] ?? '');
      expect(await send('fourth', 'd')).toMatchObject({ seq: 4 });
      expect((await send('of a third', '', 'm3')).held).toBe(true);
      expect((await waiting()).map(({ draft: { body } }) => body)).toEqual(['of b', 'third', 'of a third']);
    });

    it('S0.6 are one of one key, before and after they are released', async () => {
      const [first, second] = await store.articles.append([ask('once', 'k'), ask('once', 'k')]);
      expect([first, second].map((one) => ackOf(one).duplicate)).toEqual([false, true]);
      expect(ackOf(second).id).toBe(ackOf(first).id);
      expect(await store.articles.append([ask('twice', 'k')])).toEqual([{ refused: 'key has another draft' }]);
      expect((await store.articles.append([{ ...ask('once', 'k'), holdBelow: 0 }]))[0]).toMatchObject({
        published: { held: true, duplicate: true },
      });
      const published = await store.held.release(ackOf(first).id);
      expect(await send('once', 'k')).toEqual({ ...published, duplicate: true });
      expect(await bodies()).toEqual(['once']);
    });

    it('are refused with a reason that their author finds, and are never published', async () => {
      const [one, two] = [await send('one', 'k'), await send('two')];
      const refused = { atMs: 7, by: 'Mo', reason: 'spam' };
      expect(await store.held.refuse(one.id, refused)).toMatchObject({ id: one.id, refused, draft: { body: 'one' } });
      await expect(store.held.refuse(one.id, refused)).rejects.toMatchObject({ code: 'not_found' });
      await expect(store.held.release(one.id)).rejects.toMatchObject({ code: 'not_found' });
      expect((await waiting()).map(({ id }) => id)).toEqual([two.id]);
      expect((await waiting({ memberId: 'm1' })).map((held) => held.refused?.reason)).toEqual(['spam', undefined]);
      expect(await waiting({ memberId: 'm2' })).toEqual([]);
      expect(await send('one', 'k')).toMatchObject({ id: one.id, held: true, duplicate: true });
      expect(await waiting({ after: 1, limit: 1 })).toHaveLength(1);
      expect(await waiting({ memberId: 'm1', limit: 1 })).toHaveLength(1);
    });

    it('go with the member who leaves or is removed, and are no more than a person can look at', async () => {
      for (const id of ['m1', 'm2']) await store.members.add(newMember(id, id, Uint8Array.of(1, id.length), 5));
      await store.articles.append(Array.from({ length: mostHeld }, (_, at) => ask(`${at}`)));
      expect(await store.articles.append([ask('one more')])).toEqual([{ refused: 'too many are held' }]);
      await send('of m2', '', 'm2');
      await store.members.remove('m1', 9);
      expect((await waiting()).map(({ member }) => member.memberId)).toEqual(['m2']);
      await store.moderation.change([{ kind: 'remove-member', id: 'm2', atMs: 9 }]);
      expect(await waiting()).toEqual([]);
      expect(await bodies()).toEqual([]);
    });
  });
}
