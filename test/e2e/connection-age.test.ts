import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Community, connect, type Moot } from '../../src/client/index.js';
import { LiveStream } from '../support/live-stream.js';
import { Processes } from '../support/processes.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What is open when a connection has its age has 30 s more, and a connection's age is a tenth more or less. */
const [ageMs, graceMs] = [1000, 30_000];

/** Follows from now on, until `last` has come. @returns every body, as they came. */
async function follow(community: Community, last: string, began: () => void): Promise<readonly string[]> {
  const bodies: string[] = [];
  for await (const event of community.subscribe({ from: 'beginning' })) {
    if (event.type === 'caughtUp') began();
    if (event.type === 'article') bodies.push(event.article.body);
    if (bodies.at(-1) === last) break;
  }
  return bodies;
}

describe('connections that come of age', () => {
  const processes = new Processes();
  let moot: Moot;
  beforeAll(async () => {
    const registry = await processes.startRegistry();
    for (const name of ['Alder', 'Birch'])
      await processes.startServer(name, '--age-time', `${ageMs}ms`, '--readable', 'public');
    moot = await connect({ registry: registry.address, home: processes.home });
  }, 60_000);
  afterAll(async () => {
    await moot?.close();
    await processes.close();
  }, 30_000);

  it('F3 N3 N11 end no subscription, publishing, link or page: each goes on where it was, and nothing is lost or doubled', async () => {
    const [alder, birch] = [await moot.join('Alder', { as: 'ada' }), await moot.join('Birch', { as: 'bob' })];
    const operator = await moot.operator('Birch');
    await operator.connect('Alder');
    const web = await processes.start('web', '--port', '0');
    const live = new LiveStream();
    await live.open(`${web.address}/api/communities/Birch/live`);
    const last = 'the last';
    const followed: Promise<readonly string[]>[] = [];
    for (const community of [alder, birch])
      await new Promise<void>((began, failed) => {
        const all = follow(community, last, began);
        all.catch(failed);
        followed.push(all);
      });
    const sent: string[] = [];
    const drafts = async function* () {
      const untilMs = performance.now() + ageMs * 1.1 + graceMs + 5000;
      while (performance.now() < untilMs) {
        sent.push(`article ${sent.length}`);
        yield { key: String(sent.length), draft: { topic: 'town', body: sent.at(-1) ?? '' } };
        await pause(50);
      }
      sent.push(last);
      yield { key: last, draft: { topic: 'town', body: last } };
    };
    const stored: number[] = [];
    for await (const result of alder.publishAll(drafts())) {
      if (result.refused) throw result.refused;
      stored.push(result.published.seq);
    }
    const bodies = await Promise.all(followed);
    while (live.bodies.at(-1) !== last && !live.hasEnded) await pause(25);
    expect(stored).toHaveLength(sent.length);
    expect(new Set(stored).size).toBe(sent.length);
    for (const came of [...bodies, live.bodies]) expect(came).toEqual(sent);
    expect(live.hasEnded).toBe(false);
    live.close();
    const [link] = await operator.peers();
    expect(link).toMatchObject({ name: 'Alder', state: 'up' });
  });
});
