import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../scripts/simulate/virtual-clock.js';
import { createIdentity } from '../../src/identity/keys.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { AppendQueue } from '../../src/store/postgres/append-queue.js';
import { Siblings } from '../../src/store/postgres/siblings.js';
import { draft, submission } from '../support/drafts.js';

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

function replica() {
  const clock = new VirtualClock();
  const siblings = new Siblings(clock);
  const { articles } = new MemoryStore(createIdentity(), clock);
  const commits: number[] = [];
  const queue = new AppendQueue(clock, siblings, async (batch) => {
    commits.push(batch.length);
    return [...(await articles.append(batch.map((came) => came.submission)))];
  });
  const append = (body: string) => queue.append([submission(draft(body))]);
  return { clock, siblings, queue, commits, append };
}

describe('N10 what one of several replicas appends', () => {
  it('goes at once while no other one writes', async () => {
    const { append, commits } = replica();
    await append('a rook');
    await append('a crow');
    expect(commits).toEqual([1, 1]);
  });

  it('waits a moment for more while another one writes, and no longer when that has stopped', async () => {
    const { clock, siblings, append, commits } = replica();
    siblings.wrote();
    const first = append('a rook');
    await turns(3);
    const second = append('a crow');
    await turns(3);
    expect(commits).toEqual([]);
    await clock.settle(4);
    await Promise.all([first, second]);
    expect(commits).toEqual([2]);

    await clock.settle(1000);
    await append('a jay');
    expect(commits).toEqual([2, 1]);
  });

  it('waits for nobody when there is enough, when something hurries, and when the store closes', async () => {
    const { siblings, queue, append, commits } = replica();
    siblings.wrote();
    await Promise.all(Array.from({ length: 32 }, (_, at) => append(`rook ${at}`)));
    const hurried = append('a crow');
    await turns(3);
    queue.hurry();
    await hurried;
    const last = append('a jay');
    await turns(3);
    await queue.finish();
    await last;
    expect(commits).toEqual([32, 1, 1]);
  });
});
