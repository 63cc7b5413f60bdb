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
  /** What was spent here since it was last taken, where others count it too. */
  private spent: Map<string, number> | undefined;

  constructor({ memberRate, peerRate, addressRate }: ServerLimits) {
    this.members = limiter(memberRate);
    this.peers = limiter(peerRate);
    this.addresses = limiter(addressRate);
    this.introductions = limiter(addressRate === Number.POSITIVE_INFINITY ? addressRate : mostIntroductions);
  }

  /** Counts a call. @throws MootError `full`, with when to try again, when it is one too many in this second. */
  async spend(caller: Caller, address: string): Promise<void> {
    if (caller.kind === 'anyone') await this.spendAddress(address);
    else if (caller.kind === 'server') await this.take('peers', caller.id, 'one server');
    else if (caller.kind !== 'operator') await this.take('members', caller.member.memberId, 'one member');
  }

  /** Counts one of the two calls of an introduction. @throws as `spend` does. */
  async spendIntroduction(address: string): Promise<void> {
    await this.take('introductions', address, 'one address to introduce themselves');
  }

  /** Counts a call of somebody who is not known. @throws as `spend` does. */
  async spendAddress(address: string): Promise<void> {
    await this.take('addresses', address, 'one address');
  }

  /** From now on what is spent is counted for others as well. @returns takes what was spent since it was last taken. */
  share(): () => Spent {
    this.spent = new Map();
    return () => {
      const spent = [...(this.spent ?? [])];
      this.spent = new Map();
      return spent;
    };
  }

  /** What callers have spent at another replica counts here too. */
  async heard(spent: Spent): Promise<void> {
    for (const [key, points] of spent) {
      const split = key.indexOf(' ');
      const kind = key.slice(0, split);
      if (isKind(kind)) await this[kind]?.penalty(key.slice(split + 1), points);
    }
  }

  private async take(kind: Kind, key: string, who: string): Promise<void> {
    const named = `${kind} ${key}`;
    if (this.spent && this[kind]) this.spent.set(named, (this.spent.get(named) ?? 0) + 1);
    await take(this[kind], key, who);
  }
}

/** Calls by kind and caller. */
export type Spent = readonly (readonly [string, number])[];

const kinds = ['members', 'peers', 'addresses', 'introductions'] as const;
type Kind = (typeof kinds)[number];

function isKind(kind: string): kind is Kind {
  return (kinds as readonly string[]).includes(kind);
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
