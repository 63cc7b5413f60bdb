import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Moot } from '../../src/client/index.js';
import { parseAddress } from '../../src/core/address.js';
import { HeaderSpy } from '../support/header-spy.js';
import { TestNetwork } from '../support/network.js';

const network = new TestNetwork();
let moot: Moot;

beforeAll(async () => {
  await network.start([]);
  await network.startServer('Agora', { readable: 'public' });
  await network.startServer('Closed');
  moot = await network.connect();
}, 30_000);
afterAll(async () => {
  await moot.close();
  await network.stop();
});

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('N11 reading without a membership', () => {
  it('asks, subscribes, traces and reads the load of a public community, and can do nothing else', async () => {
    const writer = await (await moot.forAnother()).join('Agora', { as: 'ada' });
    const reader = await moot.reader(await moot.find('Agora'));
    const live = reader.subscribe();
    const events = live[Symbol.asyncIterator]();
    expect((await events.next()).value).toMatchObject({ type: 'accepted', subscribers: 1 });
    expect((await reader.load()).subscribers).toBe(1);
    expect(await network.servers.get('Agora')?.view.status()).toMatchObject({
      subscribers: [{ name: '', topics: [] }],
    });
    const { id } = await writer.publish({ topic: 'chess', body: 'e4' });
    let event = await events.next();
    while (event.value?.type !== 'article') event = await events.next();
    expect(event.value.article.id).toBe(id);
    live.close();
    expect((await all(reader.query())).map((article) => article.id)).toEqual([id]);
    expect(await reader.trace(id)).toMatchObject([{ name: 'Agora' }]);
    for (const closed of [
      () => reader.publish({ topic: 'chess', body: 'd4' }),
      () => reader.retract(id),
      () => reader.leave(),
      () => all(reader.members()),
    ])
      await expect(closed()).rejects.toMatchObject({ code: 'unauthenticated' });
  }, 20_000);

  it('is refused where a community is for its members, with what to do next', async () => {
    const reader = await moot.reader(await moot.find('Closed'));
    for (const ask of [() => reader.query().report, () => reader.load(), () => reader.trace('0'.repeat(52))])
      await expect(ask()).rejects.toMatchObject({ code: 'unauthenticated', hint: 'join first: moot join SERVER' });
  });

  it('holds the memberships of several people over the same connections, apart from each other, and keeps none', async () => {
    const ada = await moot.forAnother();
    const { token = '' } = await ada.join('Closed', { as: 'ada' });
    const server = await moot.find('Closed');
    const again = await (await moot.forAnother({ server, token })).community('Closed');
    await again.publish({ topic: 'chess', body: 'e4' });
    const grace = await (await moot.forAnother()).join('Closed', { as: 'grace' });
    expect(grace.token).not.toBe(token);
    expect(await moot.memberships()).toEqual([]);
    await ada.close();
    expect((await all(grace.query())).map(({ member }) => member)).toEqual(['ada']);
    const wrong = await (await moot.forAnother({ server, token: 'wrong' })).community('Closed');
    await expect(wrong.query().report).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('shows no token to a server that is another than the one it is for, and finds that one where it is now', async () => {
    const server = await moot.find('Closed');
    const spy = await HeaderSpy.before(parseAddress((await moot.find('Agora')).address).port);
    const old = { ...server, address: `localhost:${spy.port}` };
    const { token = '' } = await (await moot.forAnother()).join('Closed', { as: 'eve' });
    const there = await moot.forAnother({ server: old, token });
    const community = await there.listedCommunity(old);
    expect((await community.query().report).complete).toBe(true);
    expect(spy.calls).toEqual([{ path: '/moot.v1.CommunityService/Describe', authorization: undefined }]);
    await there.close();
    await spy.close();
    const operator = await network.connectAtHome();
    const found = await operator.find('Closed');
    await expect((await operator.operator(found.address)).peers()).resolves.toEqual([]);
    await operator.close();
  });
});
