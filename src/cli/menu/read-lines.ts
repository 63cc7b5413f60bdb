import { createInterface } from 'node:readline';
import type { Context } from './context.js';

/** Lines, pasted or typed, until one that is a single dot, or Ctrl-D. Rejects when the signal fires. */
export function readLines(message: string, { input, output, signal }: Context): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    let hasEnded = false;
    // The terminal obeys from here on: whoever types as soon as the message is read types to this reader.
    const reader = createInterface({ input, output, terminal: true, prompt: '  ', historySize: 0 });
    output.write(`${message}\n`);
    const left = (): void => {
      reject(new Error('the lines were left'));
      reader.close();
    };
    signal.addEventListener('abort', left, { once: true });
    // At its end, at Ctrl-D, and when it was left.
    reader.on('close', () => {
      signal.removeEventListener('abort', left);
      resolve(lines.join('\n'));
      // The line that was begun stands alone: what is said next begins at the left.
      if (!hasEnded) output.write('\n');
    });
    reader.on('line', (line) => {
      hasEnded = line === '.';
      if (hasEnded) return reader.close();
      lines.push(line);
      reader.prompt();
    });
    reader.prompt();
    if (signal.aborted) left();
  });
}
