import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { neighbourhood } from '../core/address.js';
import { MootError } from '../core/errors.js';

/** What one address may take of the gateway, so that one reader leaves something to the others. */
const defaultRate = 100;
const streamsOfOne = 32;

/** Counts readers by their address. */
export class Readers {
  private readonly rate: RateLimiterMemory;
  private readonly streams = new Map<string, number>();

  /** @param rate requests a second of one address. */
  constructor(rate = defaultRate) {
    this.rate = new RateLimiterMemory({ points: rate, duration: 1 });
  }

  /** @throws MootError `full`, with when to try again. */
  async spend(address: string): Promise<void> {
    try {
      await this.rate.consume(neighbourhood(address));
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw full('too many requests come from this address', error.msBeforeNext);
    }
  }

  /** Counts a stream of `address`. @returns to be called when it has ended. @throws MootError `full`. */
  open(address: string): () => void {
    const key = neighbourhood(address);
    if (this.count(key) >= streamsOfOne) throw full('too many live streams are open from this address', 5000);
    this.streams.set(key, this.count(key) + 1);
    return () => {
      const left = this.count(key) - 1;
      if (left > 0) this.streams.set(key, left);
      else this.streams.delete(key);
    };
  }

  private count(key: string): number {
    return this.streams.get(key) ?? 0;
  }
}

function full(message: string, retryAfterMs: number): MootError {
  return new MootError('full', message, { retryAfterMs: Math.max(1, retryAfterMs), hint: 'again in a moment' });
}
