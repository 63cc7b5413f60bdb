import type { Output } from '../io.js';
import { cutTo } from './width.js';

const intervalMs = 100;

/** A line on the terminal that is written over again; nothing where there is no terminal. */
export class Progress {
  private shownAtMs = Number.NEGATIVE_INFINITY;
  private visible = false;

  constructor(
    private readonly output: Output,
    private readonly enabled: boolean,
  ) {}

  /** Shows `text`, unless it has just shown another. */
  async show(text: () => string): Promise<void> {
    const now = performance.now();
    if (!this.enabled || !this.output.isTTY || now - this.shownAtMs < intervalMs) return;
    this.shownAtMs = now;
    this.visible = true;
    await this.output.write(`\r\u001b[K${cutTo(text(), this.output.columns - 1)}`);
  }

  /** Takes the line away, so that something else may be written. */
  async clear(): Promise<void> {
    if (!this.visible) return;
    this.visible = false;
    await this.output.write('\r\u001b[K');
  }
}
