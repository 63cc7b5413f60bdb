import { type Clock, systemClock } from '../core/clock.js';

/** The system's clock, but its timers keep the program alive: whoever waits for an answer wants to get it. */
export const wakingClock: Clock = {
  now: systemClock.now,
  monotonic: systemClock.monotonic,
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
