import type { TerminalStreams } from '../io.js';

/** The terminal while something is asked; `signal` fires when it is not to be asked any longer. */
export interface Context extends TerminalStreams {
  readonly signal: AbortSignal;
}
