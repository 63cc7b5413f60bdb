import type { Clock } from '../../core/clock.js';

const intervalMs = 1000;

/** Saves what changes: at most once a second while it does, and at the end. */
export class Saver {
  private savedAtMs = Number.NEGATIVE_INFINITY;
  private changed = false;
  private disarm: (() => void) | undefined;
  private saving: Promise<void> | undefined;

  constructor(
    /** Writes what is to be saved now. @returns false when there is nothing whole to save at the moment. */
    private readonly save: () => Promise<boolean>,
    private readonly clock: Clock,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** There is something new to save. */
  touch(): void {
    this.changed = true;
    if (this.disarm || this.saving) return;
    const inMs = Math.max(0, this.savedAtMs + intervalMs - this.clock.monotonic());
    this.disarm = this.clock.after(inMs, () => {
      this.disarm = undefined;
      this.now().catch((error: unknown) => this.onFailure(error));
    });
  }

  /** Saves what has changed. */
  async now(): Promise<void> {
    await this.saving;
    if (!this.changed) return;
    this.disarm?.();
    this.disarm = undefined;
    this.saving = this.once();
    try {
      await this.saving;
    } finally {
      this.saving = undefined;
    }
    if (this.changed) this.touch();
  }

  /** Nothing more is saved by itself. */
  stop(): void {
    this.disarm?.();
    this.disarm = undefined;
    this.changed = false;
  }

  private async once(): Promise<void> {
    this.changed = false;
    if (await this.save()) this.savedAtMs = this.clock.monotonic();
  }
}
