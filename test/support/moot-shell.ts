import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const waitMs = 60_000;

interface Said {
  readonly status: number | null;
  /** Of both streams, as a person sees it. */
  readonly output: string;
}

/** A person's shell, in a folder and with a home of its own, where `moot` is installed. */
export class MootShell {
  private readonly running: ChildProcess[] = [];

  constructor(
    readonly folder: string,
    private readonly env: Readonly<Record<string, string>> = {},
  ) {
    mkdirSync(join(folder, 'bin'), { recursive: true });
    symlinkSync(join(process.cwd(), 'dist/bin/moot.js'), join(folder, 'bin/moot'));
  }

  /** Runs a line to its end. */
  async run(line: string, env: Readonly<Record<string, string>> = {}): Promise<Said> {
    const { child, output } = this.spawn(line, env);
    child.stdin?.end();
    const status = await ended(child);
    return { status, output: output() };
  }

  /** Starts a line that stays, and waits for what it says. */
  async start(line: string, says: string | RegExp): Promise<Running> {
    const { child, output } = this.spawn(line, {});
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${line} did not say ${says}, but: ${output()}`)), waitMs);
      const look = (): void => {
        if (!(typeof says === 'string' ? output().includes(says) : says.test(output()))) return;
        clearTimeout(late);
        resolve();
      };
      child.stdout?.on('data', look);
      child.stderr?.on('data', look);
      child.once('close', (status) => reject(new Error(`${line} ended with ${status}: ${output()}`)));
    });
    const interrupt = async (): Promise<Said> => {
      signal(child, 'SIGINT');
      return { status: await ended(child), output: output() };
    };
    return { output, interrupt };
  }

  async close(): Promise<void> {
    for (const child of this.running) signal(child, 'SIGKILL');
    await Promise.all(this.running.map(ended));
  }

  private spawn(line: string, env: Readonly<Record<string, string>>) {
    const child = spawn('bash', ['--norc', '-o', 'pipefail', '-c', `exec 2>&1\n${line}`], {
      cwd: this.folder,
      env: {
        ...process.env,
        PATH: `${join(this.folder, 'bin')}:${process.env.PATH}`,
        NO_COLOR: '1',
        USER: 'ines',
        LOGNAME: 'ines',
        MOOT_HOME: join(this.folder, 'home'),
        ...this.env,
        ...env,
      },
      detached: true,
      stdio: 'pipe',
    });
    this.running.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        text += chunk;
      });
    return { child, output: () => text };
  }
}

export interface Running {
  readonly output: () => string;
  /** Ctrl-C. */
  interrupt(): Promise<Said>;
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('close', resolve));
}

/** To the line and to all that it runs. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, name);
  } catch {
    // It has ended.
  }
}
