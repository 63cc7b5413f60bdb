import type { Clock } from '../core/clock.js';
import { MootError } from '../core/errors.js';

/**
 * What `run` gives, unless it takes longer than `ms` or `signal` fires first: then the signal that it got fires as well,
 * and whatever comes of it later is dropped.
 * @throws MootError `timed_out` or `cancelled`.
 */
export function bounded<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const end = (error: MootError): void => {
      reject(error);
      ending.abort(error);
    };
    const onAbort = (): void => end(new MootError('cancelled', 'it was given up'));
    const cancelTimer = clock.after(ms, () => end(new MootError('timed_out', `no answer within ${ms} ms`)));
    const done = (): void => {
      cancelTimer();
      signal?.removeEventListener('abort', onAbort);
    };
    ending.signal.addEventListener('abort', done, { once: true });
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) return onAbort();
    void (async () => run(ending.signal))().then(resolve, reject).finally(done);
  });
}
