import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';
import { screenOf } from './screen.js';

const program = join(process.cwd(), 'dist/bin/moot.js');
const waitMs = 20_000;
const columns = 120;
// Tells how the program leaves the terminal, once it has ended; and waits until that was read, for what is read late is lost.
const inShell = 'trap : INT; "$@"; status=$?; printf "\\nafterwards: "; stty -a; read -r _; exit $status';

/** Keys, as a terminal sends them. */
export const key = {
  enter: '\r',
  up: '\u001b[A',
  down: '\u001b[B',
  left: '\u001b[D',
  tab: '\t',
  escape: '\u001b',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
  ctrlU: '\u0015',
};

interface PtyEnvironment {
  readonly registry: string;
  readonly home: string;
  /** How long one call may take; default 5 s, as for everyone. */
  readonly timeout?: string;
}

/** `moot` in a real pseudo-terminal. */
export class Pty {
  /** The exit status, once all that was written has been read. */
  readonly ended: Promise<number>;
  private readonly exited: Promise<number>;
  private readonly pty: IPty;
  private isClosed = false;
  /** All that was written, with its escape sequences. */
  raw = '';
  private seen = 0;
  private heard: (() => void)[] = [];

  constructor(args: readonly string[], env: PtyEnvironment) {
    this.pty = spawn('/bin/sh', ['-c', inShell, 'sh', process.execPath, program, ...args], {
      cols: columns,
      rows: 40,
      env: {
        ...process.env,
        MOOT_REGISTRY: env.registry,
        MOOT_HOME: env.home,
        MOOT_TIMEOUT: env.timeout ?? '5s',
        NO_COLOR: '1',
      },
    });
    this.pty.onData((text) => {
      this.raw += text;
      for (const tell of this.heard.splice(0)) tell();
    });
    this.exited = new Promise((resolve) => this.pty.onExit(({ exitCode }) => resolve(exitCode)));
    // A shell that was killed waits for nothing.
    const isRead = Promise.race([this.heardAll().then(() => true), this.exited.then(() => false)]);
    this.ended = isRead.then((isWaiting) => {
      if (isWaiting && !this.isClosed) this.pty.write('\n');
      return this.exited;
    });
  }

  /** What a person sees: the lines that are not empty. */
  get screen(): readonly string[] {
    return screenOf(this.raw, columns).filter((line) => line !== '');
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

  /** Presses keys, and waits for nothing. */
  press(keys: string): void {
    this.pty.write(keys);
  }

  /** Types `keys`, by which the program ends. @returns its exit status. */
  async end(keys: string): Promise<number> {
    this.pty.write(keys);
    const waiting = new AbortController();
    const late = pause(waitMs, undefined, { signal: waiting.signal }).then(() => {
      throw new Error(`it did not end; what is to be seen is:\n${this.screen.join('\n')}`);
    });
    return Promise.race([this.ended, late]).finally(() => {
      late.catch(() => undefined);
      waiting.abort();
    });
  }

  /** The settings of the terminal, as the program that has ended left them. */
  get afterwards(): string {
    return this.raw.split('afterwards: ')[1] ?? '';
  }

  /** Ends it whatever it does, the shell around it too. */
  async close(): Promise<void> {
    this.isClosed = true;
    try {
      process.kill(-this.pty.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
    await this.exited;
  }

  /** The last that the shell writes. */
  private async heardAll(): Promise<void> {
    while (!/echoke/.test(this.afterwards)) await new Promise<void>((resolve) => this.heard.push(resolve));
  }
}
