import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';

interface Said {
  readonly kind: string;
}

/** A program of this folder in a process of its own, spoken to in messages. */
export class Program<To extends object, From extends Said> {
  private readonly child: ChildProcess;
  private readonly events = new EventEmitter();
  private isOver = false;

  constructor(file: string, args: readonly string[], nodeOptions: readonly string[] = []) {
    const path = join(import.meta.dirname, '..', file);
    this.child = fork(path, args, { execArgv: ['--import', 'tsx', ...nodeOptions], stdio: ['ignore', 2, 2, 'ipc'] });
    this.child.on('message', (message: From) => this.events.emit(message.kind, message));
    this.child.on('error', (error) => {
      if (!this.isOver) this.events.emit('error', error);
    });
    this.child.on('exit', (code) => {
      if (!this.isOver) this.events.emit('error', new Error(`${file} ended with ${code}`));
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  say(message: To): void {
    if (!this.isOver && this.child.connected) this.child.send(message);
  }

  on<Kind extends From['kind']>(kind: Kind, listener: (message: Extract<From, { kind: Kind }>) => void): void {
    this.events.on(kind, listener);
  }

  /** The next message of a kind. @throws when the program ends instead. */
  async next<Kind extends From['kind']>(kind: Kind): Promise<Extract<From, { kind: Kind }>> {
    const [message] = (await once(this.events, kind)) as [Extract<From, { kind: Kind }>];
    return message;
  }

  stop(): void {
    this.isOver = true;
    this.child.kill('SIGKILL');
  }
}
