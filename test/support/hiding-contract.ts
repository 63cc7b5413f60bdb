import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toId } from '../../src/core/ids.js';
import { type Commit, logStart } from '../../src/core/log.js';
import { OpenLogs } from './open-logs.js';

const everything = Number.POSITIVE_INFINITY;
const idOf = ({ entries }: Commit, at: number): string => toId(entries[at]?.hash ?? new Uint8Array(32));

/** What every implementation promises of what is hidden. `url` gives an empty store each time. */
export function describeHiding(name: string, url: () => string): void {
  describe(`hidden articles in ${name}`, () => {
    let logs: OpenLogs;
    beforeEach(async () => {
      logs = await OpenLogs.open(url());
    });
    afterEach(() => logs.store.close());

    const hide = (id: string) => logs.store.articles.hide({ id, by: 'Mo', reason: 'spam', atMs: 7 });
    const gone = async (): Promise<unknown[]> => {
      const items = await logs.store.logs.read(logs.log.origin, logStart, everything);
      expect(items.every(({ kind }) => kind === 'commit')).toBe(true);
      return items.flatMap((item) => (item.kind === 'commit' ? item.commit.entries.map((one) => one.gone) : []));
    };

    it('have no text in any answer, keep their place, and come back whole', async () => {
      const { log, store } = logs;
      const commit = log.commit([{ title: 'rook' }, { title: 'bishop' }, {}]);
      await logs.take(commit);
      const id = idOf(commit, 1);
      const hidden = { id, origin: log.origin, epoch: 1, seq: 2, by: 'Mo', reason: 'spam', atMs: 7 };
      expect(await hide(id)).toEqual(hidden);
      expect(await store.articles.hide({ id, by: 'Bo', reason: '', atMs: 9 })).toEqual(hidden);
      expect(await store.articles.hidden()).toEqual([hidden]);
      expect(await logs.bodies()).toEqual(['body 3', 'body 1']);
      expect(await logs.bodies(log.origin, 'bishop')).toEqual([]);
      expect(await store.articles.get(id)).toBeUndefined();
      expect((await store.articles.read(log.origin, 1, 9)).map(({ entry }) => entry.seq)).toEqual([1, 3]);
      expect(await gone()).toEqual([undefined, 'hidden', undefined]);
      expect(await store.articles.unhide(id)).toEqual(hidden);
      expect(await logs.bodies()).toEqual(['body 3', 'body 2', 'body 1']);
      expect(await logs.bodies(log.origin, 'bishop')).toEqual(['body 2']);
      expect((await store.articles.get(id))?.entry.title).toBe('bishop');
      expect(await gone()).toEqual([undefined, undefined, undefined]);
      await expect(store.articles.unhide(id)).rejects.toMatchObject({ code: 'not_found', field: 'id' });
      expect(await store.articles.hidden()).toEqual([]);
    });

    it('are in no thread while they are hidden, and are found by their id as long as they are shown', async () => {
      const { log, store } = logs;
      const replyTo = OpenLogs.via;
      const commit = log.commit([{ replyTo }, { replyTo, author: 'Bo' }, {}, { replyTo: 'no id' }]);
      await logs.take(commit);
      const id = idOf(commit, 1);
      const ids = [id, idOf(commit, 2), id];
      const thread = (more = {}) => logs.bodies(log.origin, undefined, { replyTo, ...more });
      const named = (text?: string) => logs.bodies(log.origin, text, { ids });
      expect([await thread(), await named()]).toEqual([
        ['body 2', 'body 1'],
        ['body 3', 'body 2'],
      ]);
      expect([await thread({ author: 'Bo' }), await thread({ topics: ['z'] }), await thread({ ids })]).toEqual([
        ['body 2'],
        [],
        ['body 2'],
      ]);
      expect([await thread({ text: '1 body' }), await named('3')]).toEqual([['body 1'], ['body 3']]);
      await hide(id);
      expect([await thread(), await named()]).toEqual([['body 1'], ['body 3']]);
      await store.logs.drop(log.origin);
      await logs.take(commit);
      expect([await thread(), await named()]).toEqual([['body 1'], ['body 3']]);
      await store.articles.unhide(id);
      expect([await thread(), await named()]).toEqual([
        ['body 2', 'body 1'],
        ['body 3', 'body 2'],
      ]);
    });

    it('are of other communities, and are here', async () => {
      const own = await logs.publish('mine');
      await expect(hide(own.id)).rejects.toMatchObject({ code: 'invalid', field: 'id' });
      await expect(hide('0'.repeat(52))).rejects.toMatchObject({ code: 'not_found', field: 'id' });
      expect(await logs.bodies(OpenLogs.identity.id)).toEqual(['mine']);
    });

    it('stay hidden when their log is dropped and comes again, and listeners are not shown them', async () => {
      const { log, store } = logs;
      const commit = log.commit([{}, {}]);
      await logs.take(commit);
      await hide(idOf(commit, 0));
      await store.logs.drop(log.origin);
      const heard: unknown[] = [];
      store.logs.onCommit(({ entries }) => heard.push(...entries.map((entry) => [entry.gone, entry.bytes?.length])));
      await logs.take(commit);
      expect(heard).toEqual([
        ['hidden', undefined],
        [undefined, commit.entries[1]?.bytes?.length],
      ]);
      expect(await gone()).toEqual(['hidden', undefined]);
      expect(await logs.bodies()).toEqual(['body 2']);
      await store.articles.unhide(idOf(commit, 0));
      expect(await logs.bodies()).toEqual(['body 2', 'body 1']);
    });

    it('N7 are taken back for good by a retraction, and are then hidden no more', async () => {
      const { log, store } = logs;
      const commit = log.commit([{}, {}]);
      await logs.take(commit);
      await hide(idOf(commit, 0));
      await logs.take(log.commit([log.retractionOf(commit, 0)]));
      expect(await gone()).toEqual(['retracted', undefined, undefined]);
      expect(await store.articles.hidden()).toEqual([]);
      await expect(store.articles.unhide(idOf(commit, 0))).rejects.toMatchObject({ code: 'not_found' });
      expect(await logs.bodies()).toEqual(['body 2']);
    });
  });
}
