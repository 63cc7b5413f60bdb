import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { codeOf } from '../core/errors.js';

// A server that starts again answers within 2 s (RELIABILITY of the network, kill -9 under load); these add up to about 3 s.
const attempts = 6;
const backoff = new ExponentialBackoff({ initialDelay: 100, maxDelay: 1500, exponent: 2 });

/** Runs `work` again while the server is unavailable. Only for what does no harm when it is done twice. */
export async function withRetries<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const policy = retry(
    handleWhen((error) => codeOf(error) === 'unavailable'),
    { maxAttempts: attempts, backoff },
  );
  let reason: unknown;
  policy.onRetry((failed) => {
    if ('error' in failed) reason = failed.error;
  });
  try {
    return await policy.execute(() => work(), signal);
  } catch (error) {
    // That the time was up says less than why it was not enough.
    throw codeOf(error) === 'timed_out' && reason !== undefined ? reason : error;
  }
}
