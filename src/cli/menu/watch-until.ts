import { emitKeypressEvents } from 'node:readline';
import type { Context } from './context.js';

/** Lets `work` show what it has to show; rejects when the signal fired, as soon as `work` has heard of it. */
export async function watchUntil(
  work: (signal: AbortSignal) => Promise<void>,
  { input, signal }: Context,
): Promise<void> {
  emitKeypressEvents(input);
  input.setRawMode(true);
  input.resume();
  try {
    await work(signal);
    signal.throwIfAborted();
  } finally {
    input.setRawMode(false);
    input.pause();
  }
}
