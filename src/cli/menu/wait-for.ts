import { emitKeypressEvents } from 'node:readline';
import { systemClock } from '../../core/clock.js';
import { oneLine } from '../render/plain.js';
import { cutTo } from '../render/width.js';
import type { Context } from './context.js';

/** What takes no longer is not worth a word. */
const silentMs = 300;
// The two characters that follow, and the last column, which some terminals break the line at.
const margin = 3;
const clearLine = '\r\u001b[2K';

/** What `work` gives; `doing` is on the screen from 0.3 s on until it is there. Rejects as soon as the signal fires. */
export async function waitFor<T>(
  doing: string,
  work: (signal: AbortSignal) => Promise<T>,
  { input, output, signal }: Context,
): Promise<T> {
  let isShown = false;
  const quiet = systemClock.after(silentMs, () => {
    isShown = true;
    // A line that breaks could not be cleared.
    output.write(`${cutTo(oneLine(doing), (output.columns ?? 80) - margin)} …`);
  });
  // What is typed meanwhile is nobody's answer: it is neither shown nor kept.
  emitKeypressEvents(input);
  input.setRawMode(true);
  input.resume();
  try {
    return await unlessAborted(signal, work(signal));
  } finally {
    quiet();
    if (isShown) output.write(clearLine);
    input.setRawMode(false);
    input.pause();
  }
}

function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const left = (): void => reject(new Error('it was not waited for'));
    signal.addEventListener('abort', left, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', left));
    if (signal.aborted) left();
  });
}
