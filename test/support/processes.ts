import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { run } from '../../src/cli/run.js';
import { Conversation } from './conversation.js';
import { Terminal } from './terminal.js';

const program = join(process.cwd(), 'dist/bin/moot.js');

/** A JSON line, as a script reads it. */
export type Line = Record<string, unknown>;

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly lines: readonly Line[];
}

export interface Daemon {
  readonly child: ChildProcess;
  /** The line that says it is ready. */
  readonly ready: Line;
  readonly address: string;
  readonly stderr: () => string;
  /** Resolves once it has said `text` on stderr. */
  says(text: string): Promise<void>;
  /** Sends `signal` and waits for the end. @returns the exit status, or null when the signal ended it. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Real processes with a home of their own; `close` ends every one of them and removes their files. */
export class Processes {
  readonly folder = mkdtempSync(join(tmpdir(), 'moot-'));
  readonly home = join(this.folder, 'home');
  private readonly daemons: Daemon[] = [];
  private readonly conversations: Conversation[] = [];

  constructor(
    private registry = 'localhost:1',
    private readonly variables: Readonly<Record<string, string>> = {},
  ) {}

  private get environment(): Record<string, string> {
    return { MOOT_HOME: this.home, MOOT_REGISTRY: this.registry, NO_COLOR: '1', ...this.variables };
  }

  /** Starts the registry of this network, on a free port. */
  async startRegistry(...args: string[]): Promise<Daemon> {
    const daemon = await this.start('registry', '--port', '0', ...args);
    this.registry = daemon.address;
    return daemon;
  }

  /** Starts a community; its data folder bears its name. */
  startServer(name: string, ...args: string[]): Promise<Daemon> {
    return this.start('server', '0', '--name', name, '--data', join(this.folder, name), ...args);
  }

  /** Starts a command that stays, and waits for its ready line. */
  async start(...args: string[]): Promise<Daemon> {
    const child = this.spawn(args);
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const ready = await new Promise<Line>((resolve, reject) => {
      if (child.stdout) createInterface(child.stdout).on('line', (line) => resolve(JSON.parse(line) as Line));
      void exited.then((status) => reject(new Error(`moot ${args.join(' ')} ended with ${status}: ${stderr}`)));
    });
    const end = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
      child.kill(signal);
      return exited;
    };
    const says = (text: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (stderr.includes(text)) resolve();
        };
        child.stderr?.on('data', look);
        look();
      });
    const daemon = { child, ready, address: String(ready.address), stderr: () => stderr, says, end };
    this.daemons.push(daemon);
    return daemon;
  }

  /** A command as it runs: its streams are the caller's to read. */
  spawn(args: readonly string[]): ChildProcess {
    const json = ['registry', 'server', 'demo', 'web'].includes(args[0] ?? '') ? ['--json'] : [];
    const env = { ...process.env, ...this.environment };
    return spawn(process.execPath, [program, ...args, ...json], { env, cwd: this.folder, stdio: 'pipe' });
  }

  /** Runs a command to its end. `input` is its standard input. */
  async run(args: readonly string[], input = ''): Promise<Finished> {
    const child = this.spawn(args);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdin?.end(input);
    const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { status, stdout, stderr, lines: args.includes('--json') ? toLines(stdout) : [] };
  }

  /** Starts a command that goes on, to be talked with. */
  converse(...args: string[]): Conversation {
    const conversation = new Conversation(this.spawn(args));
    this.conversations.push(conversation);
    return conversation;
  }

  /** Runs a command to its end without a process around it, which most of its time would go to. Paths are to be whole. */
  async here(args: readonly string[], input = ''): Promise<Finished> {
    const terminal = new Terminal({ env: this.environment, stdin: input });
    const status = await run(args, terminal.io, '0.0.0');
    const { stdout, stderr } = terminal;
    return { status, stdout, stderr, lines: args.includes('--json') ? toLines(stdout) : [] };
  }

  /** The same of one that must succeed. */
  async ok(...args: string[]): Promise<readonly Line[]> {
    const done = await this.here([...args, '--json']);
    if (done.status !== 0) throw new Error(`moot ${args.join(' ')} ended with ${done.status}: ${done.stderr}`);
    return done.lines;
  }

  async close(): Promise<void> {
    await Promise.all(
      this.daemons.filter(({ child }) => child.exitCode === null).map((daemon) => daemon.end('SIGKILL')),
    );
    await Promise.all(this.conversations.map((conversation) => conversation.end('SIGKILL')));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function toLines(text: string): readonly Line[] {
  return text.split('\n').filter(Boolean).map(toLine);
}

function toLine(text: string): Line {
  return JSON.parse(text) as Line;
}
