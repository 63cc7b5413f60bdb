import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toId } from '../../src/core/ids.js';
import { type Commit, type LogItem, logStart } from '../../src/core/log.js';
import { ArticleChecker } from '../../src/identity/check-article.js';
import { SealedCommits } from '../../src/identity/check-commit.js';
import { signHead } from '../../src/identity/seal.js';
import { keepsLogsAsAListDoes } from './log-property.js';
import { OpenLogs } from './open-logs.js';
import { WrittenLog } from './written-log.js';

const { identity, via } = OpenLogs;
const everything = Number.POSITIVE_INFINITY;

/**
 * What every implementation of `LogStore` promises. `url` gives an empty one each time; `numRuns` says how
 * often it is held against a list.
 */
export function describeLogs(name: string, url: () => string, numRuns: number): void {
  describe(`logs in ${name}`, () => {
    keepsLogsAsAListDoes(url, numRuns);

    let logs: OpenLogs;
    beforeEach(async () => {
      logs = await OpenLogs.open(url());
    });
    afterEach(() => logs.store.close());

    it('keeps a mirror commit by commit, and finds its articles with proofs that hold', async () => {
      const { log, store } = logs;
      const [first, second] = [log.commit([{}, {}, {}]), log.commit([{ title: 'a rook' }])];
      await logs.take(first, second);
      expect(await store.logs.state(log.origin)).toMatchObject({
        after: logStart,
        end: { epoch: 1, seq: 4 },
        via,
        entries: 4,
        head: undefined,
      });
      expect(Buffer.from((await store.logs.state(log.origin))?.lastSeal ?? [])).toEqual(Buffer.from(log.lastSeal));
      const [one, two] = await store.logs.read(log.origin, logStart, everything);
      expect(same(one, first) && same(two, second)).toBe(true);
      expect(await logs.bodies()).toEqual(['body 4', 'body 3', 'body 2', 'body 1']);
      expect(await logs.bodies(log.origin, 'rook')).toEqual(['body 4']);
      const id = toId(first.entries[1]?.hash ?? new Uint8Array());
      const article = await store.articles.get(id);
      if (!article) throw new Error('it was not found');
      expect(new ArticleChecker().check(article.bytes, article.proof, 0).id).toBe(id);
      expect((await store.articles.counts()).articles).toBe(0);
      expect((await store.logs.states()).map(({ origin }) => origin)).toEqual([identity.id, log.origin]);
    });

    it('reads whole commits from any place, and no more once there is enough', async () => {
      const { log, store } = logs;
      await logs.take(log.commit([{}, {}]), log.commit([{}]), log.commit([{}, {}]));
      expect(await logs.read()).toBe('1-2 3-3 4-5');
      expect(await logs.read({ epoch: 1, seq: 1 })).toBe('1-2 3-3 4-5');
      expect(await logs.read({ epoch: 1, seq: 2 })).toBe('3-3 4-5');
      expect(await logs.read({ epoch: 1, seq: 5 })).toBe('');
      expect(await logs.read({ epoch: 2, seq: 0 })).toBe('');
      expect(await logs.read(logStart, 0)).toBe('1-2');
      expect(await logs.read({ epoch: 1, seq: 2 }, 50)).toBe('3-3');
      expect(await store.logs.read(via, logStart, everything)).toEqual([]);
    });

    it('refuses a commit that does not follow, and all that came with it', async () => {
      const { log } = logs;
      const [first, second, third] = [log.commit([{}]), log.commit([{}]), log.commit([{}])];
      await expect(logs.take(second)).rejects.toMatchObject({ code: 'invalid' });
      await logs.take(first);
      for (const wrong of [[second, first], [second, second], [third]])
        await expect(logs.take(...wrong)).rejects.toMatchObject({ code: 'invalid' });
      expect(await logs.read()).toBe('1-1');
      const cut = { ...second, entries: [] };
      await expect(logs.take(cut)).rejects.toMatchObject({ code: 'invalid' });
      await Promise.all([
        logs.take(second),
        expect(logs.take(first)).rejects.toMatchObject({ code: 'invalid' }),
        logs.take(third),
      ]);
      expect(await logs.read()).toBe('1-1 2-2 3-3');
    });

    it('keeps the place and the hash of what is gone, and what cannot be read', async () => {
      const { log, store } = logs;
      const commit = log.commit([{ gone: 'hidden' }, {}, { gone: 'retracted' }]);
      const strange = log.commit([{ origin: via }, { seq: 99 }]);
      await logs.take(commit, strange);
      const [one, two] = await store.logs.read(log.origin, logStart, everything);
      expect(same(one, commit) && same(two, strange)).toBe(true);
      expect(await logs.bodies()).toEqual(['body 2']);
    });

    it('keeps gaps with their reason, and says where there is a hole', async () => {
      const { log, store } = logs;
      await store.logs.skip(log.gap(3, 'lost'), via);
      await logs.take(log.commit([{}]));
      await store.logs.skip(log.gap(2, 'not sealed'), via);
      expect(await store.logs.state(log.origin)).toMatchObject({
        after: { epoch: 1, seq: 3 },
        end: { epoch: 1, seq: 6 },
        lastSeal: new Uint8Array(32),
        entries: 1,
      });
      log.epoch = 2;
      log.seq += 4;
      await logs.take(log.commit([{}]));
      const older = 'older than what is kept here';
      expect(await logs.read()).toBe(`(1-3 lost) 4-4 (5-6 not sealed) (7-10 ${older}) 11-11`);
      expect(await logs.read({ epoch: 1, seq: 2 }, 0)).toBe('(3-3 lost)');
      expect(await logs.read({ epoch: 1, seq: 8 })).toBe(`(9-10 ${older}) 11-11`);
      expect(await logs.read({ epoch: 1, seq: 30 })).toBe('11-11');
      const gap = log.gap(1, 'x');
      for (const wrong of [
        { ...gap, fromSeq: 11 },
        { ...gap, epoch: 1 },
        { ...gap, toSeq: 0 },
      ])
        await expect(store.logs.skip(wrong, via)).rejects.toMatchObject({ code: 'invalid' });
      await expect(store.logs.skip({ ...gap, origin: identity.id }, via)).rejects.toMatchObject({ code: 'invalid' });
    });

    it('tells of each commit before it is acknowledged, until nobody listens', async () => {
      const { log, store } = logs;
      const heard: string[] = [];
      const listen = () =>
        store.logs.onCommit(({ seal, entries }) => {
          heard.push(`${seal.origin === log.origin ? 'mirror' : 'own'} ${seal.firstSeq}`);
          expect(entries.map(({ hash }) => hash.length)).toEqual(entries.map(() => 32));
        });
      const [stop, stopOther] = [listen(), listen()];
      const ack = await logs.publish('a');
      expect(heard.splice(0)).toEqual(['own 1', 'own 1']);
      stopOther();
      await logs.take(log.commit([{}]), log.commit([{}]));
      expect(heard.splice(0)).toEqual(['mirror 1', 'mirror 2']);
      const [, retraction] = await Promise.all([logs.publish('b'), logs.takeBack(ack.id)]);
      expect(retraction.seq).toBe(3);
      expect(heard.splice(0)).toEqual(['own 2', 'own 3']);
      stop();
      await logs.publish('c');
      expect(heard).toEqual([]);
    });

    it('brings the own log back from a mirror, and goes on from there', async () => {
      const { store } = logs;
      await logs.publish('a');
      const own = new WrittenLog(identity);
      own.seq = 1;
      own.lastSeal = (await store.articles.end()).lastSeal;
      const back = own.commit([{}, {}]);
      await logs.take(back);
      const ack = await logs.publish('b');
      expect(ack.seq).toBe(4);
      const [, , last] = await store.logs.read(identity.id, logStart, everything);
      expect(last?.kind === 'commit' && Buffer.compare(last.commit.seal.previous, own.lastSeal)).toBe(0);
      [own.seq, own.epoch, own.lastSeal] = [4, 2, (await store.articles.end()).lastSeal];
      await expect(logs.take(own.commit([{}]))).rejects.toMatchObject({ code: 'invalid' });
      own.seq = 4;
      await logs.take(own.commit([{ kind: 'epoch-start' }, {}]));
      expect(await logs.publish('c')).toMatchObject({ epoch: 2, seq: 7 });
      expect(await store.logs.state(identity.id)).toMatchObject({ end: { epoch: 2, seq: 7 }, entries: 7 });
      expect((await store.articles.counts()).articles).toBe(6);
      await logs.takeBack(toId(back.entries[0]?.hash ?? new Uint8Array()));
      expect((await store.articles.counts()).articles).toBe(5);
    });

    it('N5 keeps seals with all the keys that led to theirs, and the head that the newest key has signed', async () => {
      const { log, store } = logs;
      const [first, rotation, second] = [log.commit([{}, {}]), log.rotate(), log.commit([{}])];
      const old = { ...log.identity, publicKey: first.seal.publicKey };
      await logs.take(first, rotation, second);
      const [one, two, three] = await store.logs.read(log.origin, logStart, everything);
      expect(same(one, first) && same(two, rotation) && same(three, second)).toBe(true);
      expect(new SealedCommits().checkNow([first, rotation, second])).toEqual([undefined, undefined, undefined]);
      expect(await logs.bodies()).toEqual(['body 4', 'body 2', 'body 1']);
      const lastSeal = new Uint8Array(32);
      await store.logs.noteHead(signHead(old, { epoch: 9, seq: 99, lastSeal }, 99));
      await store.logs.noteHead(signHead(log.identity, { epoch: 1, seq: 4, lastSeal }, 1));
      await store.logs.noteHead(signHead(old, { epoch: 9, seq: 100, lastSeal }, 100));
      const head = (await store.logs.state(log.origin))?.head;
      expect([head?.seq, Buffer.from(head?.publicKey ?? [])]).toEqual([4, Buffer.from(log.identity.publicKey)]);
    });

    it('keeps the newest head that was told, of mirrors alone', async () => {
      const { log, store } = logs;
      const head = (seq: number, asOfMs: number) =>
        signHead(log.identity, { epoch: 1, seq, lastSeal: log.lastSeal }, asOfMs);
      await store.logs.noteHead(head(3, 10));
      expect(await store.logs.state(log.origin)).toBeUndefined();
      await logs.take(log.commit([{}]));
      for (const one of [head(2, 99), head(3, 9), head(3, 12)]) await store.logs.noteHead(one);
      expect((await store.logs.state(log.origin))?.head).toMatchObject({ origin: log.origin, seq: 3, asOfMs: 12 });
      await store.logs.noteHead({ ...head(9, 9), origin: identity.id });
      expect((await store.logs.state(identity.id))?.head).toBeUndefined();
    });

    it('drops what is too old or too much, whole commits, the oldest first, and says so to readers', async () => {
      const { log, store } = logs;
      const other = new WrittenLog();
      await logs.take(log.commit([{ title: 'rook' }, {}], 10), other.commit([{}], 15), log.commit([{}, {}], 20));
      await store.logs.skip(log.gap(2, 'lost'), via);
      await logs.take(log.commit([{}], 30));
      const expire = async (storedBeforeMs: number, mostEntries = 100) =>
        (await store.logs.expire({ storedBeforeMs, mostEntries })).map(({ entries }) => entries).sort();
      expect(await expire(10)).toEqual([]);
      expect(await expire(11)).toEqual([3]);
      const older = 'older than what is kept here';
      expect(await logs.read()).toBe(`(1-2 ${older}) 3-4 (5-6 lost) 7-7`);
      expect(await logs.bodies(log.origin, 'rook')).toEqual([]);
      expect(await expire(0, 3)).toEqual([0]);
      expect(await store.logs.state(other.origin)).toMatchObject({ after: { seq: 1 }, end: { seq: 1 }, entries: 0 });
      expect(await expire(0, 2)).toEqual([1]);
      expect(await logs.read({ epoch: 1, seq: 3 })).toBe(`(4-6 ${older}) 7-7`);
      expect(await logs.bodies()).toEqual(['body 7']);
      await logs.take(other.commit([{}]), log.commit([{}], 31));
      expect(await expire(31)).toEqual([0, 1]);
      expect(await logs.read()).toBe(`(1-7 ${older}) 8-8`);
    });

    it('forgets a mirror, and can begin it again', async () => {
      const { log, store } = logs;
      const first = log.commit([{ title: 'rook' }]);
      await logs.take(first);
      await store.logs.drop(log.origin);
      expect(await store.logs.state(log.origin)).toBeUndefined();
      expect([await logs.read(), await logs.bodies(), await logs.bodies(log.origin, 'rook')]).toEqual(['', [], []]);
      await logs.take(first);
      expect([await logs.read(), await logs.bodies(log.origin, 'rook')]).toEqual(['1-1', ['body 1']]);
      await store.logs.drop(via);
      await expect(store.logs.drop(identity.id)).rejects.toMatchObject({ code: 'invalid' });
    });
  });
}

function same(item: LogItem | undefined, { seal, entries }: Commit): boolean {
  if (item?.kind !== 'commit') return false;
  expect(JSON.stringify(plain(item.commit))).toBe(JSON.stringify(plain({ seal, entries })));
  return true;
}

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

function plain({ seal, entries }: Pick<Commit, 'seal' | 'entries'>): unknown {
  const { origin, epoch, firstSeq, size, root, previous, publicKey, signature } = seal;
  const hashes = [root, previous, publicKey, signature].map(hex);
  return [origin, epoch, firstSeq, size, hashes, entries.map(({ hash, bytes, gone }) => [hex(hash), hex(bytes), gone])];
}
