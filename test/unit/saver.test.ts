import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../scripts/simulate/virtual-clock.js';
import { Saver } from '../../src/cli/live/saver.js';

function saverOf(whole: () => boolean = () => true): { clock: VirtualClock; saver: Saver; savedAtMs: number[] } {
  const clock = new VirtualClock();
  const savedAtMs: number[] = [];
  const save = async (): Promise<boolean> => {
    if (whole()) savedAtMs.push(clock.monotonic());
    return whole();
  };
  const saver = new Saver(save, clock, (error) => {
    throw error;
  });
  return { clock, saver, savedAtMs };
}

describe('what changes is saved', () => {
  it('at most once a second while it does, and not when it does not', async () => {
    const { clock, saver, savedAtMs } = saverOf();
    for (let at = 0; at < 25; at += 1) {
      saver.touch();
      await clock.settle(100);
    }
    await clock.settle();
    expect(savedAtMs).toEqual([0, 1000, 2000, 3000]);
  });

  it('at the end, however short the time since', async () => {
    const { clock, saver, savedAtMs } = saverOf();
    saver.touch();
    await clock.settle(10);
    saver.touch();
    await saver.now();
    expect(savedAtMs).toEqual([0, 10]);
    await saver.now();
    await clock.settle();
    expect(savedAtMs).toEqual([0, 10]);
  });

  it('not in the middle of something: after it', async () => {
    let isWhole = false;
    const { clock, saver, savedAtMs } = saverOf(() => isWhole);
    saver.touch();
    await clock.settle(10);
    expect(savedAtMs).toEqual([]);
    isWhole = true;
    saver.touch();
    await clock.settle();
    expect(savedAtMs).toEqual([10]);
  });

  it('and what fails is told', async () => {
    const clock = new VirtualClock();
    const failures: unknown[] = [];
    const saver = new Saver(
      () => Promise.reject(new Error('disk')),
      clock,
      (error) => failures.push(error),
    );
    saver.touch();
    await clock.settle();
    expect(failures).toEqual([new Error('disk')]);
  });
});
