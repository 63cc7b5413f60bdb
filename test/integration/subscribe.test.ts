import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Community, FeedEvent, Moot, Subscription } from '../../src/client/index.js';
import { TestNetwork } from '../support/network.js';

const network = new TestNetwork();
let moot: Moot;
let hamlet: Community;

beforeAll(async () => {
  await network.start(['Hamlet']);
  moot = await network.connect();
  hamlet = await moot.join('Hamlet', { as: 'ada' });
});
afterAll(async () => {
  await moot.close();
  await network.stop();
});

/** The next event of a kind; what comes before it is passed over. */
async function until<T extends FeedEvent['type']>(
  events: AsyncIterator<FeedEvent>,
  type: T,
): Promise<Extract<FeedEvent, { type: T }>> {
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error(`it ended before ${type}`);
    if ((value as FeedEvent).type === type) return value as Extract<FeedEvent, { type: T }>;
  }
}

const read = (subscription: Subscription): AsyncIterator<FeedEvent> => subscription[Symbol.asyncIterator]();

describe('a subscription over the network', () => {
  it('S3.1 S3.2 begins with the count of subscribers, and shows what its topics get from then on, and no more', async () => {
    await hamlet.publish({ topic: 'chess', body: 'before' });
    const chess = hamlet.subscribe({ topics: ['chess'] });
    const all = hamlet.subscribe();
    const [one, two] = [read(chess), read(all)];
    expect(await until(one, 'accepted')).toMatchObject({ subscribers: 1, notFed: [] });
    expect(await until(two, 'accepted')).toMatchObject({ subscribers: 2 });
    await until(one, 'caughtUp');
    await until(two, 'caughtUp');
    await hamlet.publish({ topic: 'weather', body: 'rain' });
    await hamlet.publish({ topic: 'chess.openings', body: 'e4' });
    expect((await until(one, 'article')).article.body).toBe('e4');
    expect((await until(two, 'article')).article.body).toBe('rain');
    const last = await until(two, 'article');
    expect(last).toMatchObject({ live: true, article: { body: 'e4', topic: 'chess.openings', member: 'ada' } });
    for (const subscription of [chess, all]) subscription.close();
    expect((await one.next()).done).toBe(true);
  });

  it('N3 goes from what was there to what comes without a gap or a repeat, and on from its cursor', async () => {
    const expected: string[] = [];
    const first = hamlet.subscribe({ topics: ['count'], from: 'beginning' });
    const publishing = (async () => {
      for (let n = 0; n < 200; n += 1) {
        expected.push(`${n}`);
        await hamlet.publish({ topic: 'count', body: `${n}` });
      }
    })();
    const seen: string[] = [];
    let cursor = '';
    for await (const event of first) {
      if (event.type === 'article') seen.push(event.article.body);
      cursor = first.cursor;
      if (seen.length >= 80) break;
    }
    const second = hamlet.subscribe({ topics: ['count'], from: { cursor } });
    for await (const event of second) {
      if (event.type === 'article') seen.push(event.article.body);
      if (seen.length >= 200) break;
    }
    await publishing;
    expect(seen).toEqual(expected);
  });

  it('N7 an article that was taken back is heard of, shows nowhere, and is nobody else’s to take back', async () => {
    const subscription = hamlet.subscribe({ topics: ['gossip'] });
    const events = read(subscription);
    await until(events, 'caughtUp');
    const { id } = await hamlet.publish({ topic: 'gossip', body: 'he said' });
    await until(events, 'article');
    const other = await (await network.connect()).join('Hamlet', { as: 'eve' });
    await expect(other.retract(id)).rejects.toMatchObject({ code: 'denied' });
    const retraction = await hamlet.retract(id, { reason: 'not true' });
    expect(await until(events, 'retracted')).toMatchObject({ retracts: id, topic: 'gossip', reason: 'not true' });
    expect(await hamlet.retract(id)).toMatchObject({ id: retraction.id, duplicate: true });
    subscription.close();
    const late = read(hamlet.subscribe({ topics: ['gossip'], from: 'beginning' }));
    expect(await until(late, 'retracted')).toMatchObject({ retracts: id });
    expect((await late.next()).value).toMatchObject({ type: 'caughtUp' });
    await late.return?.();
  });

  it('a subscription ends within a second of leaving, and garbage is no cursor', async () => {
    const eve = await (await network.connect()).join('Hamlet', { as: 'eva' });
    expect(() => eve.subscribe({ from: { cursor: 'garbage' } })).toThrow(/cursor/);
    const events = read(eve.subscribe());
    await until(events, 'caughtUp');
    const ended = until(events, 'gap');
    await eve.leave();
    await expect(ended).rejects.toMatchObject({ code: 'unauthenticated' });
  }, 10_000);
});
