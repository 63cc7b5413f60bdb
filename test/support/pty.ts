import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';

const program = join(process.cwd(), 'dist/bin/moot.js');
const waitMs = 10_000;

/** Keys, as a terminal sends them. */
export const key = {
  enter: '\r',
  down: '\u001b[B',
  escape: '\u001b',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
  ctrlU: '\u0015',
};

/** `moot` in a real pseudo-terminal. */
export class Pty {
  readonly ended: Promise<number>;
  private readonly pty: IPty;
  /** All that was written, with its escape sequences. */
  raw = '';
  private seen = 0;
  private heard: (() => void)[] = [];

  constructor(args: readonly string[], env: { readonly registry: string; readonly home: string }) {
    this.pty = spawn(process.execPath, [program, ...args], {
      cols: 120,
      rows: 40,
      env: { ...process.env, MOOT_REGISTRY: env.registry, MOOT_HOME: env.home, NO_COLOR: '1' },
    });
    this.pty.onData((text) => {
      this.raw += text;
      for (const tell of this.heard.splice(0)) tell();
    });
    this.ended = new Promise((resolve) => {
      this.pty.onExit(({ exitCode }) => resolve(exitCode));
    });
  }

  private get text(): string {
    return stripVTControlCharacters(this.raw);
  }

  /** Waits until `text` is written after what was last waited for. @returns what has come since. */
  async until(text: string): Promise<string> {
    const lateAt = performance.now() + waitMs;
    for (;;) {
      const fresh = this.text.slice(this.seen);
      const at = fresh.indexOf(text);
      if (at >= 0) {
        this.seen += at + text.length;
        return fresh;
      }
      const leftMs = lateAt - performance.now();
      if (leftMs <= 0) throw new Error(`"${text}" did not come; what came is:\n${fresh}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.heard.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Types `keys`, then waits for `text` to be written after them. */
  async type(keys: string, text: string): Promise<string> {
    this.seen = this.text.length;
    this.pty.write(keys);
    return this.until(text);
  }

  /** Types `keys`, by which the program ends. @returns its exit status. */
  async end(keys: string): Promise<number> {
    this.pty.write(keys);
    return this.ended;
  }

  /** Ends it whatever it does. */
  async close(): Promise<void> {
    this.pty.kill('SIGKILL');
    await this.ended;
  }
}
