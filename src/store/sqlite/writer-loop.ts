import type { Database } from 'better-sqlite3';
import type { Head } from '../../core/entry.js';
import { MootError } from '../../core/errors.js';
import type { OriginId } from '../../core/ids.js';
import type { Gap, Retention } from '../../core/log.js';
import type { DailyQuota } from '../../core/quota.js';
import type { Sealer } from '../../core/stores.js';
import { Checkpoints } from './checkpoints.js';
import { openForWriting } from './connection.js';
import { LogsWriter } from './logs-writer.js';
import {
  type Call,
  type Notice,
  type PackedTake,
  type Reply,
  type Say,
  toSentError,
  type WriterCalls,
} from './messages.js';
import type { MirrorChange } from './mirror-writer.js';
import { moderationWrites } from './moderation-records.js';
import type { PackedCommits } from './packed-commits.js';
import { type PackedBatch, packAcks, submissionsIn, unpackSubmissions } from './packed-submissions.js';
import { peeringWrites } from './peering-records.js';
import { recordWrites } from './records.js';
import { breaksTheDisk, toMootError } from './sqlite-error.js';
import { WordIndex } from './word-index.js';
import type { Method } from './worker-link.js';

/** What one transaction takes at most, but for what came as one message. */
const commitEntries = 1024;
const commitBytes = 4 * 1024 * 1024;
/** And of what was mirrored: some 10,000 articles, a tenth of a second. */
const mirrorBytes = 4 * 1024 * 1024;
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
  private readonly logs: LogsWriter;
  private readonly index: WordIndex;
  private readonly checkpoints: Checkpoints;
  private readonly calls: ReturnType<typeof recordWrites> &
    ReturnType<typeof moderationWrites> &
    ReturnType<typeof peeringWrites>;
  private readonly waiting: Call[] = [];
  private broken: MootError | undefined;
  private closed = false;
  private idle: NodeJS.Timeout | undefined;

  /**
   * @param receive the next message that waits, without waiting for one.
   * @param isHeard true while somebody wants to have what is written.
   * @throws MootError `damaged`, `denied` or `unavailable`, saying what to do.
   */
  constructor(
    file: string,
    private readonly sealer: Sealer,
    private readonly say: Say<Reply | Notice>,
    private readonly receive: () => Call | undefined,
    isHeard: () => boolean,
    quota: DailyQuota,
  ) {
    this.database = openForWriting(file);
    this.index = new WordIndex(this.database);
    const tell = (packed: PackedCommits): void => this.say({ notice: 'commits', packed }, [packed.buffer]);
    this.logs = new LogsWriter(this.database, sealer, this.index, isHeard, tell, quota);
    this.checkpoints = new Checkpoints(this.database);
    const records = recordWrites(this.database);
    this.calls = { ...records, ...moderationWrites(this.database, records), ...peeringWrites(this.database) };
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
      else if (isMirrorCall(call)) this.mirrorAll();
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
    return this.logs.lastPlace - this.index.indexedTo;
  }

  private rest(): void {
    this.tend(true);
    if (this.backlog > 0 && !this.broken) this.idle = setTimeout(() => this.rest(), 0);
  }

  /** What is not asked for but must be done. A full disk only puts it off: no acknowledgement depends on it. */
  private tend(isTimeToIndex: boolean): void {
    if (this.broken || this.closed) return;
    try {
      if (isTimeToIndex) this.index.fill(this.logs.lastPlace, sliceEntries);
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
        const results = this.logs.append(all);
        let at = 0;
        for (const { call, size } of calls) {
          this.say({ call, result: packAcks(this.sealer.origin, results.slice(at, at + size)) });
          at += size;
        }
      },
    );
  }

  /** Mirrored commits that wait share a transaction, and one sync. */
  private mirrorAll(): void {
    const calls: Call[] = [];
    const changes: MirrorChange[] = [];
    for (let bytes = 0; bytes < mirrorBytes; ) {
      const next = this.waiting[0];
      if (!next || !isMirrorCall(next)) break;
      const change = toMirrorChange(next);
      this.waiting.shift();
      calls.push(next);
      changes.push(change);
      if (change.kind === 'take') bytes += change.take.packed.buffer.byteLength;
    }
    this.guarded(
      calls.map(({ call }) => call),
      () => {
        const refusals = this.logs.mirror(changes);
        calls.forEach(({ call }, at) => {
          const error = refusals[at];
          this.say(error ? { call, error: toSentError(error) } : { call, result: undefined });
        });
      },
    );
  }

  private answer(waiting: Call): void {
    const { call, method, args } = waiting;
    if (method === 'close') this.close(call);
    else if (method === 'catchUp') this.catchUp(call, Number(args[0] ?? this.logs.lastPlace));
    else if (method === 'expire' || method === 'drop') this.slice(waiting);
    else this.guarded([call], () => this.say({ call, result: this.run(method, args) }));
  }

  private run(method: string, args: readonly unknown[]): unknown {
    if (method === 'retract') return this.logs.retract(...(args as Method<WriterCalls, 'retract'>['args']));
    if (method === 'hide') return this.logs.hidden.hide(...(args as Method<WriterCalls, 'hide'>['args']));
    if (method === 'unhide') return this.logs.hidden.unhide(...(args as Method<WriterCalls, 'unhide'>['args']));
    if (method === 'release') return this.logs.release(...(args as Method<WriterCalls, 'release'>['args']));
    if (method === 'refuse') return this.logs.refuse(...(args as Method<WriterCalls, 'refuse'>['args']));
    const run = this.calls[method as keyof typeof this.calls] as (...args: readonly unknown[]) => unknown;
    return run(...args);
  }

  /** One slice of what is to be dropped; the rest waits behind what came meanwhile. */
  private slice({ call, method, args }: Call): void {
    this.guarded([call], () => {
      const [what, before = []] = args as [unknown, (readonly OriginId[])?];
      if (method === 'drop') {
        if (this.logs.dropper.drop(what as OriginId)) this.say({ call, result: undefined });
        else this.waiting.push({ call, method, args });
        return;
      }
      const { changed, done } = this.logs.dropper.expire(what as Retention);
      const all = [...new Set([...before, ...changed])];
      if (done) this.say({ call, result: all });
      else this.waiting.push({ call, method, args: [what, all] });
    });
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

function isMirrorCall({ method }: Call): boolean {
  return method === 'take' || method === 'skip' || method === 'noteHead';
}

function toMirrorChange({ method, args }: Call): MirrorChange {
  if (method === 'take') return { kind: 'take', take: args[0] as PackedTake };
  if (method === 'noteHead') return { kind: 'head', head: args[0] as Head };
  return { kind: 'skip', gap: args[0] as Gap, via: args[1] as OriginId };
}
