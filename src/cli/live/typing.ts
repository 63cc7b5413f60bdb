import type { Session } from '../session.js';
import { type Complete, LiveLine } from './live-line.js';
import { PipedLines } from './piped-lines.js';

/** Typing and printing that go on side by side: on a terminal without disturbing each other, else through pipes. */
export interface Typing extends AsyncIterable<string> {
  /** It is a person who types, and sees what is typed. */
  readonly isTerminal: boolean;
  /** Fires at Ctrl-C: what is being done ends, and so do the lines. */
  readonly signal: AbortSignal;
  /** Writes whole lines, above the one that is being typed. */
  print(text: string): Promise<void>;
  /** The same for what is beside the result; through a pipe it goes to stderr. */
  note(text: string): Promise<void>;
  /** The same for what went wrong. */
  complain(text: string): Promise<void>;
  /** The prompt from now on. */
  prompt(text: string): void;
  /** Makes the reader of the lines fail. */
  fail(error: unknown): void;
  close(): void;
}

export interface TypingOptions {
  readonly prompt: string;
  /** What was typed in earlier runs, oldest first. */
  readonly history?: readonly string[];
  readonly complete?: Complete;
  /** The lines go on, though none will come, when standard input is at its end: only Ctrl-C ends them. */
  readonly outlivesInput?: boolean;
}

export function openTyping(session: Session, options: TypingOptions): Typing {
  const { terminal } = session.io;
  return terminal && !session.settings.json
    ? new LiveLine(terminal, options, session.signal)
    : new PipedLines(session, options.outlivesInput === true);
}
