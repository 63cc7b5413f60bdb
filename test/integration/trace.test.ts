import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Community, Moot } from '../../src/client/index.js';
import { TestNetwork } from '../support/network.js';

const network = new TestNetwork();
let moot: Moot;
const at: Record<string, Community> = {};

beforeAll(async () => {
  await network.start(
    ['A', 'B', 'C'],
    [
      ['B', 'A'],
      ['C', 'B'],
    ],
  );
  moot = await network.connect();
  for (const name of ['A', 'B', 'C']) at[name] = await moot.join(name, { as: 'ada' });
});
afterAll(async () => {
  await moot.close();
  await network.stop();
});

/** The article, as soon as it has come. */
async function arrived(community: Community | undefined, id: string): Promise<void> {
  for await (const event of community?.subscribe({ from: 'beginning' }) ?? [])
    if (event.type === 'article' && event.article.id === id) return;
}

describe('N9 the way an article took', () => {
  it('is asked back from the server where it arrived to its origin, hop by hop, with times', async () => {
    const { id } = (await at.A?.publish({ topic: 'chess', body: 'e4' })) ?? { id: '' };
    await arrived(at.C, id);
    const hops = (await at.C?.trace(id)) ?? [];
    expect(hops.map(({ name, reason }) => name + reason)).toEqual(['C', 'B', 'A']);
    const times = hops.map(({ receivedAtMs = 0 }) => receivedAtMs);
    expect(times.every((time) => time > 0)).toBe(true);
    expect([...times].sort((a, b) => b - a)).toEqual(times);
    expect(await at.A?.trace(id)).toMatchObject([{ name: 'A', reason: '' }]);
  });

  it('says where it cannot be followed further, and that an article is not kept', async () => {
    const { id } = (await at.A?.publish({ topic: 'chess', body: 'd4' })) ?? { id: '' };
    await arrived(at.C, id);
    await network.servers.get('B')?.stop();
    const [here, lost, ...more] = (await at.C?.trace(id)) ?? [];
    expect(here).toMatchObject({ name: 'C', reason: '' });
    expect(lost).toMatchObject({ name: 'B', receivedAtMs: undefined });
    expect(lost?.reason).not.toBe('');
    expect(more).toEqual([]);
    await expect(at.C?.trace('0'.repeat(52))).rejects.toMatchObject({ code: 'not_found', field: 'id' });
    await expect(at.C?.trace('x')).rejects.toMatchObject({ code: 'invalid', field: 'id' });
  });
});
