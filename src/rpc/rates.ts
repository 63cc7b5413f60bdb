import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { MootError } from '../core/errors.js';
import type { ServerLimits } from '../core/server-limits.js';
import type { Caller } from './caller.js';

/**
 * A second from one address: each call costs a signature, and a stranger's key is remembered. A hundred servers on one machine
 * may still all come back at once.
 */
const mostIntroductions = 200;

/** How often each caller may call. A second is counted from the first call in it. */
export class Rates {
  private readonly members: RateLimiterMemory | undefined;
  private readonly peers: RateLimiterMemory | undefined;
  private readonly addresses: RateLimiterMemory | undefined;
  private readonly introductions: RateLimiterMemory | undefined;

  constructor({ memberRate, peerRate, addressRate }: ServerLimits) {
    this.members = limiter(memberRate);
    this.peers = limiter(peerRate);
    this.addresses = limiter(addressRate);
    this.introductions = limiter(addressRate === Number.POSITIVE_INFINITY ? addressRate : mostIntroductions);
  }

  /** Counts a call. @throws MootError `full`, with when to try again, when it is one too many in this second. */
  async spend(caller: Caller, address: string): Promise<void> {
    if (caller.kind === 'anyone') await this.spendAddress(address);
    else if (caller.kind === 'server') await take(this.peers, caller.id, 'one server');
    else if (caller.kind !== 'operator') await take(this.members, caller.member.memberId, 'one member');
  }

  /** Counts one of the two calls of an introduction. @throws as `spend` does. */
  async spendIntroduction(address: string): Promise<void> {
    await take(this.introductions, address, 'one address to introduce themselves');
  }

  /** Counts a call of somebody who is not known. @throws as `spend` does. */
  async spendAddress(address: string): Promise<void> {
    await take(this.addresses, address, 'one address');
  }
}

function limiter(rate: number): RateLimiterMemory | undefined {
  return rate === Number.POSITIVE_INFINITY ? undefined : new RateLimiterMemory({ points: rate, duration: 1 });
}

async function take(rate: RateLimiterMemory | undefined, key: string, who: string): Promise<void> {
  try {
    await rate?.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new MootError('full', `no more than ${rate?.points} calls a second are taken from ${who}`, {
      retryAfterMs: Math.max(1, error.msBeforeNext),
      hint: 'again in 1 s',
    });
  }
}
