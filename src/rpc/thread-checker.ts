import { Worker } from 'node:worker_threads';
import { MootError } from '../core/errors.js';
import type { CommitChecker } from '../core/following.js';
import type { Commit } from '../core/log.js';
import { packCommits } from './packed-commits.js';

type Faults = readonly (string | undefined)[];

interface Pending {
  readonly resolve: (faults: Faults) => void;
  readonly reject: (error: Error) => void;
}

/** Checks commits on a thread of its own, so that a million of them hold up nobody. The thread starts when it is needed. */
export class ThreadChecker implements CommitChecker {
  private worker: Worker | undefined;
  private readonly pending = new Map<number, Pending>();
  private lastCall = 0;
  private isClosed = false;

  /** @throws MootError `unavailable` when the thread fails; the next call gets another. */
  async check(commits: readonly Commit[]): Promise<Faults> {
    if (this.isClosed) throw new MootError('unavailable', 'this server is stopping');
    this.worker ??= this.start();
    this.lastCall += 1;
    const call = this.lastCall;
    const packed = packCommits(commits);
    const answer = new Promise<Faults>((resolve, reject) => {
      this.pending.set(call, { resolve, reject });
    });
    this.worker.postMessage({ call, commits: packed }, [packed.bytes, packed.lengths.buffer]);
    return answer;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.worker?.terminate();
    this.fail(new MootError('unavailable', 'this server is stopping'));
  }

  private start(): Worker {
    const worker = new Worker(new URL('./check-worker.js', import.meta.url));
    worker.unref();
    worker.on('message', ({ call, faults }: { readonly call: number; readonly faults: Faults }) => {
      this.pending.get(call)?.resolve(faults);
      this.pending.delete(call);
    });
    const end = (cause?: unknown): void => {
      if (this.worker === worker) this.worker = undefined;
      this.fail(new MootError('unavailable', 'the thread that checks commits ended', { cause }));
    };
    worker.on('error', end);
    worker.on('exit', () => end());
    return worker;
  }

  private fail(error: MootError): void {
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }
}
