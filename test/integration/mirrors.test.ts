import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Article, Community, Moot } from '../../src/client/index.js';
import { TestNetwork } from '../support/network.js';

/** The articles of a community's feed from the beginning; `take` waits for as many as it is asked for. */
class Reader {
  private readonly ending = new AbortController();
  private readonly events;

  constructor(community: Community) {
    this.events = community.subscribe({ from: 'beginning', signal: this.ending.signal })[Symbol.asyncIterator]();
  }

  async take(count: number): Promise<string[]> {
    const bodies: string[] = [];
    while (bodies.length < count) {
      const { value, done } = await this.events.next();
      if (done) throw new Error('the feed ended');
      if (value.type === 'gap') throw new Error(`a gap: ${value.reason}`);
      if (value.type === 'article') bodies.push(bodyOf(value.article));
    }
    return bodies;
  }

  close(): void {
    this.ending.abort();
  }
}

const bodyOf = ({ body }: Article): string => body;

/** What is kept at a community of all it knows, now. */
async function kept(community: Community): Promise<string[]> {
  const bodies: string[] = [];
  for await (const event of community.subscribe({ from: 'beginning' })) {
    if (event.type === 'article') bodies.push(bodyOf(event.article));
    if (event.type === 'caughtUp') return bodies.sort();
  }
  throw new Error('the feed ended');
}

/** Asks again until it is so, or the test's time is up. */
async function eventually<T>(ask: () => Promise<T>, expected: T): Promise<void> {
  const until = Date.now() + 20_000;
  for (;;) {
    const found = await ask();
    if (JSON.stringify(found) === JSON.stringify(expected) || Date.now() > until) {
      expect(found).toEqual(expected);
      return;
    }
  }
}

describe('mirrors over real connections, on disk', () => {
  const network = new TestNetwork();
  const stores = { store: undefined };
  const moots: Moot[] = [];
  const communities = new Map<string, Community>();
  const at = (name: string): Community => communities.get(name) as Community;

  async function join_(name: string): Promise<void> {
    const moot = await network.connect();
    moots.push(moot);
    communities.set(name, await moot.join(name, { as: 'ada' }));
  }

  beforeAll(async () => {
    await network.start([]);
    for (const name of ['Ash', 'Birch', 'Cedar']) {
      await network.startServer(name, stores);
      await join_(name);
    }
    const operator = await connectOperator(network);
    moots.push(operator);
    await (await operator.operator('Birch')).connect('Ash');
    await (await operator.operator('Cedar')).connect('Birch');
  });

  afterAll(async () => {
    for (const moot of moots) await moot.close();
    await network.stop();
  });

  it('N3 carry an article of the first server to the last, and none the other way', async () => {
    const reader = new Reader(at('Cedar'));
    await at('Ash').publish({ topic: 'trees', body: 'one' });
    expect(await reader.take(1)).toEqual(['one']);
    await at('Cedar').publish({ topic: 'trees', body: 'of Cedar' });
    expect(await reader.take(1)).toEqual(['of Cedar']);
    expect(await kept(at('Ash'))).toEqual(['one']);
    reader.close();
  });

  it('N3 N6 go on when a server between was away, with no gap and no repeat', async () => {
    const reader = new Reader(at('Cedar'));
    await reader.take(2);
    const birch = network.servers.get('Birch');
    const port = Number(birch?.address.split(':')[1]);
    await birch?.stop();
    for (const body of ['two', 'three']) await at('Ash').publish({ topic: 'trees', body });
    await network.startServer('Birch', { ...stores, port });
    expect(await reader.take(2)).toEqual(['two', 'three']);
    await at('Ash').publish({ topic: 'trees', body: 'four' });
    expect(await reader.take(1)).toEqual(['four']);
    reader.close();
  });

  it('N3 are dropped down the line when the link that brought them is removed', async () => {
    const operator = moots.at(-1) as Moot;
    await (await operator.operator('Birch')).disconnect('Ash');
    await eventually(() => kept(at('Cedar')), ['of Cedar']);
    await (await operator.operator('Birch')).connect('Ash');
    await eventually(() => kept(at('Cedar')), ['four', 'of Cedar', 'one', 'three', 'two']);
  });

  it('N3 carry each article to everybody once around a ring', async () => {
    const operator = moots.at(-1) as Moot;
    await (await operator.operator('Ash')).connect('Cedar');
    for (const name of ['Ash', 'Birch', 'Cedar']) await at(name).publish({ topic: 'trees', body: `ring ${name}` });
    const everything = ['four', 'of Cedar', 'one', 'ring Ash', 'ring Birch', 'ring Cedar', 'three', 'two'];
    for (const name of ['Ash', 'Birch', 'Cedar']) await eventually(() => kept(at(name)), everything);
    const [peer] = await (await operator.operator('Ash')).peers();
    expect(peer).toMatchObject({ state: 'up', lagMs: 0 });
  });
});

function connectOperator(network: TestNetwork): Promise<Moot> {
  return import('../../src/client/index.js').then(({ connect }) =>
    connect({ registry: network.registry, home: join(network.folder, 'home') }),
  );
}
