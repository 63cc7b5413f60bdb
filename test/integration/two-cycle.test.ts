import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Community, connect, type Moot } from '../../src/client/index.js';
import { TestNetwork } from '../support/network.js';

const network = new TestNetwork();
let moot: Moot;
let members: Community[] = [];

beforeAll(async () => {
  await network.start(
    ['East', 'West'],
    [
      ['East', 'West'],
      ['West', 'East'],
    ],
  );
  moot = await connect({ registry: network.registry });
  members = await Promise.all(['East', 'West'].map((name) => moot.join(name, { as: 'ada' })));
  for (const [n, member] of members.entries())
    for (let k = 0; k < 3; k += 1) await member.publish({ topic: 'news', body: `article ${k} of ${n}` });
});

afterAll(async () => {
  await moot.close();
  await network.stop();
});

describe('two servers that link each other', () => {
  it('S0.10 answer 50 queries at once, each with every article once', async () => {
    const asked = Array.from({ length: 50 }, async (_, n) => {
      const answer = members[n % 2]?.query({});
      const bodies: string[] = [];
      for await (const article of answer ?? []) bodies.push(article.body);
      return { bodies: bodies.sort(), complete: (await answer?.report)?.complete };
    });
    const all = [0, 1].flatMap((n) => [0, 1, 2].map((k) => `article ${k} of ${n}`)).sort();
    for (const answer of await Promise.all(asked)) expect(answer).toEqual({ bodies: all, complete: true });
  }, 10_000);
});
