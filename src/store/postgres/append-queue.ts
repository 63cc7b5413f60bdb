import type { Clock } from '../../core/clock.js';
import { MootError } from '../../core/errors.js';
import type { Appended, Submission } from '../../core/stores.js';
import { tokenText } from './entry-rows.js';
import type { Came } from './own-plan.js';
import type { Siblings } from './siblings.js';

/** What may wait for PostgreSQL, before more is refused. */
const mostEntries = 32_768;
const mostBytes = 64 * 1024 * 1024;
/** What one statement takes, but for what came in one call. It is encoded in slices, on the thread that serves everybody. */
const commitEntries = 1024;
const commitBytes = 2 * 1024 * 1024;
/** So many are worth a commit: while other replicas write, more is waited for where fewer wait. */
const enoughEntries = 32;

interface Part {
  readonly came: readonly Came[];
  readonly bytes: number;
  readonly resolve: (results: readonly Appended[]) => void;
  readonly reject: (error: unknown) => void;
}

type Append = (batch: readonly Came[]) => Promise<Appended[]>;

/** Gathers what comes while a statement is under way, so that all of it goes in the next, and bounds what waits. */
export class AppendQueue {
  private readonly parts: Part[] = [];
  private entries = 0;
  private bytes = 0;
  private closed = false;
  private working: Promise<void> | undefined;
  private gathering = new AbortController();

  constructor(
    private readonly clock: Clock,
    private readonly siblings: Siblings,
    private readonly appendAll: Append,
  ) {}

  /** @throws MootError `full` when too much waits already. */
  async append(submissions: readonly Submission[]): Promise<readonly Appended[]> {
    if (this.closed) throw new MootError('unavailable', 'the store is closed');
    const size = submissions.length;
    if (size === 0) return [];
    const bytes = submissions.reduce((sum, { draft }) => sum + 256 + 2 * draft.body.length, 0);
    if (this.entries + size > mostEntries || this.bytes + bytes > mostBytes)
      throw new MootError('full', 'too many articles wait for the database', {
        hint: 'wait for acknowledgements, then send again; the same key makes no second article',
      });
    this.entries += size;
    this.bytes += bytes;
    try {
      return await new Promise((resolve, reject) => {
        // Worked out now, while PostgreSQL writes what came before.
        const nowMs = this.clock.now();
        const came = submissions.map((submission) => ({ submission, nowMs, tokens: tokenText(submission.draft) }));
        this.parts.push({ came, bytes, resolve, reject });
        this.working ??= this.work();
      });
    } finally {
      this.entries -= size;
      this.bytes -= bytes;
    }
  }

  /** Takes nothing more, and resolves when all that was taken has its answer. */
  async finish(): Promise<void> {
    this.closed = true;
    this.hurry();
    await this.working;
  }

  /** What waits goes as soon as it can. */
  hurry(): void {
    this.gathering.abort();
  }

  private async work(): Promise<void> {
    // What comes in the same turn of the event loop goes in one statement.
    await new Promise((resolve) => setImmediate(resolve));
    await this.gather();
    for (let parts = this.next(); parts.length > 0; parts = this.next()) {
      try {
        const results = await this.siblings.commit(() => this.appendAll(parts.flatMap(({ came }) => came)));
        let at = 0;
        for (const { came, resolve } of parts) {
          resolve(results.slice(at, at + came.length));
          at += came.length;
        }
      } catch (error) {
        for (const { reject } of parts) reject(error);
      }
      await this.gather();
    }
    this.working = undefined;
  }

  private async gather(): Promise<void> {
    const waiting = this.parts.reduce((sum, { came }) => sum + came.length, 0);
    if (waiting === 0 || waiting >= enoughEntries || this.closed) return;
    this.gathering = new AbortController();
    await this.siblings.gather(this.gathering.signal);
  }

  private next(): Part[] {
    const taken: Part[] = [];
    for (let entries = 0, bytes = 0; ; ) {
      const [part] = this.parts;
      if (!part) return taken;
      entries += part.came.length;
      bytes += part.bytes;
      if (taken.length > 0 && (entries > commitEntries || bytes > commitBytes)) return taken;
      this.parts.shift();
      taken.push(part);
    }
  }
}
