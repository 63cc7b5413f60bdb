import type { Clock } from '../core/clock.js';

/** One waits, many ring; a ring while nobody waits is kept for the next who does. */
export class Bell {
  private isRung = false;
  private waiting: ((isRung: boolean) => void) | undefined;

  constructor(private readonly clock: Clock) {}

  ring(): void {
    this.isRung = true;
    this.waiting?.(true);
  }

  /** @returns true when it rang, false when `ms` went by first. */
  async wait(ms: number): Promise<boolean> {
    if (!this.isRung) {
      await new Promise<boolean>((resolve) => {
        const cancel = this.clock.after(ms, () => resolve(false));
        this.waiting = (isRung) => {
          cancel();
          resolve(isRung);
        };
      });
      this.waiting = undefined;
    }
    const rang = this.isRung;
    this.isRung = false;
    return rang;
  }
}
