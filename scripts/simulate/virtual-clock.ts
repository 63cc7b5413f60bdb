import type { Clock } from '../../src/core/clock.js';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  /** Undefined once it was run or taken back, so that nothing is kept alive by the time it would have been. */
  run: (() => void) | undefined;
}

/** Time that stands still until all that can happen has happened, then jumps to the next timer. */
export class VirtualClock implements Clock {
  private nowMs = 0;
  private order = 0;
  private readonly heap: Timer[] = [];
  private live = 0;

  constructor(private readonly epochMs = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.epochMs + this.nowMs;
  }

  monotonic(): number {
    return this.nowMs;
  }

  after(ms: number, run: () => void): () => void {
    const timer: Timer = { atMs: this.nowMs + Math.max(0, ms), order: this.order++, run };
    this.push(timer);
    this.live += 1;
    return () => {
      if (timer.run) this.live -= 1;
      timer.run = undefined;
    };
  }

  /** Timers that were neither run nor taken back. */
  get pending(): number {
    return this.live;
  }

  /** Lets time go on until `promise` settles. @throws Error when nothing is left that could settle it. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    promise.then(settle, settle);
    await quiet();
    while (!isSettled) {
      if (!this.step()) throw new Error(`nothing will happen any more (virtual time ${this.nowMs} ms)`);
      await quiet();
    }
    return promise;
  }

  /** Lets everything happen that is still to come, or that comes within `ms`. */
  async settle(ms = Number.POSITIVE_INFINITY): Promise<void> {
    const until = this.nowMs + ms;
    await quiet();
    while (this.step(until)) await quiet();
    if (until < Number.POSITIVE_INFINITY) this.nowMs = until;
  }

  /** Runs all timers of the next moment. */
  private step(untilMs = Number.POSITIVE_INFINITY): boolean {
    const first = this.peek();
    if (!first || first.atMs > untilMs) return false;
    this.nowMs = first.atMs;
    for (let timer = this.peek(); timer && timer.atMs === this.nowMs; timer = this.peek()) {
      this.pop();
      const { run } = timer;
      timer.run = undefined;
      this.live -= 1;
      run?.();
    }
    return true;
  }

  private peek(): Timer | undefined {
    while (this.heap[0] && !this.heap[0].run) this.pop();
    return this.heap[0];
  }

  private push(timer: Timer): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (!above || isBefore(above, timer)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = timer;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = heap[at * 2 + 1];
      const right = heap[at * 2 + 2];
      if (!left) break;
      const [child, next] = right && isBefore(right, left) ? [right, at * 2 + 2] : [left, at * 2 + 1];
      if (isBefore(last, child)) break;
      heap[at] = child;
      at = next;
    }
    heap[at] = last;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** All that was promised and can be kept without time has been done. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
