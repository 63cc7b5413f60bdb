import type { Clock } from '../../core/clock.js';

/** Runs `run` each `ms`. @returns ends that. */
export function each(clock: Clock, ms: number, run: () => void): () => void {
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
