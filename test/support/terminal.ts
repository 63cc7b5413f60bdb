import type { Io, Output } from '../../src/cli/io.js';

/** What a command writes and reads, without a process around it. */
export class Terminal {
  stdout = '';
  stderr = '';
  readonly exits: number[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly options: { isTTY?: boolean; columns?: number; stdin?: string; env?: Record<string, string> } = {},
  ) {}

  get io(): Io {
    const { stdin = '', env = {}, isTTY = false } = this.options;
    return {
      stdout: this.output((text) => {
        this.stdout += text;
      }),
      stderr: this.output((text) => {
        this.stderr += text;
      }),
      stdin: Object.assign(once(stdin), { isTTY }),
      terminal: undefined,
      isForeground: () => false,
      env,
      onSignal: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
      exit: (status) => {
        this.exits.push(status);
      },
    };
  }

  /** Ctrl-C. */
  interrupt(): void {
    for (const listener of this.listeners) listener();
  }

  private output(write: (text: string) => void): Output {
    const { isTTY = false, columns = 80 } = this.options;
    return {
      isTTY,
      columns,
      write: async (text) => write(text),
    };
  }
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  if (text !== '') yield Buffer.from(text);
}
