import { describe, expect, it } from '@jest/globals';
import { FeedNetwork, type FeedServer } from '../../scripts/simulate/feed-network.js';
import type { FollowFrame, FollowRequest } from '../../src/core/following.js';
import { type Commit, type LogPlace, logStart } from '../../src/core/log.js';
import { FollowedLogs } from '../../src/federation/mirrors/followed-logs.js';
import { LogBuilder } from '../support/log-builder.js';

const everything: FollowRequest = { cursor: new Map(), origins: [], once: false };
const seqs = (frames: readonly FollowFrame[]): number[] =>
  frames.flatMap((frame) => (frame.kind === 'commits' ? frame.commits.map(({ seal }) => seal.firstSeq) : []));

/** Reads frames of a stream one by one, while the time of its network goes on. */
function reading(network: FeedNetwork, server: FeedServer, caller: string, request = everything) {
  const ending = new AbortController();
  const frames = server.running.serve(caller, request, ending.signal)[Symbol.asyncIterator]();
  return {
    next: async () => (await network.clock.run(frames.next())).value as FollowFrame,
    end: async () => {
      ending.abort();
      return await network.clock.run(frames.next());
    },
  };
}

describe('what a follower is sent', () => {
  it('N3 is how things stand, then all there is, then what comes, then a heartbeat each 5 s', async () => {
    const network = new FeedNetwork(1);
    const a = await network.server('A');
    await a.publish(2);
    const stream = reading(network, a, 'someone');
    expect(await stream.next()).toMatchObject({ kind: 'carrying', carried: { origin: a.id, name: 'A', path: [] } });
    expect(await stream.next()).toEqual({ kind: 'heads', heads: [] });
    expect(seqs([await stream.next()])).toEqual([1]);
    const next = stream.next();
    await a.publish(1);
    expect(seqs([await next])).toEqual([3]);
    const sinceMs = network.clock.monotonic();
    expect(await stream.next()).toMatchObject({ kind: 'heads', heads: [{ origin: a.id, seq: 3 }] });
    expect(network.clock.monotonic() - sinceMs).toBe(5000);
    expect(await stream.end()).toMatchObject({ done: true });
    await network.stop();
  });

  it('N3 takes turns between logs, so that a long one holds up no other', async () => {
    const network = new FeedNetwork(1);
    const [a, b] = [await network.server('A'), await network.server('B')];
    for (let count = 0; count < 30; count += 1) await a.publish(1, 40_000);
    await b.publish(1);
    b.link(a);
    await network.clock.settle(1000);
    const stream = reading(network, b, 'someone', { ...everything, cursor: new Map([[b.id, logStart]]) });
    const order: string[] = [];
    while (order.length < 31) {
      const frame = await stream.next();
      if (frame.kind === 'commits') order.push(...frame.commits.map(({ seal }) => (seal.origin === b.id ? 'B' : 'A')));
    }
    expect(order.indexOf('B')).toBeLessThan(10);
    await stream.end();
    await network.stop();
  });

  it('N3 holds 256 KiB for who reads slowly, and reads the rest from the log, all of it and in order', async () => {
    const network = new FeedNetwork(1);
    const a = await network.server('A');
    const stream = reading(network, a, 'someone');
    await stream.next();
    await stream.next();
    const received: FollowFrame[] = [];
    for (let count = 1; count <= 300; count += 1) {
      await a.publish(1, 8_000);
      if (count % 60 === 0) received.push(await stream.next());
    }
    while (seqs(received).length < 300) received.push(await stream.next());
    expect(seqs(received)).toEqual(Array.from({ length: 300 }, (_, at) => 1 + at));
    await stream.end();
    await network.stop();
  });

  it('N3 is in order for who was level and then reads slowly: what waits for it comes before what is read', async () => {
    const network = new FeedNetwork(1);
    const a = await network.server('A');
    await a.publish(1);
    const stream = reading(network, a, 'someone');
    const received: FollowFrame[] = [];
    const last = 62;
    while (seqs(received).length === 0) received.push(await stream.next());
    expect(await stream.next()).toMatchObject({ kind: 'heads', heads: [{ seq: 1 }] });
    // It is level: what comes now is not read from the log, until there is too much of it.
    const live = stream.next();
    await a.publish(1);
    received.push(await live);
    for (let seq = 3; seq <= last; seq += 1) await a.publish(1, 8_000);
    while (seqs(received).length < last) received.push(await stream.next());
    expect(seqs(received)).toEqual(Array.from({ length: last }, (_, at) => 1 + at));
    await stream.end();
    await network.stop();
  });

  it('N3 is nothing of a log that it has farther than the server, and nothing of its own that it has', async () => {
    const network = new FeedNetwork(1);
    const [a, b] = [await network.server('A'), await network.server('B')];
    b.link(a);
    await a.publish(2);
    await network.clock.settle(1000);
    const places: [string, LogPlace][] = [
      [a.id, { epoch: 1, seq: 2 }],
      [b.id, { epoch: 3, seq: 9 }],
    ];
    const stream = reading(network, b, a.id, { ...everything, cursor: new Map(places) });
    expect(await stream.next()).toMatchObject({ kind: 'carrying', carried: { origin: b.id } });
    expect(await stream.next()).toEqual({ kind: 'heads', heads: [] });
    await b.publish(1);
    expect(await stream.next()).toMatchObject({ kind: 'heads', heads: [{ origin: b.id, seq: 1 }] });
    await stream.end();
    await network.stop();
  });

  it('N3 is what is there and then the end, when it is asked for once', async () => {
    const network = new FeedNetwork(1);
    const [a, b] = [await network.server('A'), await network.server('B')];
    b.link(a);
    await a.publish(2);
    await b.publish(1);
    await network.clock.settle(1000);
    const stream = reading(network, b, 'someone', { cursor: new Map(), origins: [a.id], once: true });
    expect(await stream.next()).toMatchObject({ kind: 'commits', commits: [{ seal: { origin: a.id } }] });
    expect(await stream.next()).toBeUndefined();
    await network.stop();
  });
});

describe('what waits for a follower', () => {
  it('N3 never exceeds its bound, and nothing is told twice or left out', () => {
    const builder = new LogBuilder();
    const commits: Commit[] = Array.from({ length: 400 }, () => builder.next([{ body: 'x'.repeat(5000) }]));
    const followed = new FollowedLogs(new Map());
    followed.add(builder.origin);
    const log = followed.nextBehind();
    if (log) followed.wasRead(log, true);
    for (const commit of commits) expect(followed.committed(commit)).toBe(true);
    const live = followed.takeLive();
    expect(live.length).toBeGreaterThan(20);
    expect(live.length * 5000).toBeLessThanOrEqual(256 * 1024);
    expect(live).toEqual(commits.slice(0, live.length));
    expect(followed.takeLive()).toEqual([]);
    expect(followed.nextBehind()).toMatchObject({ origin: builder.origin, through: { epoch: 1, seq: live.length } });
    expect(followed.committed(commits[0] as Commit)).toBe(false);
  });
});
