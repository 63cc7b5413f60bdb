import { describe, expect, it } from '@jest/globals';
import { type FeedNetwork, type FeedServer, type Lie, line } from '../../scripts/simulate/feed-network.js';
import type { FollowFrame } from '../../src/core/following.js';
import { feedBounds } from '../../src/federation/mirrors/feed-bounds.js';
import { IdleFrames } from '../../src/federation/mirrors/idle-frames.js';
import { LogBuilder } from '../support/log-builder.js';
import { StepClock } from '../support/step-clock.js';

/** Each sends a thousand frames where an honest peer sends one. */
const endless: Readonly<Record<string, () => Lie>> = {
  'all it has sent, again': () => {
    const sent: FollowFrame[] = [];
    return (frame) => {
      if (frame.kind === 'commits' && sent.length === 0) sent.push(frame);
      return [frame, ...Array.from({ length: 1000 }, () => sent).flat()];
    };
  },
  heads: () => onHeads((frame) => Array.from({ length: 1000 }, () => frame)),
};

function onHeads(more: (frame: FollowFrame) => readonly FollowFrame[]): Lie {
  return (frame) => (frame.kind === 'heads' ? [frame, ...more(frame)] : [frame]);
}

describe('a link that sends without end what brings nothing', () => {
  it.each(Object.entries(endless))(
    'N3 is left alone for a while, and says why; all else flows, and so does it once it stops: %s',
    async (_, make) => {
      const [network, a, b] = (await line('AB')) as [FeedNetwork, FeedServer, FeedServer];
      const c = await network.server('C');
      b.link(c);
      let streams = 0;
      network.onFollow = (from, to) => {
        if (from === b && to === a) streams += 1;
      };
      await a.publish(3);
      network.wire(b, a).lies = make();
      for (let n = 0; n < 8; n += 1) {
        // It follows us as well, which is no reason to hurry.
        b.running.hurry(a.id);
        await a.publish(1);
        await c.publish(1);
        await network.clock.settle(5000);
      }
      expect(b.running.notFed()).toMatchObject([{ peer: a.id, reason: 'it sends without end what brings nothing' }]);
      expect(streams).toBeLessThan(20);
      expect(await b.log(c.id)).toEqual(await c.log(c.id));
      network.wire(b, a).lies = undefined;
      await network.clock.settle(40_000);
      expect(b.running.notFed()).toEqual([]);
      expect(await b.log(a.id)).toEqual(await a.log(a.id));
      await network.stop();
    },
  );

  it('N3 is not one that brings what others have brought, however much', async () => {
    const [network, a, b, c] = (await line('ABC')) as [FeedNetwork, FeedServer, FeedServer, FeedServer];
    network.wire(c, a).latencyMs = 50;
    c.link(a);
    await network.clock.settle(1000);
    let streams = 0;
    network.onFollow = () => {
      streams += 1;
    };
    for (let n = 0; n < 1300; n += 1) {
      await a.publish(1);
      await network.clock.settle(2);
    }
    await network.clock.settle(1000);
    expect(c.running.refused(b.id).echoes + c.running.refused(a.id).echoes).toBeGreaterThan(1200);
    expect(await c.log(a.id)).toEqual(await a.log(a.id));
    expect(streams).toBe(0);
    await network.stop();
  });
});

describe('what a stream may send that brings nothing', () => {
  const tooMuch = 'it sends without end what brings nothing';
  const builder = new LogBuilder();
  const [first, second] = [builder.next([{ body: 'one' }]), builder.next([{ body: 'two' }])];
  /** How many times `send` is put up with, one after the other. */
  const most = (send: (n: number) => void): number => {
    for (let n = 0; n < 100_000; n += 1) {
      try {
        send(n);
      } catch (error) {
        expect(error).toMatchObject({ code: 'damaged', message: tooMuch });
        return n;
      }
    }
    return Number.POSITIVE_INFINITY;
  };

  it('N3 is a thousand frames, and fifty a second from then on', () => {
    const clock = new StepClock();
    const idle = new IdleFrames(clock);
    expect(most(() => idle.idle())).toBe(feedBounds.idleFrames);
    clock.skip(2000);
    expect(most(() => idle.idle())).toBeCloseTo(2 * feedBounds.idleFramesPerSecond, -1);
    clock.skip(3_600_000);
    expect(most(() => idle.idle())).toBe(feedBounds.idleFrames);
  });

  it('N3 counts a commit that it has brought before, or of a log it has not announced; not one that others have brought', () => {
    const idle = new IdleFrames(new StepClock());
    idle.announced(first.seal.origin);
    idle.came([first], true);
    idle.came([first, second], true);
    expect(most(() => idle.came([second], true))).toBe(feedBounds.idleFrames);
    const other = new IdleFrames(new StepClock());
    expect(most(() => other.came([first], false))).toBe(feedBounds.idleFrames);
  });

  it('N3 is five times as much of what an honest peer may have to send: past a hole, or past its share', () => {
    const idle = new IdleFrames(new StepClock());
    idle.announced(first.seal.origin);
    const ahead = (n: number) => [{ ...first, seal: { ...first.seal, firstSeq: 10 + n } }];
    expect(most((n) => idle.came(ahead(n), false))).toBeCloseTo(5 * feedBounds.idleFrames, -2);
  });

  it('N3 takes the first word on each of two thousand logs, and five thousand times a word on others, or another word', () => {
    const idle = new IdleFrames(new StepClock());
    const named = most((n) => idle.announced(`log ${n}`));
    expect(named).toBeCloseTo(feedBounds.namedOrigins + 5 * feedBounds.idleFrames, -2);
  });
});
