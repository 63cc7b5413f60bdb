import type { AskFrame } from '../../src/core/asking.js';
import type { Clock } from '../../src/core/clock.js';
import { MootError } from '../../src/core/errors.js';

/** What a call has of the network: whether what is sent now, or arrives now, does. */
export interface Wire {
  readonly clock: Clock;
  readonly latencyMs: number;
  /** Frames that may be on the way or wait unread, as flow control allows. */
  readonly window: number;
  /** The callee is there and not frozen. */
  calleeIsThere(): boolean;
  /** The caller is. */
  callerIsThere(): boolean;
}

type Waiting = { resolve: (result: IteratorResult<AskFrame>) => void; reject: (error: unknown) => void };

/**
 * One Ask over a link with a latency: begins when the first frame is pulled, runs ahead of the reader by a window, and is
 * cancelled at the callee a latency after the caller let go of it.
 */
export class SimulatedCall implements AsyncIterableIterator<AskFrame> {
  isReturned = false;
  private readonly frames: AskFrame[] = [];
  private readonly cancelling = new AbortController();
  private end: 'open' | 'done' | { readonly error: unknown } = 'open';
  private hasBegun = false;
  private ahead = 0;
  private waiting: Waiting | undefined;
  private onRoom: (() => void) | undefined;

  constructor(
    private readonly wire: Wire,
    private readonly answer: (signal: AbortSignal) => AsyncIterable<AskFrame>,
    private readonly onEnd: (call: SimulatedCall) => void,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', this.letGo, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<AskFrame>> {
    if (!this.hasBegun) this.begin();
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.serve();
    });
  }

  async return(): Promise<IteratorResult<AskFrame>> {
    this.isReturned = true;
    this.letGo();
    return { done: true, value: undefined };
  }

  /** The connection broke: the caller learns of it, and so does the callee. */
  break(reason: string): void {
    this.cancelling.abort();
    this.onRoom?.();
    this.deliver(() => this.finish({ error: new MootError('unavailable', reason) }));
  }

  private begin(): void {
    this.hasBegun = true;
    if (!this.wire.callerIsThere()) return;
    this.wire.clock.after(this.wire.latencyMs, () => {
      if (this.wire.calleeIsThere()) this.pump().catch((error: unknown) => this.deliver(() => this.finish({ error })));
    });
  }

  private async pump(): Promise<void> {
    for await (const frame of this.answer(this.cancelling.signal)) {
      this.ahead += 1;
      this.deliver(() => {
        if (this.end === 'open') this.frames.push(frame);
        this.serve();
      });
      if (this.ahead >= this.wire.window) await new Promise<void>((resolve) => (this.onRoom = resolve));
    }
    this.deliver(() => this.finish('done'));
  }

  /** Sends from the callee to the caller. */
  private deliver(arrive: () => void): void {
    if (!this.wire.calleeIsThere()) return;
    this.wire.clock.after(this.wire.latencyMs, () => {
      if (this.wire.callerIsThere()) arrive();
    });
  }

  private serve(): void {
    const { waiting } = this;
    if (!waiting) return;
    const frame = this.frames.shift();
    if (frame) {
      this.waiting = undefined;
      this.ahead -= 1;
      this.onRoom?.();
      waiting.resolve({ done: false, value: frame });
    } else if (this.end !== 'open') {
      this.waiting = undefined;
      if (this.end === 'done') waiting.resolve({ done: true, value: undefined });
      else waiting.reject(this.end.error);
    }
  }

  private finish(end: 'done' | { readonly error: unknown }): void {
    if (this.end !== 'open') return;
    this.end = end;
    this.signal.removeEventListener('abort', this.letGo);
    this.onEnd(this);
    this.serve();
  }

  private readonly letGo = (): void => {
    if (this.end !== 'open') return;
    this.finish({ error: new MootError('cancelled', 'the caller let go') });
    if (!this.wire.callerIsThere()) return;
    this.wire.clock.after(this.wire.latencyMs, () => {
      if (this.wire.calleeIsThere()) this.cancelling.abort();
      this.onRoom?.();
    });
  };
}
