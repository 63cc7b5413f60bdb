import { DelegateBackoff, ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { codeOf, isMootError } from '../core/errors.js';

// A server that starts again answers within 2 s (RELIABILITY of the network, kill -9 under load); these add up to about 3 s.
const attempts = 6;
const longestMs = 1500;
const growing = new ExponentialBackoff({ initialDelay: 100, maxDelay: longestMs, exponent: 2 });

/** Runs `work` again while the server is unavailable, or says when to try again. Only for what does no harm when done twice. */
export async function withRetries<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  let grown = growing.next();
  let reason: unknown;
  const backoff = new DelegateBackoff(() => {
    const { duration } = grown;
    grown = grown.next(undefined);
    return askedWaitMs(reason) ?? duration;
  });
  const policy = retry(
    handleWhen((error) => {
      reason = error;
      return codeOf(error) === 'unavailable' || (askedWaitMs(error) ?? Number.POSITIVE_INFINITY) <= longestMs;
    }),
    { maxAttempts: attempts, backoff },
  );
  try {
    return await policy.execute(() => work(), signal);
  } catch (error) {
    // That the time was up says less than why it was not enough.
    throw codeOf(error) === 'timed_out' && reason !== undefined ? reason : error;
  }
}

/** How long the server asks to be left alone, ms. */
function askedWaitMs(error: unknown): number | undefined {
  return isMootError(error) ? error.retryAfterMs : undefined;
}
