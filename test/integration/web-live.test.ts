import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Community, Moot } from '../../src/client/index.js';
import type { LiveArticle, LiveRetraction, Problem } from '../../src/web/api.js';
import { TestNetwork } from '../support/network.js';
import { TestWeb, type WebEvent, type WebRequest } from '../support/web.js';

const network = new TestNetwork();
const opened: AsyncGenerator<WebEvent>[] = [];
let moot: Moot;
let web: TestWeb;
let writer: Community;

beforeAll(async () => {
  await network.start([]);
  for (const name of ['Agora', 'Closed'])
    await network.startServer(name, { readable: name === 'Agora' ? 'public' : 'members' });
  moot = await network.connect();
  writer = await moot.join('Agora', { as: 'ada' });
  web = await TestWeb.start(network);
}, 60_000);
afterEach(async () => {
  for (const live of opened.splice(0)) await live.return(undefined);
});
afterAll(async () => {
  await web.stop();
  await moot.close();
  await network.stop();
});

/** Follows from now: whatever is published from then on comes. */
async function follow(query = '', asked: WebRequest = {}): Promise<AsyncGenerator<WebEvent>> {
  const live = web.live(`/api/communities/Agora/live?${query}`, asked);
  opened.push(live);
  expect((await live.next()).value).toMatchObject({ type: expect.stringMatching(/caughtUp|article/) });
  return live;
}

async function take(live: AsyncGenerator<WebEvent>, count: number): Promise<readonly WebEvent[]> {
  const events: WebEvent[] = [];
  while (events.length < count) {
    const { value } = await live.next();
    if (!value) throw new Error('the stream has ended');
    events.push(value as WebEvent);
  }
  return events;
}

async function publish(count: number, from = 0): Promise<void> {
  const items = Array.from({ length: count }, (_, n) => ({
    key: `live${from + n}`,
    draft: { topic: 'live', body: String(from + n) },
  }));
  for await (const { refused } of writer.publishAll(items)) if (refused) throw refused;
}

const bodyOf = ({ data }: WebEvent): string => (data as LiveArticle).article.body;

