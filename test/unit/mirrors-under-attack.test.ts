import { describe, expect, it, jest } from '@jest/globals';
import { type FeedNetwork, type FeedServer, line } from '../../scripts/simulate/feed-network.js';
import type { FollowFrame } from '../../src/core/following.js';
import { logStart } from '../../src/core/log.js';
import { Carriers } from '../../src/federation/mirrors/carriers.js';
import { createIdentity } from '../../src/identity/keys.js';
import { signHead } from '../../src/identity/seal.js';
import { lies, stripped } from '../support/feed-lies.js';

describe('which links carry what', () => {
  it('N3 is bounded for each link: of a hundred thousand invented origins its share is kept', () => {
    const carriers = new Carriers('self');
    const announce = (peer: string, origin: string, path: string[]) =>
      carriers.announce(peer, { origin, name: '', path, after: logStart, head: undefined });
    expect(announce('honest', 'honest', [])).toBe('carried');
    const kept = Array.from({ length: 100_000 }, (_, at) => announce('liar', `fake ${at}`, [`fake ${at}`]));
    expect(kept.filter((outcome) => outcome === 'carried')).toHaveLength(1000);
    expect(kept.filter((outcome) => outcome === 'too many')).toHaveLength(99_000);
    expect(announce('honest', 'another', ['another'])).toBe('carried');
    expect(carriers.origins()).toHaveLength(1002);
    carriers.removePeer('liar');
    expect(carriers.origins()).toEqual(['honest', 'another']);
  });

  it('N3 is the shortest way, and none that leads through this server or through who asks', () => {
    const carriers = new Carriers('self');
    const announce = (peer: string, path: string[]) =>
      carriers.announce(peer, { origin: 'o', name: '', path, after: logStart, head: undefined });
    const heard: string[] = [];
    carriers.onChange((origin) => heard.push(origin));
    expect(announce('a', ['b', 'self', 'o'])).toBe('loops');
    expect(announce('a', ['b', 'b', 'o'])).toBe('malformed');
    expect(announce('a', ['b'])).toBe('malformed');
    expect(carriers.best('o')).toBeUndefined();
    expect(heard).toEqual([]);
    announce('a', ['b', 'c', 'o']);
    announce('d', ['o']);
    expect(carriers.best('o')?.path).toEqual(['d', 'o']);
    expect(carriers.best('o', 'd')?.path).toEqual(['a', 'b', 'c', 'o']);
    expect(carriers.best('o', 'o')).toBeUndefined();
    announce('d', ['o']);
    expect(heard).toHaveLength(2);
    // What was a way and has become a loop is one no more.
    announce('d', ['self', 'o']);
    expect(carriers.of('o')).toEqual(['a']);
  });
});

