import type { Clock } from '../../core/clock.js';

/** Runs `run` each `ms`, until the returned function is called. */
export function every(clock: Clock, ms: number, run: () => void): () => void {
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = clock.after(ms, () => {
      run();
      next();
    });
  };
  next();
  return () => cancel();
}
