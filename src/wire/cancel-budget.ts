import type { Clock } from '../core/clock.js';

/**
 * Passes cancels on at most `most` times in any `windowMs`; the rest wait their turn. A burst of cancels makes a grpc server
 * close the whole connection, with every live stream on it (RELIABILITY of the network, grpc-node#2872).
 */
export class CancelBudget {
  private readonly sentAtMs: number[] = [];
  private readonly waiting = new Set<() => void>();
  private armed = false;

  constructor(
    private readonly clock: Clock,
    private readonly most = 20,
    private readonly windowMs = 1000,
  ) {}

  /** Runs `cancel` now or when its turn comes. The returned function takes that back: the call ended by itself. */
  request(cancel: () => void): () => void {
    this.waiting.add(cancel);
    this.send();
    return () => this.waiting.delete(cancel);
  }

  private send(): void {
    const now = this.clock.monotonic();
    while (this.sentAtMs[0] !== undefined && this.sentAtMs[0] <= now - this.windowMs) this.sentAtMs.shift();
    for (const cancel of this.waiting) {
      if (this.sentAtMs.length >= this.most) {
        this.wait(now);
        return;
      }
      this.waiting.delete(cancel);
      this.sentAtMs.push(now);
      cancel();
    }
  }

  private wait(now: number): void {
    if (this.armed) return;
    this.armed = true;
    const oldest = this.sentAtMs[0] ?? now;
    this.clock.after(Math.max(1, oldest + this.windowMs - now), () => {
      this.armed = false;
      this.send();
    });
  }
}
