import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import type { Moot } from '../../src/client/index.js';
import type { PublishResult } from '../../src/client/types.js';
import type { ServerLimits } from '../../src/core/server-limits.js';
import { createIdentity } from '../../src/identity/keys.js';
import { openStore } from '../../src/store/open-store.js';
import { draft, submission } from '../support/drafts.js';
import { TestNetwork } from '../support/network.js';
import { describeQuotas } from '../support/quota-contract.js';
import { StepClock } from '../support/step-clock.js';
import { temporaryFolder } from '../support/temporary.js';

const folder = temporaryFolder();
let files = 0;
const newFile = (): string => {
  files += 1;
  return join(folder, `${files}.db`);
};
describeQuotas('memory:', () => 'memory:', 100);
describeQuotas('sqlite:', () => `sqlite:${newFile()}`, 6);

describe('quotas of the day on the disk', () => {
  const identity = createIdentity();
  const clock = new StepClock();
  const quota = { articles: 2, bytes: 1e6 };

  it('hold over a restart, and rows of days that are over are dropped', async () => {
    const file = newFile();
    const rows = (): unknown[] => {
      const database = new Sqlite(file, { readonly: true });
      const all = database.prepare('SELECT member, articles FROM daily_uses ORDER BY day, member').raw().all();
      database.close();
      return all;
    };
    const append = async (memberId: string, body: string): Promise<unknown> => {
      const store = await openStore(`sqlite:${file}`, { identity, clock, quota });
      const [result = {}] = await store.articles.append([submission(draft(body), '', memberId)]);
      await store.close();
      return 'refused' in result ? result.refused : 'taken';
    };
    expect([await append('m1', 'a'), await append('m1', 'b'), await append('m2', 'c')]).toEqual(Array(3).fill('taken'));
    expect(await append('m1', 'd')).toMatchObject({ of: 'articles', most: 2 });
    expect(rows()).toEqual([
      ['m1', 2],
      ['m2', 1],
    ]);
    clock.stepDate(86_400_000);
    expect(await append('m1', 'd')).toBe('taken');
    expect(rows()).toEqual([['m1', 1]]);
  });
});

describe('a member whose quota is used up', () => {
  const network = new TestNetwork();
  let moot: Moot | undefined;
  afterEach(async () => {
    await moot?.close();
    await network.stop();
  });

  it('is refused, alone or among many, with the limit and when to come again; others are not', async () => {
    const limits: Partial<ServerLimits> = { memberArticlesADay: 3, memberBytesADay: 2000 };
    await network.start([]);
    const { address, stop } = await network.startServer('Hamlet', { store: undefined, limits });
    moot = await network.connect();
    const ada = await moot.join('Hamlet', { as: 'ada' });
    const full = (field: string, most: string) => ({
      code: 'full',
      field,
      message: expect.stringContaining(`no more than ${most} a day are taken from one member`),
      retryAfterMs: expect.any(Number),
    });
    await expect(ada.publish({ topic: 'a', body: 'x'.repeat(2000) })).rejects.toMatchObject(
      full('memberBytesADay', '2000 bytes'),
    );
    await ada.publish({ topic: 'a', body: 'one' }, { key: 'k1' });

    const results: PublishResult[] = [];
    const drafts = ['two', 'x'.repeat(2000), 'three', 'four'].map((body, at) => ({
      key: `${at}`,
      draft: { topic: 'a', body },
    }));
    for await (const result of ada.publishAll(drafts)) results.push(result);
    expect(results.map(({ published }) => published?.duplicate)).toEqual([false, undefined, false, undefined]);
    expect(results[1]?.refused).toMatchObject(full('memberBytesADay', '2000 bytes'));
    expect(results[3]?.refused).toMatchObject(full('memberArticlesADay', '3 articles'));
    expect(results[3]?.refused?.retryAfterMs).toBeLessThanOrEqual(86_400_000);

    // An acknowledgement that was lost is had again, and somebody else is not held back.
    expect(await ada.publish({ topic: 'a', body: 'one' }, { key: 'k1' })).toMatchObject({ duplicate: true });
    const other = await network.connect();
    await (await other.join('Hamlet', { as: 'grace' })).publish({ topic: 'a', body: 'hers' });
    await other.close();

    await stop();
    await network.startServer('Hamlet', { store: undefined, limits, port: Number(address.split(':').at(-1)) });
    await expect(ada.publish({ topic: 'a', body: 'after a restart' })).rejects.toMatchObject({
      code: 'full',
      field: 'memberArticlesADay',
      hint: expect.stringMatching(/^again after \d{4}-\d\d-\d\dT00:00 UTC$/),
    });
  }, 60_000);
});