describe('N11 articles as they come', () => {
  it('tells what is published and what is taken back, with its name', async () => {
    const live = await follow('topic=news');
    const { id, origin } = await writer.publish({ topic: 'news.local', title: '<b>', body: 'e4' });
    await writer.publish({ topic: 'other', body: 'd4' });
    await writer.retract(id, { reason: 'wrong' });
    const [told, back] = await take(live, 2);
    expect(told).toMatchObject({
      type: 'article',
      data: { article: { id, originName: 'Agora', title: '<b>' }, live: true },
    });
    const retraction: LiveRetraction = { retracts: id, origin, topic: 'news.local', reason: 'wrong' };
    expect(back).toMatchObject({ type: 'retracted', data: retraction });
  }, 20_000);

  it('goes on behind the last event that was seen, wherever that was: nothing is missing, nothing comes twice', async () => {
    const bodies: string[] = [];
    const live = await follow('topic=live');
    await publish(300);
    let id = '';
    for (const event of await take(live, 1)) {
      id = event.id;
      bodies.push(bodyOf(event));
    }
    await live.return(undefined);
    // More than one chapter of handles, cut at places of every kind; what is published meanwhile is told as well.
    for (const [n, count] of [3, 1, 251, 60, 5].entries()) {
      await publish(10, 300 + 10 * n);
      const again = web.live('/api/communities/Agora/live?topic=live', { headers: { 'last-event-id': id } });
      const read: WebEvent[] = [];
      for await (const event of again) {
        read.push(event);
        if (event.type === 'article') bodies.push(bodyOf(event));
        if (read.filter(({ type }) => type === 'article').length === count || bodies.length === 310 + 10 * n) break;
      }
      id = read.at(-1)?.id ?? '';
    }
    const all = Array.from({ length: 350 }, (_, n) => String(n));
    expect(bodies).toEqual(all.slice(0, bodies.length));
    expect(bodies.length).toBeGreaterThan(300);
  }, 60_000);

  it('begins where it is told to', async () => {
    const live = web.live('/api/communities/Agora/live?topic=live&from=beginning');
    expect((await take(live, 5)).map(bodyOf)).toEqual(['0', '1', '2', '3', '4']);
    const [last] = await take(live, 1);
    await live.return(undefined);
    const there = web.live(`/api/communities/Agora/live?topic=live&from=${last?.id}`);
    expect((await take(there, 2)).map(bodyOf)).toEqual(['6', '7']);
    await there.return(undefined);
  }, 20_000);

  it('says that a place is not known here any longer, and what to do', async () => {
    for (const id of ['nonsense', '00000000-0000-4000-8000-000000000000.1', 'a.1.2', '.']) {
      const { status, text } = await web.get('/api/communities/Agora/live', { headers: { 'last-event-id': id } });
      expect([id, status, (JSON.parse(text) as Problem).code]).toEqual([id, 410, 'gone']);
    }
  });

  it('refuses with a status before it begins: a wrong filter, a closed community, a token that is no good', async () => {
    const statusOf = async (path: string, asked: WebRequest = {}): Promise<number> =>
      (await web.get(path, asked)).status;
    expect(await statusOf('/api/communities/Agora/live?topic=Not')).toBe(400);
    expect(await statusOf('/api/communities/Closed/live')).toBe(401);
    expect(await statusOf('/api/communities/Agora/live', { token: 'wrong' })).toBe(401);
    expect(await statusOf('/api/communities/Nowhere/live')).toBe(404);
  });

  it('ends when the membership ends, and says why', async () => {
    const member = await (await moot.forAnother()).join('Closed', { as: 'bea' });
    const live = web.live('/api/communities/Closed/live', { token: member.token });
    expect((await live.next()).value).toMatchObject({ type: 'caughtUp' });
    await member.leave();
    expect((await live.next()).value).toMatchObject({ type: 'lost', data: { reason: 'the membership has ended' } });
    expect((await live.next()).done).toBe(true);
  }, 20_000);

  it('tells of a community that is lost, and goes on where it was when it is back', async () => {
    const kept = { readable: 'public', store: undefined } as const;
    const { address } = await network.startServer('Again', kept);
    const member = await (await moot.forAnother()).join('Again', { as: 'cy' });
    await web.until(({ servers }) => servers.some(({ name, state }) => name === 'Again' && state === 'up'));
    const live = web.live('/api/communities/Again/live');
    await take(live, 1);
    await network.servers.get('Again')?.stop();
    const [lost] = await take(live, 1);
    const told = { retryInMs: expect.any(Number), reason: expect.stringMatching(/./) };
    expect(lost).toMatchObject({ type: 'lost', data: told });
    await network.startServer('Again', { ...kept, port: Number(address.split(':')[1]) });
    const { id } = await member.publish({ topic: 'live', body: 'back' });
    for await (const { type, data } of live)
      if (type === 'article') {
        expect((data as LiveArticle).article.id).toBe(id);
        break;
      }
  }, 60_000);

  it('gives a reader that takes nothing no more than what the connection holds, and lets others read', async () => {
    const response = await web.open('GET', '/api/communities/Agora/live?topic=bulk&from=beginning');
    const body = 'x'.repeat(200_000);
    const items = Array.from({ length: 150 }, (_, n) => ({ key: `bulk${n}`, draft: { topic: 'bulk', body } }));
    for await (const { refused } of writer.publishAll(items)) expect(refused).toBeUndefined();
    const before = process.memoryUsage().rss;
    response.pause();
    const others = web.live('/api/communities/Agora/live?topic=bulk&from=beginning');
    expect(await take(others, 150)).toHaveLength(150);
    await others.return(undefined);
    // 30 MB would be here for the one that does not read.
    expect((response.socket.readableLength ?? 0) + response.readableLength).toBeLessThan(1_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(250_000_000);
    response.destroy();
  }, 60_000);

  it('met no fault of its own in all that', () => expect(web.bugs).toEqual([]));
});
