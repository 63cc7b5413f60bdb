import { describe, expect, it } from '@jest/globals';
import { type FeedNetwork, type FeedServer, line } from '../../scripts/simulate/feed-network.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';

describe('mirrors', () => {
  it('N3 carry what is there and what comes along a line of servers, at once', async () => {
    const [network, a, b, c] = (await line('ABC')) as [FeedNetwork, FeedServer, FeedServer, FeedServer];
    await a.publish(3);
    await network.clock.settle(1000);
    expect(await c.log(a.id)).toEqual(await a.log(a.id));
    await a.publish(2);
    await network.clock.settle(10);
    expect((await c.log(a.id)).hashes).toHaveLength(5);
    expect([a, b, c].flatMap(({ lines }) => lines)).toEqual([]);
    expect(c.running.nameOf(a.id)).toBe('A');
    expect((await a.origins()).length).toBe(1);
    await network.stop();
    expect(network.clock.pending).toBe(0);
  });

  it('N3 cost one comparison where a log comes back around a ring, and never the way it came', async () => {
    const [network, a, b, c] = (await line('ABC')) as [FeedNetwork, FeedServer, FeedServer, FeedServer];
    a.link(c);
    c.link(a);
    await network.clock.settle(1000);
    network.sent = 0;
    await a.publish(1);
    await network.clock.settle(1000);
    // To B and C; then C has it twice, from A and from B.
    expect(network.sent).toBe(3);
    expect(c.running.refused(a.id).echoes + c.running.refused(b.id).echoes).toBe(1);
    await network.stop();
  });

  it('N6 stay as they are while a peer is away, say since when, and go on where they were', async () => {
    const [network, a, b] = (await line('AB')) as [FeedNetwork, FeedServer, FeedServer];
    await a.publish(3);
    await network.clock.settle(10_000);
    expect(b.running.notFed()).toEqual([]);
    expect(b.running.lagMs(a.id)).toBe(0);
    network.wire(b, a).isFrozen = true;
    const frozenAtMs = network.clock.now();
    await network.clock.settle(60_000);
    const [notFed] = b.running.notFed();
    expect(notFed).toMatchObject({ peer: a.id, name: 'A', reason: 'nothing came for 15 s' });
    expect((notFed?.sinceMs ?? 0) - frozenAtMs).toBeLessThanOrEqual(15_000);
    expect(b.running.lagMs(a.id)).toBeGreaterThanOrEqual(60_000);
    expect((await b.log(a.id)).hashes).toHaveLength(3);
    await a.publish(1);
    network.wire(b, a).isFrozen = false;
    await network.clock.settle(45_000);
    expect(b.running.notFed()).toEqual([]);
    expect(await b.log(a.id)).toEqual(await a.log(a.id));
    await network.stop();
  });

  it('N3 try again after waits that are drawn from a growing range, 30 s at most', async () => {
    const [network, a, b] = (await line('AB')) as [FeedNetwork, FeedServer, FeedServer];
    await network.clock.run(a.stop());
    const tries: number[] = [];
    network.onFollow = () => tries.push(network.clock.monotonic());
    await network.clock.settle(600_000);
    const waits = tries.slice(1).map((atMs, index) => atMs - (tries[index] ?? 0));
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_100);
    expect(Math.max(...waits.slice(0, 3))).toBeLessThanOrEqual(2_100);
    expect(tries.length).toBeGreaterThan(20);
    expect(tries.length).toBeLessThan(100);
    expect(b.running.notFed()).toHaveLength(1);
    await network.stop();
  });

  it('N3 are dropped when the link is removed, and taken over by another link that carries them', async () => {
    const [network, a, b, c] = (await line('ABC')) as [FeedNetwork, FeedServer, FeedServer, FeedServer];
    c.link(a);
    await a.publish(3);
    await network.clock.settle(1000);
    c.unlink(a);
    await network.clock.settle(1000);
    expect(await c.log(a.id)).toEqual(await a.log(a.id));
    await a.publish(1);
    await network.clock.settle(1000);
    expect((await c.log(a.id)).hashes).toHaveLength(4);
    b.unlink(a);
    await network.clock.settle(1000);
    expect(await c.origins()).not.toContain(a.id);
    expect(await b.origins()).not.toContain(a.id);
    await network.stop();
  });

  it('N6 outlive a restart while their link is away, and go when it comes back without them', async () => {
    const [network, a, b, c] = (await line('ABC')) as [FeedNetwork, FeedServer, FeedServer, FeedServer];
    await a.publish(2);
    await network.clock.settle(1000);
    await network.clock.run(c.stop());
    network.cut(c, b, true);
    await c.start();
    await network.clock.settle(60_000);
    expect(await c.log(a.id)).toEqual(await a.log(a.id));
    b.unlink(a);
    network.cut(c, b, false);
    await network.clock.settle(40_000);
    expect(await c.origins()).not.toContain(a.id);
    await network.stop();
  });

  it('N3 keep what they have room for: the oldest go, and who comes later is told of the gap', async () => {
    const [network, a, b] = (await line('AB', { mirrorArticles: 5 })) as [FeedNetwork, FeedServer, FeedServer];
    for (let count = 0; count < 8; count += 1) await a.publish(1);
    await network.clock.settle(61_000);
    const kept = await b.log(a.id);
    expect(kept.hashes).toHaveLength(5);
    expect(kept.gaps).toMatchObject([{ fromSeq: 1, toSeq: 3 }]);
    const c = await network.server('C');
    network.cut(b, a, true);
    c.link(b);
    await network.clock.settle(10_000);
    const told = await c.log(a.id);
    expect(told.hashes).toEqual(kept.hashes);
    expect(told.gaps).toMatchObject([{ fromSeq: 1, toSeq: 3, reason: 'older than what is kept here' }]);
    await network.stop();
  });

  it('N3 take the own log back from a peer when the disk holds an old copy, before anybody publishes', async () => {
    const [network, a, b] = (await line('AB')) as [FeedNetwork, FeedServer, FeedServer];
    for (let count = 0; count < 4; count += 1) await a.publish(2);
    await network.clock.settle(1000);
    const before = await a.log(a.id);
    await network.clock.run(a.stop());
    await restore(network, a, b, 2);
    a.link(b);
    await a.start();
    await network.clock.run(a.running.settleOwnLog());
    expect(await a.log(a.id)).toEqual(before);
    await a.publish(1);
    await network.clock.settle(40_000);
    expect(await b.log(a.id)).toEqual(await a.log(a.id));
    await network.stop();
  });

  it('N3 begin a new epoch when an old copy has published over its own log, and mirrors go on with it', async () => {
    const [network, a, b] = (await line('AB')) as [FeedNetwork, FeedServer, FeedServer];
    for (let count = 0; count < 4; count += 1) await a.publish(2);
    await network.clock.settle(1000);
    const first = await b.log(a.id);
    await network.clock.run(a.stop());
    await restore(network, a, b, 2);
    await a.publish(1);
    a.link(b);
    await a.start();
    await network.clock.run(a.running.settleOwnLog());
    expect(a.lines).toContain('B has another log of this community than is here: this is an old copy');
    await a.publish(1);
    await network.clock.settle(40_000);
    const places = (hashes: readonly string[]): string[] => hashes.map((hash) => hash.split(' ')[0] ?? '');
    expect(places((await a.log(a.id)).hashes)).toEqual(['1/1', '1/2', '1/3', '1/4', '1/5', '2/6', '2/7']);
    const mirror = await b.log(a.id);
    expect(mirror.hashes.slice(0, 8)).toEqual(first.hashes);
    expect(mirror.hashes.slice(8)).toEqual((await a.log(a.id)).hashes.slice(5));
    expect(mirror.gaps).toEqual([]);
    await network.stop();
  });

  it('N3 begin a new epoch as soon as it shows that more was published than a peer could give back', async () => {
    const [network, a, b] = (await line('AB')) as [FeedNetwork, FeedServer, FeedServer];
    for (let count = 0; count < 4; count += 1) await a.publish(2);
    await network.clock.settle(1000);
    await network.clock.run(a.stop());
    await restore(network, a, b, 2);
    a.link(b);
    network.cut(a, b, true);
    await a.start();
    await network.clock.run(a.running.settleOwnLog());
    await a.publish(1);
    network.cut(a, b, false);
    await network.clock.settle(60_000);
    await a.publish(1);
    await network.clock.settle(40_000);
    expect((await a.log(a.id)).hashes.map((hash) => hash.split(' ')[0])).toEqual([
      '1/1',
      '1/2',
      '1/3',
      '1/4',
      '1/5',
      '2/6',
      '2/7',
    ]);
    expect((await b.log(a.id)).hashes.slice(-2)).toEqual((await a.log(a.id)).hashes.slice(-2));
    await network.stop();
  });

  it('N3 begin a new epoch when a registry has heard of entries that nobody can give back', async () => {
    const [network, a] = (await line('AB')) as [FeedNetwork, FeedServer, FeedServer];
    await a.publish(2);
    await network.clock.run(a.running.settleOwnLog([{ epoch: 1, seq: 2 }]));
    expect((await a.log(a.id)).hashes).toHaveLength(2);
    await network.clock.run(a.running.settleOwnLog([{ epoch: 3, seq: 9 }]));
    expect((await a.log(a.id)).hashes.at(-1)).toMatch(/^4\/3 /);
    await network.stop();
  });

  it('N3 do not wait longer than they may for peers that say nothing', async () => {
    const [network, a, b] = (await line('AB')) as [FeedNetwork, FeedServer, FeedServer];
    await network.clock.run(b.stop());
    network.wire(b, a).isFrozen = true;
    await b.start();
    const beganMs = network.clock.monotonic();
    await network.clock.run(b.running.settleOwnLog());
    expect(network.clock.monotonic() - beganMs).toBe(3000);
    await network.stop();
  });
});

/** Gives `server` a disk that holds the first `commits` of its log, as a copy taken then would. */
async function restore(network: FeedNetwork, server: FeedServer, from: FeedServer, commits: number): Promise<void> {
  const items = await from.store.logs.read(server.id, { epoch: 1, seq: 0 }, Number.POSITIVE_INFINITY);
  server.store = new MemoryStore(server.identity, network.clock);
  const first = items.flatMap((item) => (item.kind === 'commit' ? [item.commit] : [])).slice(0, commits);
  await server.store.logs.take(first.map((commit) => ({ commit, via: from.id })));
}
