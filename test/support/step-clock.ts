import type { Clock } from '../../src/core/clock.js';

/** A clock that stands still until it is told to go on. Its date may be stepped apart from its durations. */
export class StepClock implements Clock {
  private elapsedMs = 0;
  private timers: { atMs: number; run: () => void }[] = [];

  constructor(private startMs = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.startMs + this.elapsedMs;
  }

  monotonic(): number {
    return this.elapsedMs;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { atMs: this.elapsedMs + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.timers.length;
  }

  /** The date jumps; no time passes. */
  stepDate(ms: number): void {
    this.startMs += ms;
  }

  /** Lets time pass where nothing waits for timers. */
  skip(ms: number): void {
    this.elapsedMs += ms;
  }

  /** Lets time pass, timer after timer, each with all that follows from it. */
  async advance(ms: number): Promise<void> {
    const endMs = this.elapsedMs + ms;
    await settle();
    for (let next = this.next(endMs); next; next = this.next(endMs)) {
      this.elapsedMs = Math.max(this.elapsedMs, next.atMs);
      this.timers = this.timers.filter((other) => other !== next);
      next.run();
      await settle();
    }
    this.elapsedMs = endMs;
  }

  private next(endMs: number): { atMs: number; run: () => void } | undefined {
    const due = this.timers.filter(({ atMs }) => atMs <= endMs);
    return due.reduce<(typeof due)[number] | undefined>((a, b) => (a && a.atMs <= b.atMs ? a : b), undefined);
  }
}

/** Lets everything run that waits for no timer. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
