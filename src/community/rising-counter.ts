import pLimit from 'p-limit';
import type { Clock } from '../core/clock.js';
import type { SettingStore } from '../core/stores.js';

const key = 'registration.counter';
/** Counters are dates in milliseconds where possible; so many are set aside at once, to save writes. */
const reservedAtOnce = 60_000;
/** Nobody can talk us into counters past this: a century ahead of our clock. */
const mostAheadMs = 100 * 365 * 24 * 3_600_000;
const firstLeapMs = 1000;

/** Numbers the entries of one server: each above all before it, over restarts and steps of the clock. */
export class RisingCounter {
  private readonly oneAtATime = pLimit(1);
  private last: number | undefined;
  private reserved = 0;
  private leapMs = firstLeapMs;

  constructor(
    private readonly settings: SettingStore,
    private readonly clock: Clock,
    /** Given where other replicas number entries too: one does at a time, and each asks the settings every time. */
    private readonly alone?: <T>(work: () => Promise<T>) => Promise<T>,
  ) {}

  /** Above every number it gave before. @throws what the settings throw; the number is then not used. */
  next(): Promise<number> {
    const { alone } = this;
    return this.oneAtATime(() => (alone ? alone(() => this.takeShared()) : this.take()));
  }

  /**
   * For when a registry knows a newer counter of ours (our data was lost, and our clock was ahead once): the next number
   * is higher by a second, then by 4, 16, 64 …, until `settle`. Ten years are 15 leaps.
   * @returns false when it is a century ahead, and goes no further.
   */
  leap(): boolean {
    const to = (this.last ?? 0) + this.leapMs;
    if (to > this.clock.now() + mostAheadMs) return false;
    this.last = to;
    this.leapMs *= 4;
    return true;
  }

  settle(): void {
    this.leapMs = firstLeapMs;
  }

  private async take(): Promise<number> {
    this.last ??= await this.load();
    const counter = Math.max(this.last + 1, Math.floor(this.clock.now()));
    if (counter > this.reserved) {
      await this.settings.set(key, String(counter + reservedAtOnce));
      this.reserved = counter + reservedAtOnce;
    }
    this.last = Math.max(this.last, counter);
    return this.last;
  }

  private async takeShared(): Promise<number> {
    const stored = await this.load();
    this.last = Math.max(stored + 1, (this.last ?? 0) + 1, Math.floor(this.clock.now()));
    await this.settings.set(key, String(this.last));
    return this.last;
  }

  private async load(): Promise<number> {
    const stored = Number((await this.settings.get(key)) ?? 0);
    return Number.isSafeInteger(stored) && stored > 0 ? stored : 0;
  }
}
