import type { ClientReadableStream } from '@grpc/grpc-js';
import type { MootError } from '../core/errors.js';
import { fromServiceError } from './error-table.js';

type Incoming = Pick<ClientReadableStream<unknown>, 'read' | 'on' | 'off' | 'resume'>;

/**
 * The messages of a stream for one reader, listened to from its first moment. What is not read stays with the sender, but
 * for the 16 messages that grpc-js holds. Messages that came before an error are given before it.
 */
export class FrameReader<T> implements AsyncIterableIterator<T> {
  private failure: MootError | undefined;
  private closed = false;
  private left = false;
  private wake: (() => void) | undefined;
  private readonly poke = (): void => this.wake?.();

  /** `leave` is called once, when the reader goes before the stream has ended; `toError` says what its error means. */
  constructor(
    private readonly stream: Incoming,
    private readonly leave: () => void,
    toError: (error: unknown) => MootError = fromServiceError,
  ) {
    stream.on('readable', this.poke);
    stream.on('error', (error: unknown) => {
      this.failure ??= toError(error);
    });
    // The last event of every call, after its error.
    stream.on('status', () => {
      this.closed = true;
      this.poke();
    });
  }

  /** Gives no more but `error`; whatever still arrives is thrown away. */
  abandon(error: MootError | undefined): void {
    if (this.left) return;
    this.left = true;
    this.failure = error;
    this.discard();
    if (!this.closed) this.leave();
    this.poke();
  }

  /** The time is up: what has come is still given, and then `error`. */
  expire(error: MootError): void {
    if (this.left || this.closed) return;
    this.failure = error;
    this.closed = true;
    this.leave();
    this.poke();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    for (;;) {
      const frame = this.left ? null : (this.stream.read() as T | null);
      if (frame !== null) return { done: false, value: frame };
      if (this.closed || this.left) return this.last();
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.abandon(undefined);
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private discard(): void {
    this.stream.off('readable', this.poke);
    this.stream.on('data', () => undefined);
    this.stream.resume();
  }

  private last(): IteratorResult<T, undefined> {
    const error = this.failure;
    this.failure = undefined;
    this.left = true;
    this.discard();
    if (error) throw error;
    return { done: true, value: undefined };
  }
}
