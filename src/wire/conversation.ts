import type { ClientDuplexStream } from '@grpc/grpc-js';
import { MootError } from '../core/errors.js';
import { FrameReader } from './frame-reader.js';

/** A call in which both sides send as they like; iterating gives what the other side sends. */
export class Conversation<Request, Response> extends FrameReader<Response> {
  private ended = false;

  constructor(
    private readonly call: ClientDuplexStream<Request, Response>,
    leave: () => void,
    toError: (error: unknown) => MootError,
  ) {
    super(call, leave, toError);
    // Each waiting sender listens for itself.
    call.setMaxListeners(0);
    call.on('status', () => {
      this.ended = true;
    });
  }

  /**
   * Resolves when there is room for more: who awaits it cannot pile messages up.
   * @throws MootError `unavailable` once the call has ended; reading it says why.
   */
  async send(message: Request): Promise<void> {
    if (this.ended || this.call.writableEnded) throw new MootError('unavailable', 'the call has ended');
    if (this.call.write(message)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.call.off('drain', done).off('status', done);
        resolve();
      };
      this.call.on('drain', done).on('status', done);
    });
  }

  /** Nothing more will be sent; the other side may still answer. */
  finish(): void {
    this.call.end();
  }
}
