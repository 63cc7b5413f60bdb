import { Client, credentials, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Community, connect, type Moot, type Subscription } from 'moot-network';
import { TestNetwork } from '../support/network.js';

const network = new TestNetwork();
let moot: Moot;
const communities = new Map<string, Community>();

beforeAll(async () => {
  // A hub, a spoke on each side, and a link back that makes a cycle.
  await network.start(
    ['Hub', 'West', 'East'],
    [
      ['West', 'Hub'],
      ['Hub', 'East'],
      ['East', 'West'],
    ],
  );
  moot = await connect({ registry: network.registry });
  for (const name of ['Hub', 'West', 'East']) communities.set(name, await moot.join(name, { as: 'ada' }));
});
afterAll(async () => {
  await moot.close();
  await network.stop();
});

function at(name: string): Community {
  const community = communities.get(name);
  if (!community) throw new Error(`${name} was not joined`);
  return community;
}

/** Bodies of the first `count` articles of a feed, which is then closed. */
async function bodies(feed: Subscription, count: number, onAccepted = (): void => undefined): Promise<string[]> {
  const found: string[] = [];
  for await (const event of feed) {
    if (event.type === 'caughtUp') onAccepted();
    if (event.type === 'article') found.push(event.article.body);
    if (found.length === count) break;
  }
  return found;
}

/** Resolves with the reading, once the feed stands. */
function reading(feed: Subscription, count: number): Promise<{ bodies: Promise<string[]> }> {
  return new Promise((resolve) => {
    const told = bodies(feed, count, () => resolve({ bodies: told }));
  });
}

describe('brokers and their clients', () => {
  it('S3.3 clients of any broker hear each article once, over a hub and a cycle', async () => {
    const feeds = ['Hub', 'West', 'East'].map((name) => at(name).subscribe({ topics: ['news'] }));
    const told = await Promise.all(feeds.map((feed) => reading(feed, 4)));
    for (const name of ['Hub', 'West', 'East']) await at(name).publish({ topic: 'news', body: `from ${name}` });
    await at('East').publish({ topic: 'news', body: 'last' });
    for (const { bodies: heard } of told)
      expect([...(await heard)].sort()).toEqual(['from East', 'from Hub', 'from West', 'last']);
  });

  it('S3.4 subscribe, unsubscribe and publish are functions', async () => {
    const feed = at('Hub').subscribe({ topics: ['channel'], scope: 'local' });
    const told = await reading(feed, 3);
    await at('Hub').publish({ topic: 'channel', body: 'one' });
    await at('Hub').publish({ topic: 'another', body: 'unheard' });
    await at('Hub').publish({ topic: 'channel', body: 'two' });
    await at('Hub').publish({ topic: 'channel', body: 'three' });
    expect(await told.bodies).toEqual(['one', 'two', 'three']);
    const closed = at('Hub').subscribe({ topics: ['channel'], scope: 'local' });
    const rest = await reading(closed, 1);
    closed.close();
    expect(await rest.bodies).toEqual([]);
    // Where it was closed another goes on.
    await at('Hub').publish({ topic: 'channel', body: 'four' });
    const next = at('Hub').subscribe({ topics: ['channel'], scope: 'local', from: { cursor: feed.cursor } });
    expect(await bodies(next, 1)).toEqual(['four']);
  });

  it('S3.8 an unknown method and a wrong filter are refused with a code, and the feed on the connection goes on', async () => {
    const told = await reading(at('Hub').subscribe({ topics: ['calm'], scope: 'local' }), 1);
    const client = new Client(at('Hub').address, credentials.createInsecure());
    const asked = (bytes: Buffer): Buffer => bytes;
    const call = (method: string): Promise<unknown> =>
      new Promise((resolve) => {
        const path = `/moot.v1.CommunityService/${method}`;
        client.makeUnaryRequest(path, asked, asked, Buffer.alloc(0), (error) => resolve(error?.code));
      });
    expect([await call('Shout'), await call('Describe')]).toEqual([status.UNIMPLEMENTED, undefined]);
    client.close();
    expect(() => at('Hub').subscribe({ topics: ['Not A Topic'] })).toThrow('is not a topic');
    await at('Hub').publish({ topic: 'calm', body: 'still here' });
    expect(await told.bodies).toEqual(['still here']);
  });
});
