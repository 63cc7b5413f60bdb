import type { CommitChecker } from '../../core/following.js';
import type { OriginId } from '../../core/ids.js';
import { type Commit, comparePlaces, endOf, follows, type LogPlace } from '../../core/log.js';
import { sizeOf } from './commit-size.js';
import { feedBounds } from './feed-bounds.js';
import type { FeedReport } from './feed-report.js';
import type { Positions } from './positions.js';
import type { Outcome, TakeQueue } from './take-queue.js';

export interface IntakeParts {
  readonly positions: Positions;
  readonly checker: CommitChecker;
  readonly queue: TakeQueue;
  readonly report: FeedReport;
  readonly isWanted: (via: OriginId, origin: OriginId) => boolean;
  /** `peer` has sent something that is past what is here, or broken: what leads up to `through` is missing. */
  readonly missing: (origin: OriginId, peer: OriginId, through: LogPlace, why: string) => void;
}

/**
 * What one link brings, in three steps that go on side by side: it is received, checked, written. What is received and not
 * yet checked is bounded; who brings more waits.
 */
export class LinkIntake {
  private readonly received: Commit[] = [];
  private bytes = 0;
  /** Where each log will stand when what is in hand has been taken. */
  private readonly ahead = new Map<OriginId, { end: LogPlace; inHand: number }>();
  private readonly broken = new Map<OriginId, number>();
  private working: Promise<void> | undefined;
  private writing: Promise<void> = Promise.resolve();
  private failure: { readonly error: unknown } | undefined;
  private onRoom: (() => void) | undefined;
  private isStopped = false;

  constructor(
    private readonly peer: OriginId,
    private readonly parts: IntakeParts,
  ) {}

  /**
   * Resolves when there is room for more. @returns whether some of it is on its way into a log, or was there before.
   * @throws what checking or writing has failed with.
   */
  async accept(commits: readonly Commit[]): Promise<boolean> {
    // What was in hand is dropped by then: nothing goes on with it.
    this.throwFailure();
    if (this.isStopped) return false;
    let anyGood = false;
    for (const commit of commits) anyGood = this.receive(commit) || anyGood;
    if (this.received.length > 0) this.working ??= this.work();
    while (this.bytes > feedBounds.uncheckedBytes && !this.failure && !this.isStopped)
      await new Promise<void>((resolve) => {
        this.onRoom = resolve;
      });
    this.throwFailure();
    return anyGood;
  }

  /** Resolves when all that was accepted has been written, or refused. */
  async idle(): Promise<void> {
    await this.working;
    await this.writing;
  }

  /** Drops what is not checked yet. */
  stop(): void {
    this.isStopped = true;
    this.received.length = 0;
    this.onRoom?.();
  }

  /** @returns false when it is no good. */
  private receive(commit: Commit): boolean {
    const { peer, parts } = this;
    const { origin, epoch, firstSeq } = commit.seal;
    const { end } = parts.positions.of(origin);
    const ahead = this.ahead.get(origin);
    // Another link may have brought more meanwhile than this one has in hand.
    const before = ahead && comparePlaces(ahead.end, end) > 0 ? ahead.end : end;
    if (!parts.isWanted(peer, origin))
      parts.report.refuse(peer, 'unwanted', origin, 'sends a log that it does not carry');
    else if (comparePlaces(endOf(commit), end) <= 0) {
      parts.report.count(peer, 'echoes');
      return true;
    } else if ((this.broken.get(origin) ?? 0) >= feedBounds.brokenCommits) parts.report.count(peer, 'broken');
    else if (!follows(before, epoch, firstSeq)) {
      parts.report.refuse(peer, 'outOfOrder', origin, `sends entry ${firstSeq} out of order`);
      parts.missing(origin, peer, endOf(commit), '');
    } else {
      this.ahead.set(origin, { end: endOf(commit), inHand: (ahead?.inHand ?? 0) + 1 });
      this.received.push(commit);
      this.bytes += sizeOf(commit);
      return true;
    }
    return false;
  }

  private async work(): Promise<void> {
    try {
      while (this.received.length > 0) {
        const batch = this.nextBatch();
        const faults = await this.parts.checker.check(batch);
        this.bytes -= batch.reduce((sum, commit) => sum + sizeOf(commit), 0);
        this.onRoom?.();
        await this.writing;
        this.writing = this.write(batch, faults).catch((error: unknown) => this.fail(error));
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.working = undefined;
    }
  }

  private nextBatch(): readonly Commit[] {
    let bytes = 0;
    let count = 0;
    for (const commit of this.received) {
      if (count > 0 && bytes >= feedBounds.batchBytes) break;
      bytes += sizeOf(commit);
      count += 1;
    }
    return this.received.splice(0, count);
  }

  private async write(batch: readonly Commit[], faults: readonly (string | undefined)[]): Promise<void> {
    const good = batch.filter((_, at) => faults[at] === undefined);
    try {
      for (const [at, commit] of batch.entries()) this.noteFault(commit, faults[at]);
      const outcomes = good.length > 0 && !this.isStopped ? await this.parts.queue.offer(this.peer, good) : [];
      for (const [at, outcome] of outcomes.entries()) this.noteOutcome(good[at], outcome);
    } finally {
      for (const { seal } of batch) this.release(seal.origin);
    }
  }

  private noteFault(commit: Commit, fault: string | undefined): void {
    if (fault === undefined) return;
    this.broken.set(commit.seal.origin, (this.broken.get(commit.seal.origin) ?? 0) + 1);
    const { origin, firstSeq } = commit.seal;
    this.parts.report.refuse(this.peer, 'broken', origin, `sends a broken commit from entry ${firstSeq} on: ${fault}`);
    this.parts.missing(origin, this.peer, endOf(commit), fault);
  }

  private noteOutcome(commit: Commit | undefined, outcome: Outcome): void {
    if (!commit || outcome === 'taken') return;
    const { peer, parts } = this;
    const { origin, firstSeq } = commit.seal;
    if (outcome === 'fork')
      parts.report.refuse(peer, 'broken', origin, `has another log from entry ${firstSeq} on than is here`);
    else parts.report.count(peer, counted[outcome]);
    if (outcome === 'echo' || outcome === 'unwanted') return;
    parts.missing(origin, peer, endOf(commit), outcome === 'fork' ? twoLogs : '');
  }

  private release(origin: OriginId): void {
    const ahead = this.ahead.get(origin);
    if (!ahead) return;
    ahead.inHand -= 1;
    if (ahead.inHand === 0) this.ahead.delete(origin);
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure.error;
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.stop();
  }
}

const twoLogs = 'its origin sealed two different logs';
const counted = {
  echo: 'echoes',
  unwanted: 'unwanted',
  hole: 'outOfOrder',
  jump: 'outOfOrder',
  stripped: 'stripped',
} as const;
