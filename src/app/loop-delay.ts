import type { Clock } from '../core/clock.js';

const everyMs = 100;
const windowMs = 1000;

/** By how much the event loop of this process is behind: how late its timers are. */
export class LoopDelay {
  private samples: number[] = [];
  private beganMs: number;
  private medians: readonly [number, number] = [0, 0];
  private cancel = (): void => undefined;

  constructor(private readonly clock: Clock) {
    this.beganMs = clock.monotonic();
    this.next();
  }

  /** Milliseconds, for two seconds at least: one long step, or a machine that paused, is no load. */
  delayMs(): number {
    return Math.min(...this.medians);
  }

  close(): void {
    this.cancel();
  }

  private next(): void {
    const dueMs = this.clock.monotonic() + everyMs;
    this.cancel = this.clock.after(everyMs, () => {
      const nowMs = this.clock.monotonic();
      this.samples.push(nowMs - dueMs);
      if (nowMs - this.beganMs >= windowMs) this.turn(nowMs);
      this.next();
    });
  }

  private turn(nowMs: number): void {
    const sorted = this.samples.sort((a, b) => a - b);
    this.medians = [this.medians[1], sorted[sorted.length >> 1] ?? 0];
    this.samples = [];
    this.beganMs = nowMs;
  }
}
