import { LRUCache } from 'lru-cache';
import { neighbourhood } from '../core/address.js';
import type { Clock } from '../core/clock.js';
import { MootError } from '../core/errors.js';

/** How many addresses in a row one host may name that are nobody's; one more every `eachMs`. */
const most = 8;
const eachMs = 5000;

/** What a host may still have others dialled for: who names addresses that are nobody's is not served as a scanner of ports. */
export class Allowance {
  private readonly spent: LRUCache<string, { readonly count: number; readonly atMs: number }>;

  constructor(private readonly clock: Clock) {
    this.spent = new LRUCache({ max: 100_000 });
  }

  /** @throws MootError `full` when nothing is left to `host`. */
  require(host: string): void {
    if (this.countOf(host) <= most - 1) return;
    throw new MootError('full', 'too many servers were registered from there that were not where they said', {
      field: 'addresses',
      hint: 'again in 5 s',
    });
  }

  spend(host: string): void {
    this.spent.set(neighbourhood(host), { count: this.countOf(host) + 1, atMs: this.clock.monotonic() });
  }

  private countOf(host: string): number {
    const { count, atMs } = this.spent.get(neighbourhood(host)) ?? { count: 0, atMs: 0 };
    return Math.max(0, count - (this.clock.monotonic() - atMs) / eachMs);
  }
}
