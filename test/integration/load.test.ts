import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type Moot } from '../../src/client/index.js';
import { TestNetwork } from '../support/network.js';

const network = new TestNetwork();
let moot: Moot;

beforeAll(async () => {
  await network.start(['Hamlet', 'Othello'], [['Hamlet', 'Othello']]);
  moot = await network.connect();
});
afterAll(async () => {
  await moot.close();
  await network.stop();
});

describe('ReadLoad', () => {
  it('N9 counts questions, branches, subscriptions and articles, and says how each link stands', async () => {
    const [hamlet, othello] = [await moot.join('Hamlet', { as: 'ada' }), await moot.join('Othello', { as: 'ada' })];
    expect(await othello.load()).toMatchObject({ queries: 0, asks: 0, queryP50Ms: undefined, links: [] });
    await hamlet.publish({ topic: 'a', body: 'b' });
    await hamlet.query().report;
    const feed = hamlet.subscribe();
    for await (const { type } of feed) if (type === 'caughtUp') break;
    const events = hamlet.subscribe()[Symbol.asyncIterator]();
    await events.next();
    const said = await hamlet.load();
    expect(said).toMatchObject({ articles: 1, queries: 1, queryP50Ms: expect.any(Number) });
    expect(said.subscribers).toBeGreaterThanOrEqual(1);
    expect(said.links).toMatchObject([{ name: 'Othello', state: 'up' }]);
    expect((await othello.load()).asks).toBe(1);
    await events.return?.();
  });

  it('N9 how links stand is told to members and to the operator, and to nobody else', async () => {
    const operator = await connect({ registry: network.registry, home: network.home });
    const stranger = await network.connect();
    const standing = async (who: Moot) => who.linksOf(await who.find('Hamlet'));
    expect(await standing(moot)).toMatchObject([{ name: 'Othello', state: 'up' }]);
    expect(await standing(operator)).toMatchObject([{ name: 'Othello', state: 'up' }]);
    expect(await standing(stranger)).toBeUndefined();
    await Promise.all([operator.close(), stranger.close()]);
  });

  it('N9 S0.6 is for members', async () => {
    const stranger = await network.connect();
    const hamlet = await stranger.community('Hamlet');
    await expect(hamlet.load()).rejects.toMatchObject({ code: 'unauthenticated' });
    await stranger.close();
  });
});
