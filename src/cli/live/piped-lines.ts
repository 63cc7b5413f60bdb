import { lines } from '../import/lines.js';
import type { Session } from '../session.js';
import { LineQueue } from './line-queue.js';
import type { Typing } from './typing.js';

/** Typing without a terminal: lines come from standard input, results go to stdout and notes to stderr. */
export class PipedLines implements Typing {
  readonly isTerminal = false;
  private readonly queue = new LineQueue();

  constructor(
    private readonly session: Session,
    private readonly outlivesInput: boolean,
  ) {
    this.signal.addEventListener('abort', () => this.close(), { once: true });
    this.read().catch((error: unknown) => this.queue.fail(error));
  }

  get signal(): AbortSignal {
    return this.session.signal;
  }

  async print(text: string): Promise<void> {
    await this.session.say(text);
  }

  async note(text: string): Promise<void> {
    await this.session.note(text);
  }

  async complain(text: string): Promise<void> {
    await this.session.complain(text);
  }

  prompt(): void {
    // Nobody sees one.
  }

  fail(error: unknown): void {
    this.queue.fail(error);
  }

  close(): void {
    this.queue.end();
  }

  [Symbol.asyncIterator](): AsyncIterator<string> {
    return this.queue[Symbol.asyncIterator]();
  }

  private async read(): Promise<void> {
    for await (const { number, bytes } of lines(this.session.io.stdin)) {
      if (bytes) this.queue.push(new TextDecoder().decode(bytes).replace(/\r$/, ''));
      else await this.session.complain(`moot: line ${number} of standard input is too long\n`);
    }
    if (!this.outlivesInput) this.queue.end();
  }
}
