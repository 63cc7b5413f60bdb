import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../scripts/simulate/virtual-clock.js';
import { Marks } from '../../src/federation/marks.js';

describe('marks', () => {
  it('S0.10 are new once', () => {
    const marks = new Marks(new VirtualClock());
    expect([marks.mark('a'), marks.mark('b'), marks.mark('a')]).toEqual([true, true, false]);
  });

  it('refuse new queries when full, and never forget a live one for them', async () => {
    const clock = new VirtualClock();
    const marks = new Marks(clock, 2, 1000);
    marks.mark('a');
    await clock.settle(600);
    marks.mark('b');
    expect(() => marks.mark('c')).toThrow(expect.objectContaining({ code: 'full' }));
    expect([marks.mark('a'), marks.mark('b')]).toEqual([false, false]);
  });

  it('make room when their time is over', async () => {
    const clock = new VirtualClock();
    const marks = new Marks(clock, 1, 1000);
    marks.mark('a');
    await clock.settle(1000);
    expect(marks.mark('b')).toBe(true);
  });
});
