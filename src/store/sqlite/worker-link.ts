import { once } from 'node:events';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { MootError } from '../../core/errors.js';
import { fromSentError, type Notice, type PackedTake, type Reply } from './messages.js';

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface LinkEvents {
  onNotice(notice: Notice): void;
  /** The thread ended without being asked to. Its calls are refused by then. */
  onDeath(error: MootError): void;
}

/** The methods of `Calls`, as their caller on another thread sees them. */
export type Method<Calls, M extends keyof Calls> = Calls[M] extends (...args: infer A) => infer R
  ? { readonly args: A; readonly result: R }
  : never;

/** The main thread's end of a worker: calls and their answers. No call is left hanging when the worker dies. */
export class WorkerLink<Calls> {
  private readonly pending = new Map<number, Pending>();
  private lastCall = 0;
  private ended: MootError | undefined;

  private constructor(
    private readonly worker: Worker,
    private readonly events: LinkEvents,
  ) {
    worker.on('message', (message: Reply | Notice) => this.take(message));
    worker.on('error', (cause) => this.end(new MootError('unavailable', 'a thread of the store failed', { cause })));
    worker.on('exit', () => this.end(new MootError('unavailable', 'a thread of the store ended')));
  }

  /** Starts the worker. @throws the MootError with which it refuses to start. */
  static async start<Calls>(
    script: URL,
    workerData: unknown,
    resourceLimits: ResourceLimits,
    events: LinkEvents,
  ): Promise<WorkerLink<Calls>> {
    const worker = new Worker(script, { workerData, resourceLimits });
    const [first] = (await Promise.race([
      once(worker, 'message'),
      once(worker, 'exit').then(() => {
        throw new MootError('unavailable', 'a thread of the store ended as it started');
      }),
    ])) as [Notice];
    if (first.notice === 'failed') throw fromSentError(first.error);
    return new WorkerLink<Calls>(worker, events);
  }

  get isDead(): boolean {
    return this.ended !== undefined;
  }

  /** @throws what the worker throws, or MootError `unavailable` when it died. */
  async call<M extends keyof Calls & string>(
    method: M,
    ...args: Method<Calls, M>['args']
  ): Promise<Method<Calls, M>['result']> {
    if (this.ended) throw this.ended;
    this.lastCall += 1;
    const call = this.lastCall;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.pending.set(call, { resolve, reject });
    });
    this.worker.postMessage({ call, method, args }, buffersOf(args));
    return (await answer) as Method<Calls, M>['result'];
  }

  /** Refuses further calls, and resolves when the thread has answered `last` and ended. */
  async stop<M extends keyof Calls & string>(last: M, ...args: Method<Calls, M>['args']): Promise<void> {
    if (this.ended) return;
    const gone = once(this.worker, 'exit');
    const answer = this.call(last, ...args);
    this.ended = new MootError('unavailable', 'the store is closed');
    await Promise.all([answer, gone]);
  }

  private take(message: Reply | Notice): void {
    if ('notice' in message) this.events.onNotice(message);
    else this.settle(message);
  }

  private settle(message: Reply): void {
    const pending = this.pending.get(message.call);
    this.pending.delete(message.call);
    if ('error' in message) pending?.reject(fromSentError(message.error));
    else pending?.resolve(message.result);
  }

  private end(error: MootError): void {
    const wasAsked = this.ended !== undefined;
    this.ended ??= error;
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
    if (!wasAsked) this.events.onDeath(error);
  }
}

/** What goes over whole: only the mirrored commits are large enough to be worth it. */
function buffersOf(args: readonly unknown[]): ArrayBuffer[] {
  const [first] = args as [Partial<PackedTake>?];
  return first?.packed ? [first.packed.buffer] : [];
}
