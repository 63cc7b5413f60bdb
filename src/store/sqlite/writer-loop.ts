import type { Database } from 'better-sqlite3';
import { MootError } from '../../core/errors.js';
import type { Sealer } from '../../core/stores.js';
import { Checkpoints } from './checkpoints.js';
import { openForWriting } from './connection.js';
import { LogWriter } from './log-writer.js';
import { type Call, type Notice, type Reply, toSentError, type WriterCalls } from './messages.js';
import { type PackedBatch, packAcks, submissionsIn, unpackSubmissions } from './packed-submissions.js';
import { recordWrites } from './records.js';
import { breaksTheDisk, toMootError } from './sqlite-error.js';
import { WordIndex } from './word-index.js';

/** What one transaction takes at most, but for what came as one message. */
const commitEntries = 1024;
const commitBytes = 4 * 1024 * 1024;
/**
 * Entries that may wait for the word index while drafts keep coming: a burst is taken in at full speed and indexed behind
 * it. A search by words that comes meanwhile waits about 10 µs for each.
 */
const backlogEntries = 262_144;
const sliceEntries = 2048;
/** Short enough that a search soon after an article finds it indexed, long enough that a pause between drafts is none. */
const idleMs = 50;

/** Takes all calls that wait, commits, then answers; indexes and checkpoints when nothing waits. */
export class WriterLoop {
  private readonly database: Database;
  private readonly log: LogWriter;
  private readonly index: WordIndex;
  private readonly checkpoints: Checkpoints;
  private readonly calls: Omit<WriterCalls, 'append' | 'catchUp' | 'close'>;
  private readonly waiting: Call[] = [];
  private broken: MootError | undefined;
  private closed = false;
  private idle: NodeJS.Timeout | undefined;

  /**
   * @param receive the next message that waits, without waiting for one.
   * @throws MootError `damaged`, `denied` or `unavailable`, saying what to do.
   */
  constructor(
    file: string,
    private readonly sealer: Sealer,
    private readonly say: (message: Reply | Notice) => void,
    private readonly receive: () => Call | undefined,
  ) {
    this.database = openForWriting(file);
    this.log = new LogWriter(this.database, sealer);
    this.index = new WordIndex(this.database);
    this.checkpoints = new Checkpoints(this.database);
    this.calls = {
      ...recordWrites(this.database),
    };
    this.idle = setTimeout(() => this.rest(), idleMs);
  }

  /** Works until nothing waits. @returns true when that closed it. */
  work(first: Call): boolean {
    clearTimeout(this.idle);
    this.waiting.push(first);
    for (;;) {
      for (let next = this.receive(); next; next = this.receive()) this.waiting.push(next);
      const call = this.waiting[0];
      if (!call) break;
      if (call.method === 'append') this.appendAll();
      else {
        this.waiting.shift();
        this.answer(call);
      }
      this.tend(this.backlog > backlogEntries);
    }
    if (!this.closed) this.idle = setTimeout(() => this.rest(), idleMs);
    return this.closed;
  }

  private get backlog(): number {
    return this.log.lastPlace - this.index.indexedTo;
  }

  private rest(): void {
    this.tend(true);
    if (this.backlog > 0 && !this.broken) this.idle = setTimeout(() => this.rest(), 0);
  }

  /** What is not asked for but must be done. A full disk only puts it off: no acknowledgement depends on it. */
  private tend(isTimeToIndex: boolean): void {
    if (this.broken || this.closed) return;
    try {
      if (isTimeToIndex) this.index.fill(this.log.lastPlace, sliceEntries);
      this.checkpoints.maybe();
    } catch (error) {
      if (breaksTheDisk(error)) this.breakDown(error);
    }
  }

  private appendAll(): void {
    const calls: { call: number; batch: PackedBatch; size: number }[] = [];
    for (let entries = 0, bytes = 0; entries < commitEntries && bytes < commitBytes; ) {
      const next = this.waiting[0];
      if (next?.method !== 'append') break;
      const batch = next.args[0] as PackedBatch;
      const size = submissionsIn(batch);
      if (calls.length > 0 && (entries + size > commitEntries || bytes + batch.bytes > commitBytes)) break;
      this.waiting.shift();
      calls.push({ call: next.call, batch, size });
      entries += size;
      bytes += batch.bytes;
    }
    this.guarded(
      calls.map(({ call }) => call),
      () => {
        const all = calls.flatMap(({ batch }) =>
          unpackSubmissions(batch).map((submission) => ({ submission, nowMs: batch.nowMs })),
        );
        const results = this.log.append(all);
        let at = 0;
        for (const { call, size } of calls) {
          this.say({ call, result: packAcks(this.sealer.origin, results.slice(at, at + size)) });
          at += size;
        }
      },
    );
  }

  private answer({ call, method, args }: Call): void {
    if (method === 'close') this.close(call);
    else if (method === 'catchUp') this.catchUp(call, Number(args[0] ?? this.log.lastPlace));
    else this.guarded([call], () => this.say({ call, result: this.run(method, args) }));
  }

  private run(method: string, args: readonly unknown[]): unknown {
    const run = this.calls[method as keyof typeof this.calls] as (...args: readonly unknown[]) => unknown;
    return run(...args);
  }

  /** Runs what answers `calls`; after the first refusal of the disk nothing is ever run again. */
  private guarded(calls: readonly number[], run: () => void): void {
    const refuse = (error: unknown): void => {
      for (const call of calls) this.say({ call, error: toSentError(error) });
    };
    try {
      if (this.broken) throw this.broken;
      run();
    } catch (error) {
      if (breaksTheDisk(error)) this.breakDown(error);
      refuse(toMootError(error));
    }
  }

  private breakDown(cause: unknown): void {
    const error = toMootError(cause);
    this.broken = error instanceof MootError ? error : new MootError('unavailable', 'the disk refused', { cause });
    this.say({ notice: 'broken', error: toSentError(this.broken) });
  }

  /** One slice, then the drafts that wait meanwhile, until `target` is reached. */
  private catchUp(call: number, target: number): void {
    this.guarded([call], () => {
      this.index.fill(target, sliceEntries);
      if (this.index.indexedTo >= target) this.say({ call, result: undefined });
      else this.waiting.push({ call, method: 'catchUp', args: [target] });
    });
  }

  private close(call: number): void {
    this.closed = true;
    try {
      if (!this.broken) this.checkpoints.finish();
      this.database.close();
      this.say({ call, result: undefined });
    } catch (error) {
      if (breaksTheDisk(error)) this.breakDown(error);
      this.say({ call, error: toSentError(toMootError(error)) });
    }
  }
}
