import { expect, it } from '@jest/globals';
import { Quiet } from '../../src/bin/spare-memory.js';

it('N10 a server has time to spare after ten quiet seconds, and none from the first busy one on', () => {
  const quiet = new Quiet(0, 0);
  let cpuMs = 0;
  const seconds = (from: number, to: number, spentMs: number): boolean[] =>
    Array.from({ length: to - from }, (_, at) => {
      cpuMs += spentMs;
      return quiet.look((from + at + 1) * 1000, cpuMs);
    });
  expect(seconds(0, 12, 300)).toEqual([...Array(9).fill(false), true, true, true]);
  expect(seconds(12, 15, 500)).toEqual([false, false, false]);
  expect(seconds(15, 26, 499)).toEqual([...Array(9).fill(false), true, true]);
});
