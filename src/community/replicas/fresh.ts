import { type Clock, sleep } from '../../core/clock.js';

/** What others have changed is read again: at once, and no more often than `leastMs` apart, however often it is asked for. */
export class Fresh {
  private reading: Promise<void> | undefined;
  private waiting: Promise<void> | undefined;
  private readMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly read: () => Promise<void>,
    private readonly leastMs = 0,
  ) {}

  /** Resolves when a reading that begins from now on has ended. @throws what reading throws. */
  now(): Promise<void> {
    this.waiting ??= this.next();
    return this.waiting;
  }

  private async next(): Promise<void> {
    await this.reading?.catch(() => undefined);
    const restMs = this.readMs + this.leastMs - this.clock.monotonic();
    if (restMs > 0) await sleep(this.clock, restMs);
    this.waiting = undefined;
    this.readMs = this.clock.monotonic();
    this.reading = this.read();
    await this.reading;
  }
}
