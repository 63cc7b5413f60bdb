import type { Clock } from '../core/clock.js';
import type { LeaseHolder, LeaseStore } from '../core/leases.js';

/** Leases of a store that one process has to itself. */
export class LocalLeases implements LeaseStore {
  private readonly leases = new Map<string, { readonly holder: string; readonly untilMs: number }>();

  constructor(private readonly clock: Pick<Clock, 'monotonic'>) {}

  async hold(name: string, holder: string, forMs: number): Promise<boolean> {
    const nowMs = this.clock.monotonic();
    const before = this.leases.get(name);
    if (before && before.holder !== holder && before.untilMs > nowMs) return false;
    this.leases.set(name, { holder, untilMs: nowMs + forMs });
    return true;
  }

  async release(name: string, holder: string): Promise<void> {
    if (this.leases.get(name)?.holder === holder) this.leases.delete(name);
  }

  async holders(prefix: string): Promise<readonly LeaseHolder[]> {
    const nowMs = this.clock.monotonic();
    return [...this.leases]
      .filter(([name, { untilMs }]) => name.startsWith(prefix) && untilMs > nowMs)
      .map(([name, { holder }]) => ({ name, holder }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
