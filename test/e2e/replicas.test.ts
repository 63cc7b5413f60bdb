import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { read } from '../support/figures.js';
import { Replicated } from '../support/replicated.js';
import { itWithBoth } from '../support/with-own.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again until it holds, and says how long that took, ms. */
async function until(holds: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (!(await holds().catch(() => false))) await pause(25);
  return performance.now() - began;
}

const isRefused = async (work: Promise<unknown>, code: string): Promise<boolean> =>
  work.then(
    () => false,
    (error: unknown) => (error as { code?: string }).code === code,
  );

describe('a community of three replicas', () => {
  let assembly: Replicated;
  beforeAll(async () => {
    assembly = await Replicated.start(3, { flags: ['--metrics', '0'] });
  }, 60_000);
  afterAll(() => assembly?.close(), 30_000);

  itWithBoth('N10 is one community: a member, a key and a cursor of one replica are good at every other', async () => {
    const moot = await assembly.stranger();
    const [listed] = await moot.servers();
    expect(listed?.addresses).toHaveLength(3);
    await moot.join(assembly.addressOf(0), { as: 'ada' });
    const ids: string[] = [];
    for (const at of [0, 1, 2]) {
      const there = await moot.community(assembly.addressOf(at));
      const { id, duplicate, seq } = await there.publish({ topic: 't', author: 'ada', body: 'same' }, { key: 'k' });
      ids.push(id);
      expect([duplicate, seq]).toEqual([at > 0, ids.length > 0 ? 1 : 0]);
    }
    expect(new Set(ids).size).toBe(1);
    const first = (await moot.community(assembly.addressOf(1))).subscribe({ from: 'beginning' });
    for await (const event of first) if (event.type === 'caughtUp') break;
    const other = await moot.community(assembly.addressOf(2));
    await other.publish({ topic: 't', author: 'ada', body: 'past the cursor' });
    const bodies: string[] = [];
    for await (const event of other.subscribe({ from: { cursor: first.cursor } })) {
      if (event.type === 'article') bodies.push(event.article.body);
      if (bodies.length === 1) break;
    }
    expect(bodies).toEqual(['past the cursor']);
  });

  itWithBoth(
    'N10 any operator’s token is good at all, and who is removed at one is out of all within a second',
    async () => {
      const home = await assembly.connect();
      const moot = await assembly.stranger();
      await moot.join(assembly.addressOf(0), { as: 'bob' });
      const there = await moot.community(assembly.addressOf(2));
      const events = there.subscribe({ from: 'now' })[Symbol.asyncIterator]();
      await events.next();
      const moderation = await home.moderation(assembly.addressOf(1));
      await moderation.remove('bob', { reason: 'a test', ban: true });
      const tookMs = await until(() => isRefused(there.query({ limit: 1 }).report, 'unauthenticated'));
      expect(tookMs).toBeLessThan(2000);
      await expect(
        (async () => {
          for (;;) await events.next();
        })(),
      ).rejects.toMatchObject({ code: 'unauthenticated' });
      const again = await assembly.stranger();
      await expect(again.join(assembly.addressOf(2), { as: 'bob' })).rejects.toMatchObject({ code: 'denied' });
    },
  );

  itWithBoth('N10 a link made at one is followed by one of them, and by another when that one dies', async () => {
    const peer = await assembly.processes.startServer('Peer');
    const home = await assembly.connect();
    const moot = await assembly.stranger();
    await moot.join('Peer', { as: 'eve' });
    await moot.join('Assembly', { as: 'eve' });
    const operator = await home.operator(assembly.addressOf(0));
    await operator.connect('Peer');
    const eve = await moot.community('Peer');
    let sent = 0;
    const arrives = async (at: number): Promise<number> => {
      const there = await moot.community(assembly.addressOf(at));
      sent += 1;
      const body = `news ${sent}`;
      await eve.publish({ topic: 'far', author: 'eve', body });
      return until(async () => {
        const bodies: string[] = [];
        for await (const { body: found } of there.query({ topics: ['far'], fresh: 'mirrored' })) bodies.push(found);
        return bodies.includes(body);
      });
    };
    for (const at of [0, 1, 2]) await arrives(at);
    for (const dies of [0, 1, 2]) {
      await assembly.replicas[dies]?.end('SIGKILL');
      const tookMs = await arrives((dies + 1) % 3);
      expect(tookMs).toBeLessThan(8000);
      await assembly.startReplica(dies);
    }
    await peer.end();
  });

  itWithBoth('N10 how a link stands, and how far it is behind, each replica says, whoever follows it', async () => {
    const peer = await assembly.processes.startServer('Away');
    const home = await assembly.connect();
    const member = await assembly.stranger();
    await member.join('Assembly', { as: 'zoe' });
    await (await home.operator(assembly.addressOf(0))).connect('Away');
    /** In `moot peers`, and in the figures, ms. */
    const saidAt = async (at: number): Promise<readonly [string, number, number]> => {
      const peers = await (await home.operator(assembly.addressOf(at))).peers();
      const link = peers.find(({ name }) => name === 'Away');
      const { text } = await read(String(assembly.replicas[at]?.ready.metrics));
      const [, figure = 'NaN'] =
        new RegExp(`^moot_feed_lag_seconds\\{.*"${link?.to}".*\\} (\\S+)$`, 'm').exec(text) ?? [];
      return [link?.state ?? '', link?.lagMs ?? Number.NaN, Number(figure) * 1000];
    };
    /** As who subscribes there is told. */
    const unfedAt = async (at: number): Promise<readonly string[]> => {
      const there = await member.community(assembly.addressOf(at));
      for await (const event of there.subscribe({ from: 'now' }))
        if (event.type === 'accepted') return event.notFed.map(({ name }) => name);
      return [];
    };
    const all = (holds: (state: string, ...lags: readonly number[]) => boolean): Promise<number> =>
      until(async () => {
        const said = await Promise.all([0, 1, 2].map(saidAt));
        return said.every((one) => holds(...one));
      });
    const isWell = (state: string, ...lags: readonly number[]): boolean =>
      state === 'up' && lags.every((lagMs) => lagMs < 1000);
    await all(isWell);
    await peer.end('SIGKILL');
    const diedMs = performance.now();
    const isTrue = (state: string, ...lags: readonly number[]): boolean => {
      const awayMs = performance.now() - diedMs;
      return state === 'down' && awayMs > 3000 && lags.every((lagMs) => Math.abs(lagMs - awayMs) < 6000);
    };
    await all(isTrue);
    for (const at of [0, 1, 2]) await until(async () => (await unfedAt(at)).includes('Away'));
    // One of these follows it.
    for (const at of [0, 1, 2]) {
      await assembly.replicas[at]?.end('SIGKILL');
      await assembly.startReplica(at);
      await all((state, ...lags) => state === 'down' && lags.every((lagMs) => lagMs > 1000));
    }
    await assembly.processes.startServer('Away');
    await all(isWell);
    for (const at of [0, 1, 2]) await until(async () => !(await unfedAt(at)).includes('Away'));
  });

  itWithBoth('N10 a replica that is stopped takes its address off, and the community stays listed', async () => {
    const moot = await assembly.connect();
    const addresses = async (): Promise<number> =>
      (await moot.servers()).find(({ name }) => name === 'Assembly')?.addresses?.length ?? 0;
    await until(async () => (await addresses()) === 3);
    expect(await assembly.replicas[1]?.end('SIGTERM')).toBe(0);
    expect((await moot.servers()).map(({ name }) => name)).toContain('Assembly');
    expect(await until(async () => (await addresses()) === 2)).toBeLessThan(6000);
    await assembly.startReplica(1);
    await until(async () => (await addresses()) === 3);
  });
});