describe('what a bad link sends', () => {
  it.each(Object.entries({ ...lies, 'texts gone': stripped }))(
    'N3 is refused and counted, and everything else flows on: %s',
    async (_, make) => {
      const [network, a, b, c] = (await line('ABC')) as [FeedNetwork, FeedServer, FeedServer, FeedServer];
      const d = await network.server('D');
      b.link(d);
      network.wire(c, a).latencyMs = 50;
      c.link(a);
      await network.clock.settle(1000);
      const lie = make();
      network.wire(c, b).lies = (frame: FollowFrame) => {
        const isOfA = frame.kind !== 'commits' || frame.commits.some(({ seal }) => seal.origin === a.id);
        return isOfA ? lie(frame) : [frame];
      };
      for (let count = 0; count < 4; count += 1) {
        await a.publish(2);
        await d.publish(1);
        await network.clock.settle(1000);
      }
      await network.clock.settle(30_000);
      expect(await c.log(a.id)).toEqual(await a.log(a.id));
      expect(await c.log(d.id)).toEqual(await d.log(d.id));
      expect(c.lines.length).toBeLessThanOrEqual(3);
      await network.stop();
    },
  );

  it('N3 becomes a gap with a reason when nobody else has it, and the log goes on after it', async () => {
    const [network, a, b] = (await line('AB')) as [FeedNetwork, FeedServer, FeedServer];
    await a.publish(2);
    await network.clock.settle(1000);
    const altered = lies.altered?.();
    network.wire(b, a).lies = (frame) =>
      frame.kind === 'commits'
        ? frame.commits.flatMap((commit): readonly FollowFrame[] => {
            const alone: FollowFrame = { kind: 'commits', commits: [commit] };
            return commit.seal.firstSeq === 3 ? (altered?.(alone) ?? []) : [alone];
          })
        : [frame];
    await a.publish(2);
    await network.clock.settle(1000);
    await a.publish(2);
    await network.clock.settle(10_000);
    const [kept, all] = [await b.log(a.id), await a.log(a.id)];
    expect(kept.hashes).toEqual([...all.hashes.slice(0, 2), ...all.hashes.slice(4)]);
    expect(kept.gaps).toMatchObject([{ fromSeq: 3, toSeq: 4 }]);
    expect(kept.gaps[0]?.reason).toMatch(/^A sent it broken: the hash of entry 3 is not that of its text$/);
    await network.stop();
  });

  it('N3 is held to its share: a thousand invented origins leave the honest ones whole', async () => {
    const [network, a, b, c] = (await line('ABC', { originsPerLink: 20 })) as [
      FeedNetwork,
      FeedServer,
      FeedServer,
      FeedServer,
    ];
    await a.publish(2);
    await network.clock.settle(1000);
    const fakes = Array.from({ length: 1000 }, (_, at) => `${String(at).padStart(52, '0')}`);
    let isFirst = true;
    network.wire(c, b).lies = (frame) => {
      if (frame.kind !== 'heads' || !isFirst) return [frame];
      isFirst = false;
      const after = { epoch: 1, seq: 0 };
      const invented = fakes.map((origin): FollowFrame => {
        return { kind: 'carrying', carried: { origin, name: 'fake', path: [origin], after, head: undefined } };
      });
      return [...invented, frame];
    };
    await network.clock.settle(10_000);
    await a.publish(1);
    await b.publish(1);
    await network.clock.settle(1000);
    expect(await c.log(a.id)).toEqual(await a.log(a.id));
    expect(await c.log(b.id)).toEqual(await b.log(b.id));
    expect(c.running.refused(b.id).unwanted).toBe(1000 - 18);
    expect(c.lines).toHaveLength(1);
    await network.stop();
  });

  it('N3 is not even checked any more when it is broken again and again', async () => {
    const [network, a, b] = (await line('AB')) as [FeedNetwork, FeedServer, FeedServer];
    const check = jest.spyOn(network.checker, 'check');
    const altered = lies.altered?.();
    network.wire(b, a).lies = (frame) =>
      frame.kind === 'commits' ? Array.from({ length: 500 }, () => altered?.(frame) ?? []).flat() : [frame];
    await a.publish(1);
    await network.clock.settle(1000);
    expect(b.running.refused(a.id).broken).toBe(500);
    expect(check.mock.calls.flatMap(([commits]) => commits).length).toBeLessThan(100);
    await network.stop();
  });

  it('N3 ends a stream whose paths are none', async () => {
    const [network, a, b] = (await line('AB')) as [FeedNetwork, FeedServer, FeedServer];
    network.wire(b, a).lies = (frame) =>
      frame.kind === 'carrying' ? [{ kind: 'carrying', carried: { ...frame.carried, path: [b.id, a.id] } }] : [frame];
    await network.clock.settle(40_000);
    expect(b.running.notFed()).toMatchObject([{ reason: 'the peer names a path that is none' }]);
    expect(await b.origins()).toEqual([b.id]);
    await network.stop();
  });

  it('N3 moves no head: only what the origin signed counts', async () => {
    const [network, a, b] = (await line('AB')) as [FeedNetwork, FeedServer, FeedServer];
    await a.publish(1);
    await network.clock.settle(20_000);
    const stranger = createIdentity();
    network.wire(b, a).lies = (frame) =>
      frame.kind === 'heads'
        ? [
            {
              kind: 'heads',
              heads: frame.heads.map((head) => ({
                ...signHead(stranger, { ...head, seq: 9 }, head.asOfMs),
                origin: a.id,
              })),
            },
          ]
        : [frame];
    await network.clock.settle(20_000);
    expect(b.running.refused(a.id).heads).toBeGreaterThan(0);
    expect(b.running.lagMs(a.id)).toBe(0);
    await network.stop();
  });

  it('N3 withheld: a head that says more than what comes makes the log late, by name of its peer', async () => {
    const [network, a, b] = (await line('AB')) as [FeedNetwork, FeedServer, FeedServer];
    await a.publish(1);
    await network.clock.settle(6_000);
    network.wire(b, a).lies = (frame) => (frame.kind === 'commits' ? [] : [frame]);
    await a.publish(1);
    await network.clock.settle(30_000);
    expect(b.running.lagMs(a.id)).toBeGreaterThan(15_000);
    network.wire(b, a).lies = undefined;
    await network.clock.settle(40_000);
    expect(b.running.lagMs(a.id)).toBe(0);
    expect(await b.log(a.id)).toEqual(await a.log(a.id));
    await network.stop();
  });
});
