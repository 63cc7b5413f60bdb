import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Community, connect, type Moderation, type Moot } from '../../src/client/index.js';
import { TestNetwork } from '../support/network.js';

const network = new TestNetwork();
const opened: Moot[] = [];
const communities = new Map<string, Community>();
const at = (name: string): Community => communities.get(name) as Community;
let birch: Moderation;
let operator: Moot;

/** What a feed from the beginning shows, until it has caught up; gaps by their reason. */
async function kept(community: Community): Promise<string[]> {
  const seen: string[] = [];
  for await (const event of community.subscribe({ from: 'beginning' })) {
    if (event.type === 'article') seen.push(event.article.body);
    if (event.type === 'gap') seen.push(`gap: ${event.reason}`);
    if (event.type === 'caughtUp') return seen.sort();
  }
  throw new Error('the feed ended');
}

async function asked(community: Community, fresh: 'live' | 'mirrored' = 'live'): Promise<string[]> {
  const bodies: string[] = [];
  for await (const { body } of community.query({ fresh })) bodies.push(body);
  return bodies.sort();
}

/** Asks again until it is so, or the test's time is up. */
async function eventually(ask: () => Promise<string[]>, expected: readonly string[]): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    const found = await ask();
    if (JSON.stringify(found) !== JSON.stringify(expected) && Date.now() < until) continue;
    expect(found).toEqual(expected);
    return;
  }
}

/** Ash ← Birch ← Cedar, and Dogwood follows Ash and Birch: it has another way to what Birch hides. */
beforeAll(async () => {
  await network.start([]);
  for (const name of ['Ash', 'Birch', 'Cedar', 'Dogwood']) {
    await network.startServer(name, { store: undefined });
    const moot = await network.connect();
    opened.push(moot);
    communities.set(name, await moot.join(name, { as: 'ada' }));
  }
  operator = await connect({ registry: network.registry, home: network.home });
  opened.push(operator);
  birch = await operator.moderation('Birch');
  await (await operator.operator('Birch')).connect('Ash');
});
afterAll(async () => {
  for (const moot of opened) await moot.close();
  await network.stop();
});

describe('an article of another community that is hidden', () => {
  let id = '';

  it('N7 is in no answer and no feed there any more, however it is asked for', async () => {
    for (const body of ['one', 'spam', 'two']) {
      const published = await at('Ash').publish({ topic: 'trees', body });
      if (body === 'spam') id = published.id;
    }
    await eventually(() => kept(at('Birch')), ['one', 'spam', 'two']);
    await expect(birch.hide(id, { reason: 'spam\nspam' })).rejects.toMatchObject({ code: 'invalid', field: 'reason' });
    const hidden = await birch.hide(id, { reason: 'spam' });
    expect(hidden).toMatchObject({ id, origin: at('Ash').id, by: 'operator', reason: 'spam' });
    expect(await birch.hidden()).toEqual([hidden]);
    expect(await kept(at('Birch'))).toEqual(['one', 'two']);
    expect(await asked(at('Birch'))).toEqual(['one', 'two']);
    expect(await asked(at('Birch'), 'mirrored')).toEqual(['one', 'two']);
    await expect(at('Birch').trace(id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await asked(at('Ash'))).toEqual(['one', 'spam', 'two']);
  });

  it('N7 is a stub for who has no other way to it, and no hole; who has one has the text', async () => {
    await (await operator.operator('Cedar')).connect('Birch');
    await eventually(() => kept(at('Cedar')), ['one', 'two']);
    await at('Ash').publish({ topic: 'trees', body: 'three' });
    await eventually(() => kept(at('Cedar')), ['one', 'three', 'two']);
    await (await operator.operator('Dogwood')).connect('Ash');
    await (await operator.operator('Dogwood')).connect('Birch');
    await eventually(() => kept(at('Dogwood')), ['one', 'spam', 'three', 'two']);
  });

  it('stays hidden over a restart and when its log comes again, and is shown again on demand', async () => {
    const port = Number(network.servers.get('Birch')?.address.split(':')[1]);
    await network.servers.get('Birch')?.stop();
    await network.startServer('Birch', { store: undefined, port });
    const links = await operator.operator('Birch');
    await links.disconnect('Ash');
    await eventually(() => kept(at('Birch')), []);
    await links.connect('Ash');
    await eventually(() => kept(at('Birch')), ['one', 'three', 'two']);
    expect(await asked(at('Birch'))).toEqual(['one', 'three', 'two']);
    expect(await birch.hidden()).toMatchObject([{ id, seq: 2 }]);
    await birch.unhide(id);
    expect(await birch.hidden()).toEqual([]);
    expect(await kept(at('Birch'))).toEqual(['one', 'spam', 'three', 'two']);
    expect(await asked(at('Birch'))).toEqual(['one', 'spam', 'three', 'two']);
    await expect(birch.unhide(id)).rejects.toMatchObject({ code: 'not_found', field: 'id' });
  });

  it('is none of the community’s own, which are retracted instead; what was done is in the log', async () => {
    const own = await at('Birch').publish({ topic: 'trees', body: 'own' });
    await expect(birch.hide(own.id)).rejects.toMatchObject({
      code: 'invalid',
      field: 'id',
      hint: expect.stringContaining('retract'),
    });
    await birch.retract(own.id, { reason: 'wrong tree' });
    const seen: string[] = [];
    for await (const { kind, aboutName, reason } of birch.audit()) seen.push(`${kind} ${aboutName} ${reason}`.trim());
    const linked = ['disconnect Ash', 'connect Ash'];
    expect(seen).toEqual(['connect Ash', 'hide  spam', ...linked, 'unhide', 'retract  wrong tree']);
  });
});
