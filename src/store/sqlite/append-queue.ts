import type { Clock } from '../../core/clock.js';
import { MootError } from '../../core/errors.js';
import type { Appended, Submission } from '../../core/stores.js';
import type { PackedAcks, PackedBatch } from './packed-submissions.js';
import { packSubmission, submissionBytes, unpackAcks } from './packed-submissions.js';

/** What may wait for the disk, before more is refused. */
const mostEntries = 32_768;
const mostBytes = 64 * 1024 * 1024;
/**
 * While the writer works, what comes waits for its answer, or until so many wait: one message is one wake of a thread, which
 * costs more than the few articles that a slow trickle would put into it.
 */
const messageEntries = 200;

interface Part {
  readonly size: number;
  readonly resolve: (results: readonly Appended[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers what is appended in one turn of the event loop into few messages, and bounds what waits. */
export class AppendQueue {
  private fields: PackedBatch['fields'][number][] = [];
  private parts: Part[] = [];
  private entries = 0;
  private bytes = 0;
  private waitingEntries = 0;
  private waitingBytes = 0;
  /** Messages that the writer has not answered. */
  private underWay = 0;
  private closed = false;
  private onEmpty: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly send: (batch: PackedBatch) => Promise<PackedAcks>,
  ) {}

  /** @throws MootError `full` when too much waits already. */
  async append(submissions: readonly Submission[]): Promise<readonly Appended[]> {
    const size = submissions.length;
    if (this.closed) throw new MootError('unavailable', 'the store is closed');
    if (size === 0) return [];
    const bytes = submissions.reduce((sum, submission) => sum + submissionBytes(submission), 0);
    if (this.waitingEntries + size > mostEntries || this.waitingBytes + bytes > mostBytes)
      throw new MootError('full', 'too many articles wait for the disk', {
        hint: 'wait for acknowledgements, then send again; the same key makes no second article',
      });
    this.waitingEntries += size;
    this.waitingBytes += bytes;
    try {
      return await new Promise((resolve, reject) => this.add(submissions, { size, resolve, reject }, bytes));
    } finally {
      this.waitingEntries -= size;
      this.waitingBytes -= bytes;
      if (this.waitingEntries === 0) this.onEmpty?.();
    }
  }

  /** Takes nothing more, and resolves when all that was taken has its answer. */
  async finish(): Promise<void> {
    this.closed = true;
    if (this.waitingEntries === 0) return;
    await new Promise<void>((resolve) => {
      this.onEmpty = resolve;
    });
  }

  private add(submissions: readonly Submission[], part: Part, bytes: number): void {
    if (this.parts.length === 0 && this.underWay === 0) setImmediate(() => this.flush());
    for (const submission of submissions) this.fields.push(...packSubmission(submission));
    this.parts.push(part);
    this.entries += part.size;
    this.bytes += bytes;
    if (this.entries >= messageEntries) this.flush();
  }

  private flush(): void {
    const { fields, parts, bytes } = this;
    if (parts.length === 0) return;
    [this.fields, this.parts, this.entries, this.bytes] = [[], [], 0, 0];
    this.underWay += 1;
    const answered = this.send({ nowMs: this.clock.now(), bytes, fields }).finally(() => {
      this.underWay -= 1;
      if (this.underWay === 0) this.flush();
    });
    answered.then(
      (acks) => {
        const results = unpackAcks(acks);
        let at = 0;
        for (const { size, resolve } of parts) {
          resolve(results.slice(at, at + size));
          at += size;
        }
      },
      (error: unknown) => {
        for (const { reject } of parts) reject(error);
      },
    );
  }
}
