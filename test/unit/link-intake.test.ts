import { expect, it } from '@jest/globals';
import { VirtualClock } from '../../scripts/simulate/virtual-clock.js';
import { MootError } from '../../src/core/errors.js';
import { type Commit, endOf } from '../../src/core/log.js';
import { FeedReport } from '../../src/federation/mirrors/feed-report.js';
import { LinkIntake } from '../../src/federation/mirrors/link-intake.js';
import { Positions } from '../../src/federation/mirrors/positions.js';
import { TakeQueue } from '../../src/federation/mirrors/take-queue.js';
import { createIdentity } from '../../src/identity/keys.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { LogBuilder } from '../support/log-builder.js';

it('N3 a link that goes on where another one has been faster is not said to be out of order', async () => {
  const log = new LogBuilder();
  const [first, second, third, fourth] = [1, 2, 3, 4].map(() => log.next([{}])) as [Commit, Commit, Commit, Commit];
  const { logs } = new MemoryStore(createIdentity(), new VirtualClock());
  const positions = new Positions();
  const lines: string[] = [];
  const report = new FeedReport(
    (peer) => peer,
    ({ text }) => lines.push(text),
  );
  const missing: string[] = [];
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const link = (peer: string, ready: Promise<void>): LinkIntake =>
    new LinkIntake(peer, {
      positions,
      report,
      checker: { check: async (commits) => ready.then(() => commits.map(() => undefined)) },
      queue: new TakeQueue(logs, positions, { isWanted: () => true, isOnlyWay: () => false }),
      isWanted: () => true,
      missing: (origin) => missing.push(origin),
    });
  const [slow, fast] = [link('slow', held), link('fast', Promise.resolve())];

  // The slow link has the first in hand while the other one brings three.
  await slow.accept([first]);
  await fast.accept([first, second, third]);
  await fast.idle();
  expect(positions.of(log.origin).end).toEqual(endOf(third));
  await slow.accept([second, third, fourth]);
  letGo();
  await slow.idle();

  expect([lines, missing]).toEqual([[], []]);
  expect(positions.of(log.origin).end).toEqual(endOf(fourth));
  expect(report.of('slow')).toMatchObject({ outOfOrder: 0, echoes: 3 });
});

it('N3 a link whose stream ends for a fault of this server is not said to be out of order', async () => {
  const log = new LogBuilder();
  const [first, second, third] = [1, 2, 3].map(() => log.next([{}])) as [Commit, Commit, Commit];
  const { logs } = new MemoryStore(createIdentity(), new VirtualClock());
  const positions = new Positions();
  const lines: string[] = [];
  const away = new MootError('unavailable', 'the disk is away');
  const link = new LinkIntake('peer', {
    positions,
    report: new FeedReport(
      (peer) => peer,
      ({ text }) => lines.push(text),
    ),
    checker: { check: async (commits) => commits.map(() => undefined) },
    queue: new TakeQueue(Object.assign(logs, { take: () => Promise.reject(away) }), positions, {
      isWanted: () => true,
      isOnlyWay: () => false,
    }),
    isWanted: () => true,
    missing: (origin) => lines.push(origin),
  });

  await link.accept([first, second]);
  await link.idle();
  // The peer cannot know yet, and goes on.
  await expect(link.accept([third])).rejects.toBe(away);
  expect(lines).toEqual([]);
});
