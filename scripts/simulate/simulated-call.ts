import type { Clock } from '../../src/core/clock.js';
import { MootError } from '../../src/core/errors.js';

/** What a call has of the network: whether what is sent now, or arrives now, does. */
export interface Wire<Frame> {
  readonly clock: Clock;
  /** One way. */
  readonly latencyMs: number;
  /** Bytes that may be on the way or wait unread, as flow control allows; a frame more completes them. */
  readonly windowBytes: number;
  bytesOf(frame: Frame): number;
  /** The callee is there and not frozen. */
  calleeIsThere(): boolean;
  /** The caller is. */
  callerIsThere(): boolean;
}

interface Sent<Frame> {
  readonly frame: Frame;
  readonly bytes: number;
}

type Waiting<Frame> = { resolve: (result: IteratorResult<Frame>) => void; reject: (error: unknown) => void };

/**
 * One streaming call over a link with a latency: begins when the first frame is pulled, runs ahead of the reader by a window, and is
 * cancelled at the callee a latency after the caller let go of it, or when keepalive finds nobody there.
 */
export class SimulatedCall<Frame> implements AsyncIterableIterator<Frame> {
  isReturned = false;
  private readonly frames: Sent<Frame>[] = [];
  private readonly cancelling = new AbortController();
  private end: 'open' | 'done' | { readonly error: unknown } = 'open';
  private hasBegun = false;
  private sent = 0;
  /** As far as the callee knows. */
  private unread = 0;
  private waiting: Waiting<Frame> | undefined;
  private onRoom: (() => void) | undefined;

  constructor(
    private readonly wire: Wire<Frame>,
    private readonly answer: (signal: AbortSignal) => AsyncIterable<Frame>,
    private readonly onEnd: (call: SimulatedCall<Frame>) => void,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', this.letGo, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Frame>> {
    if (!this.hasBegun) this.begin();
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.serve();
    });
  }

  async return(): Promise<IteratorResult<Frame>> {
    this.isReturned = true;
    this.letGo();
    return { done: true, value: undefined };
  }

  /** The connection broke: the caller learns of it, and so does the callee. */
  break(reason: string): void {
    this.cancelling.abort(gone);
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
      const bytes = this.wire.bytesOf(frame);
      this.sent += bytes;
      this.unread += bytes;
      this.deliver(() => {
        if (this.end === 'open') this.frames.push({ frame, bytes });
        this.serve();
      });
      if (this.unread >= this.wire.windowBytes) await new Promise<void>((resolve) => (this.onRoom = resolve));
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
    const next = this.frames.shift();
    if (next) {
      this.waiting = undefined;
      this.giveRoom(next.bytes);
      waiting.resolve({ done: false, value: next.frame });
    } else if (this.end !== 'open') {
      this.waiting = undefined;
      if (this.end === 'done') waiting.resolve({ done: true, value: undefined });
      else waiting.reject(this.end.error);
    }
  }

  /** The callee hears of it a latency later, which is of no account before the window was ever full. */
  private giveRoom(bytes: number): void {
    if (this.sent < this.wire.windowBytes) {
      this.unread -= bytes;
      return;
    }
    this.wire.clock.after(this.wire.latencyMs, () => {
      this.unread -= bytes;
      if (this.unread < this.wire.windowBytes) this.onRoom?.();
    });
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
    this.finish({ error: gone });
    this.wire.clock.after(this.wire.callerIsThere() ? this.wire.latencyMs : keepaliveMs, () => {
      if (this.wire.calleeIsThere()) this.cancelling.abort(gone);
      this.onRoom?.();
    });
  };
}

/** When nothing comes through, the callee finds out by itself: keepalive of channel-options, time and timeout. */
const keepaliveMs = 40_000;

// One for all: what an abort makes by itself notes where it was, which costs more than the rest of a call.
const gone = new MootError('cancelled', 'the caller let go');
