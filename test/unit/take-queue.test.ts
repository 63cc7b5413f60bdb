import { expect, it } from '@jest/globals';
import { VirtualClock } from '../../scripts/simulate/virtual-clock.js';
import { type Commit, endOf } from '../../src/core/log.js';
import { Positions } from '../../src/federation/mirrors/positions.js';
import { TakeQueue } from '../../src/federation/mirrors/take-queue.js';
import { createIdentity } from '../../src/identity/keys.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { LogBuilder } from '../support/log-builder.js';

const bringers = { isWanted: () => true, isOnlyWay: () => false };

it('N10 what another replica has taken first is an echo, and the rest of it is taken', async () => {
  const log = new LogBuilder();
  const [first, second, third] = [1, 2, 3].map(() => log.next([{}])) as [Commit, Commit, Commit];
  const { logs } = new MemoryStore(createIdentity(), new VirtualClock());
  const [fast, slow] = [new Positions(), new Positions()];
  const other = new LogBuilder().next([{}]);

  await new TakeQueue(logs, fast, bringers).offer('peer', [first, second]);
  // No bell has rung: this replica thinks that nothing is there.
  const queue = new TakeQueue(logs, slow, bringers);
  const offered = [queue.offer('one', [first]), queue.offer('two', [first, second, third, other])];
  expect(await Promise.all(offered)).toEqual([['echo'], ['echo', 'echo', 'taken', 'taken']]);
  expect(slow.of(log.origin).end).toEqual(endOf(third));
  expect((await logs.state(log.origin))?.end).toEqual(endOf(third));
});

it('N10 what a store refuses although nobody was faster is refused', async () => {
  const log = new LogBuilder();
  const [first, second] = [1, 2].map(() => log.next([{}])) as [Commit, Commit];
  const { logs } = new MemoryStore(createIdentity(), new VirtualClock());
  const positions = new Positions();
  // As if it had been dropped elsewhere.
  positions.committed(first);
  const queue = new TakeQueue(logs, positions, bringers);
  await expect(queue.offer('peer', [second])).rejects.toMatchObject({ code: 'invalid' });
});
