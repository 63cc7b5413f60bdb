import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Community, Moot } from '../../src/client/index.js';
import type { CommunityDetail, LiveArticle, Membership, Page } from '../../src/web/api.js';
import { TestNetwork } from '../support/network.js';
import { TestWeb, type WebEvent, type WebRequest } from '../support/web.js';

const readers = 300;
const network = new TestNetwork();
let moot: Moot;
let web: TestWeb;
let writer: Community;

beforeAll(async () => {
  await network.start([]);
  await network.startServer('Agora', { readable: 'public' });
  moot = await network.connect();
  writer = await moot.join('Agora', { as: 'ada' });
  web = await TestWeb.start(network);
}, 60_000);
afterAll(async () => {
  await web.stop();
  await moot.close();
  await network.stop();
});

/** A reader with an address of their own, as a proxy on this machine names it. */
const from = (n: number): WebRequest => ({ headers: { 'x-forwarded-for': `192.0.2.${n % 250}` } });

class Reader {
  readonly bodies: string[] = [];
  last = '';
  private live: AsyncGenerator<WebEvent>;

  constructor(
    private readonly path: string,
    private readonly asked: WebRequest,
  ) {
    this.live = web.live(path, asked);
  }

  /** Reads until it has told so many articles, or that it has caught up. */
  async read(articles: number): Promise<this> {
    for (;;) {
      if (articles > 0 && this.bodies.length >= articles) return this;
      const { value, done } = await this.live.next();
      if (done) throw new Error('the stream has ended');
      if (value.id !== '') this.last = value.id;
      if (value.type === 'article') this.bodies.push((value.data as LiveArticle).article.body);
      if (value.type === 'caughtUp' && articles === 0) return this;
    }
  }

  async leave(): Promise<void> {
    await this.live.return(undefined);
  }

  /** Comes again, behind what it was told last. */
  again(): void {
    this.live = web.live(this.path, { headers: { ...this.asked.headers, 'last-event-id': this.last } });
  }
}

async function publish(first: number, count: number, topic = 'tea', more = ''): Promise<void> {
  const items = Array.from({ length: count }, (_, n) => ({
    key: `${topic} ${first + n}`,
    draft: { topic, body: `${first + n}${more}` },
  }));
  for await (const { refused } of writer.publishAll(items)) if (refused) throw refused;
}

const numbers = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => String(n));
const subscribers = async (): Promise<number | null> =>
  (await web.json<CommunityDetail>('/api/communities/Agora')).subscribers;

describe('N11 many readers of one community', () => {
  it(`${readers} live readers share one subscription, and each of them is told everything once, also who was away`, async () => {
    const all = Array.from(
      { length: readers },
      (_, n) => new Reader('/api/communities/Agora/live?topic=tea', { ...from(n) }),
    );
    await Promise.all(all.map((reader) => reader.read(0)));
    expect(await subscribers()).toBe(1);
    await publish(0, 20);
    await Promise.all(all.map((reader) => reader.read(20)));
    // A third of them lose their connection, and come again, behind where they were, while articles come.
    const away = all.filter((_, n) => n % 3 === 0);
    for (const reader of away) await reader.leave();
    await publish(20, 20);
    for (const reader of away) reader.again();
    await publish(40, 20);
    await Promise.all(all.map((reader) => reader.read(60)));
    for (const { bodies } of all) expect(bodies).toEqual(numbers(60));
    expect(await subscribers()).toBe(1);
    await Promise.all(all.map((reader) => reader.leave()));
  }, 90_000);

  it('who was away for longer than lines are kept, or reads from the beginning, comes to where the others are', async () => {
    const here = await new Reader('/api/communities/Agora/live?topic=long', from(1)).read(0);
    const away = await new Reader('/api/communities/Agora/live?topic=long', from(2)).read(0);
    await away.leave();
    await publish(0, 1500, 'long');
    await here.read(1500);
    away.again();
    const late = new Reader('/api/communities/Agora/live?topic=long&from=beginning', from(3));
    const reading = [away.read(1800), late.read(1800), here.read(1800)];
    for (let first = 1500; first < 1800; first += 50) await publish(first, 50, 'long');
    await Promise.all(reading);
    for (const reader of [here, away, late]) expect(reader.bodies).toEqual(numbers(1800));
    // Then all of them read what one subscription brings.
    while ((await subscribers()) !== 2) await publish(1800, 1, 'other');
    await publish(1800, 3, 'long');
    await Promise.all([away.read(1803), late.read(1803), here.read(1803)]);
    for (const reader of [here, away, late]) expect(reader.bodies).toEqual(numbers(1803));
    for (const reader of [here, away, late]) await reader.leave();
  }, 90_000);

  it('who reads more slowly than lines are kept is told everything once, and holds up nobody', async () => {
    const path = '/api/communities/Agora/live?topic=bulk';
    const [slow, here] = await Promise.all([new Reader(path, from(1)).read(0), new Reader(path, from(2)).read(0)]);
    // More than sockets hold and lines are kept, together.
    const count = 3000;
    await Promise.all([publish(0, count, 'bulk', ` ${'x'.repeat(6000)}`), here.read(count)]);
    expect(slow.bodies).toEqual([]);
    // On a busy machine it may have been let go by then: who takes nothing for 30 s comes again, as a browser does.
    await slow.read(count).catch(() => {
      slow.again();
      return slow.read(count);
    });
    await publish(count, 2, 'bulk');
    await Promise.all([slow.read(count + 2), here.read(count + 2)]);
    for (const reader of [slow, here]) {
      expect(reader.bodies.map((body) => body.split(' ')[0])).toEqual(numbers(count + 2));
      await reader.leave();
    }
  }, 120_000);

  it('another filter, and another membership, has a subscription of its own, with what is meant for it', async () => {
    const { token } = await web.json<Membership>('/api/communities/Agora/join', { body: { name: 'bea' } });
    const path = '/api/communities/Agora/live';
    const [green, black, hers] = await Promise.all([
      new Reader(`${path}?topic=own.green`, from(1)).read(0),
      new Reader(`${path}?topic=own.black`, from(2)).read(0),
      new Reader(`${path}?topic=own.green`, { token: token ?? '' }).read(0),
    ]);
    await publish(0, 2, 'own.green');
    await publish(5, 1, 'own.black');
    await Promise.all([green.read(2), black.read(1), hers.read(2)]);
    expect([green.bodies, black.bodies, hers.bodies]).toEqual([['0', '1'], ['5'], ['0', '1']]);
    await web.json('/api/communities/Agora/leave', { token: token ?? '', body: {} });
    await expect(hers.read(3)).rejects.toThrow('the stream has ended');
    await publish(2, 1, 'own.green');
    expect((await green.read(3)).bodies).toEqual(['0', '1', '2']);
    await Promise.all([green.leave(), black.leave()]);
  }, 30_000);

  it('of many who ask for a page at the same time nobody is shown an older one than they asked for', async () => {
    const newest = async (n: number): Promise<string | undefined> =>
      (await web.json<Page>('/api/communities/Agora/articles?topic=page&limit=1', from(n))).articles[0]?.body;
    for (let round = 0; round < 5; round += 1) {
      await publish(round, 1, 'page');
      const shown = await Promise.all(Array.from({ length: 100 }, (_, n) => newest(n)));
      expect(new Set(shown)).toEqual(new Set([String(round)]));
    }
  }, 30_000);

  it('met no fault of its own in all that', () => expect(web.bugs).toEqual([]));
});
