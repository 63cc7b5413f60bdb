import type { ChildProcess } from 'node:child_process';

const waitMs = 15_000;

/** A command that goes on while one reads what it says and types what it asks for, through pipes. */
export class Conversation {
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | null>;
  private heard: (() => void)[] = [];

  constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
      this.tell();
    });
    child.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
      this.tell();
    });
    this.ended = new Promise((resolve) => {
      child.once('close', (status) => {
        resolve(status);
        this.tell();
      });
    });
  }

  /** What was printed on stdout, line by line. */
  get lines(): readonly string[] {
    return this.stdout.split('\n').slice(0, -1);
  }

  /** Waits until `holds` of what has come on stdout and stderr. */
  async until(holds: string | ((said: this) => boolean)): Promise<void> {
    const isThere = typeof holds === 'string' ? () => (this.stdout + this.stderr).includes(holds) : () => holds(this);
    const lateAt = performance.now() + waitMs;
    while (!isThere()) {
      const leftMs = lateAt - performance.now();
      if (leftMs <= 0) throw new Error(`${String(holds)} did not come; what came is:\n${this.stdout}${this.stderr}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.heard.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  type(text: string): void {
    this.child.stdin?.write(text);
  }

  /** Standard input is at its end. */
  hangUp(): void {
    this.child.stdin?.end();
  }

  /** Lets it stand still, as if its machine had gone, until it is sent SIGCONT or SIGKILL. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  /** @returns the exit status; null when the signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }

  private tell(): void {
    for (const wake of this.heard.splice(0)) wake();
  }
}
