import type { TerminalStreams } from '../io.js';

const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

/** The whole terminal for a while; what stood there before comes back with `close`. */
export class Screen {
  constructor(private readonly output: TerminalStreams['output']) {
    output.write(enter);
  }

  get columns(): number {
    return this.output.columns ?? 80;
  }

  get rows(): number {
    return this.output.rows ?? 24;
  }

  /** At most `rows` lines; nothing scrolls, since no line break follows the last. */
  draw(lines: readonly string[]): void {
    this.output.write(`${home}${lines.map((line) => `${line}${clearLine}`).join('\r\n')}${clearBelow}`);
  }

  close(): void {
    this.output.write(leave);
  }
}
