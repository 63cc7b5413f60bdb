import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { anyArticle } from '../../src/core/filter.js';
import { toId } from '../../src/core/ids.js';
import { type Commit, logStart } from '../../src/core/log.js';
import { OpenLogs, spelled } from './open-logs.js';
import { WrittenLog } from './written-log.js';

const { identity } = OpenLogs;
const everything = Number.POSITIVE_INFINITY;

/** What every implementation promises of what is taken back. `url` gives an empty store each time. */
export function describeRetractions(name: string, url: () => string): void {
  describe(`retractions in ${name}`, () => {
    let logs: OpenLogs;
    beforeEach(async () => {
      logs = await OpenLogs.open(url());
    });
    afterEach(() => logs.store.close());

    it('N7 takes an article back: its text is gone, its place and its key stay', async () => {
      const { store } = logs;
      const ack = await logs.publish('wrong rook', 'k');
      await logs.publish('right rook');
      const taken = await logs.takeBack(ack.id, 'm1');
      expect(taken).toMatchObject({ origin: identity.id, epoch: 1, seq: 3, publishedAtMs: 1010, duplicate: false });
      expect(await logs.bodies(identity.id)).toEqual(['right rook']);
      expect(await logs.bodies(identity.id, 'wrong')).toEqual([]);
      expect(await store.articles.get(ack.id)).toBeUndefined();
      expect(await store.articles.counts()).toEqual({ articles: 1, topics: [{ topic: 'sports.chess', articles: 1 }] });
      expect(await logs.publish('wrong rook', 'k')).toEqual({ ...ack, duplicate: true });
      expect(await logs.takeBack(ack.id)).toEqual({ ...taken, duplicate: true });
      const items = await store.logs.read(identity.id, logStart, everything);
      expect(spelled(items)).toBe('1-1 2-2 3-3');
      expect(items[0]).toMatchObject({ commit: { entries: [{ bytes: undefined, gone: 'retracted' }] } });
      expect((await store.articles.read(identity.id, 1, 9)).map(({ entry }) => entry)).toMatchObject([
        { seq: 2, kind: 'article' },
        {
          seq: 3,
          kind: 'retraction',
          topic: 'sports.chess',
          author: 'name of m1',
          body: 'not so',
          retracts: ack.id,
          retractsSeq: 1,
        },
      ]);
      expect(await store.articles.end()).toMatchObject({ epoch: 1, seq: 3 });
      expect(await store.logs.state(identity.id)).toMatchObject({
        end: { epoch: 1, seq: 3 },
        entries: 3,
        via: undefined,
      });
    });

    it('N7 takes back nothing that is another member’s, another community’s, or no article', async () => {
      const { log, store } = logs;
      const ack = await logs.publish('mine');
      await logs.take(log.commit([{}]));
      await expect(logs.takeBack(ack.id, 'm2')).rejects.toMatchObject({ code: 'denied' });
      const [there] = await store.articles.load(
        (
          await store.articles.find({
            filter: anyArticle,
            origin: log.origin,
            before: undefined,
            limit: 1,
            notAfterMs: 1e15,
          })
        ).keys,
      );
      const { id } = await logs.takeBack((await logs.publish('other')).id);
      for (const wrong of [there?.id ?? '', id, '0'.repeat(52)])
        await expect(logs.takeBack(wrong)).rejects.toMatchObject({ code: 'not_found' });
      expect(await logs.bodies(identity.id)).toEqual(['mine']);
    });

    it('N7 empties a mirrored article when its retraction comes, in whichever order they come', async () => {
      const { log, store } = logs;
      const first = log.commit([{ title: 'rook' }, {}, {}]);
      await logs.take(first);
      const untaken = { ...log.retractionOf(first, 1), retracts: toId(new Uint8Array(32)) };
      await logs.take(
        log.commit([log.retractionOf(first, 0), untaken, { ...log.retractionOf(first, 2), retractsSeq: 2 }]),
      );
      expect(await logs.bodies()).toEqual(['body 3', 'body 2']);
      expect(await logs.bodies(log.origin, 'rook')).toEqual([]);
      const ahead = new WrittenLog(log.identity);
      [ahead.seq, ahead.lastSeal] = [log.seq + 2, log.lastSeal];
      const later = ahead.commit([{}]);
      const heard: Commit[] = [];
      store.logs.onCommit((commit) => void heard.push(commit));
      await logs.take(log.commit([log.retractionOf(first, 1), log.retractionOf(later)]));
      await logs.take(log.commit([{}]), log.commit([{}]));
      expect(await logs.bodies()).toEqual(['body 10', 'body 3']);
      expect(heard.map(({ entries }) => entries.map(({ gone }) => gone))).toEqual([
        [undefined, undefined],
        ['retracted'],
        [undefined],
      ]);
    });
  });
}
