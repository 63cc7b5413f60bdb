import { createInterface, type Interface } from 'node:readline';
import type { TerminalStreams } from '../io.js';
import { LineQueue } from './line-queue.js';
import type { Typing, TypingOptions } from './typing.js';

/** What the word at the end of `line` may become, and that word. */
export type Complete = (line: string) => [readonly string[], string];

/** Lines that the arrow keys bring back. */
export const historyLines = 500;

/**
 * A line at the bottom of a terminal that is typed while other lines appear above it: what is printed takes the line away,
 * writes, and puts it back with the cursor where it was.
 */
export class LiveLine implements Typing {
  readonly isTerminal = true;
  readonly signal: AbortSignal;
  private readonly reader: Interface;
  private readonly lines = new LineQueue();
  private closed = false;

  constructor(
    private readonly terminal: TerminalStreams,
    { prompt, history = [], complete }: TypingOptions,
    /** Fires at SIGTERM; Ctrl-C is a key here. */
    stopped: AbortSignal,
  ) {
    const interrupted = new AbortController();
    this.signal = AbortSignal.any([stopped, interrupted.signal]);
    this.reader = createInterface({
      ...terminal,
      prompt,
      terminal: true,
      history: [...history].reverse(),
      historySize: historyLines,
      removeHistoryDuplicates: true,
      ...(complete && { completer: (line: string) => complete(line) }),
    });
    this.reader.on('line', (line) => {
      this.lines.push(line);
      this.reader.prompt();
    });
    this.reader.on('SIGINT', () => interrupted.abort());
    // After Ctrl-Z and `fg` the line stands still until it is asked for again.
    this.reader.on('SIGCONT', () => this.reader.prompt(true));
    this.reader.on('close', () => {
      if (this.closed) return;
      this.closed = true;
      // What is said next begins at the left.
      terminal.output.write('\n');
      this.lines.end();
    });
    this.signal.addEventListener('abort', () => this.close(), { once: true });
    this.reader.prompt();
  }

  async print(text: string): Promise<void> {
    if (this.closed) {
      this.terminal.output.write(text);
      return;
    }
    // readline goes up as many rows as the cursor was below the prompt, so these are given to it.
    const { rows } = this.reader.getCursorPos();
    const up = rows === 0 ? '' : `\u001b[${rows}A`;
    this.terminal.output.write(`${up}\r\u001b[J${text}${'\n'.repeat(rows)}`);
    this.reader.prompt(true);
  }

  note(text: string): Promise<void> {
    return this.print(text);
  }

  complain(text: string): Promise<void> {
    return this.print(text);
  }

  prompt(text: string): void {
    this.reader.setPrompt(text);
    if (!this.closed) this.reader.prompt(true);
  }

  fail(error: unknown): void {
    this.lines.fail(error);
  }

  close(): void {
    this.reader.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<string> {
    return this.lines[Symbol.asyncIterator]();
  }
}
