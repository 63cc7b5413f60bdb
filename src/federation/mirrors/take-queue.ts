import { codeOf } from '../../core/errors.js';
import type { OriginId } from '../../core/ids.js';
import { type Commit, comparePlaces, type Gap, type LogStore, type MirroredCommit } from '../../core/log.js';
import { sizeOf } from './commit-size.js';
import { type Positions, type Relation, relationOf, type Standing, standingAfter } from './positions.js';

/**
 * What became of a commit that was offered: `taken` is durable here; `unwanted` is of a log that this link does not carry;
 * `stripped` would be next, but texts of it are gone, and another link may have them.
 */
export type Outcome = Exclude<Relation, 'next'> | 'taken' | 'unwanted' | 'stripped';

/** Which links bring which logs. */
export interface Bringers {
  isWanted(via: OriginId, origin: OriginId): boolean;
  /** There is no other link to ask for what one has lost. */
  isOnlyWay(origin: OriginId): boolean;
}

interface Offer {
  readonly via: OriginId;
  readonly commits: readonly Commit[];
  readonly isLenient: boolean;
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Judged {
  /** One of each commit, for each offer. */
  readonly outcomes: readonly (readonly Outcome[])[];
  readonly taken: readonly MirroredCommit[];
}

interface Step {
  readonly alone: () => Promise<void>;
}

const transactionBytes = 4 * 1024 * 1024;

/**
 * The one way into the logs for what comes from peers: one transaction after the other, each with all that waits from all
 * links, each commit only where it goes on with its log.
 */
export class TakeQueue {
  private readonly waiting: (Offer | Step)[] = [];
  private isRunning = false;

  constructor(
    private readonly logs: LogStore,
    private readonly positions: Positions,
    private readonly bringers: Bringers,
  ) {}

  /**
   * Takes what has been checked; what has lost texts only when it is the best to be had, or `isLenient`.
   * @returns one outcome each, in order. @throws MootError when the disk refuses.
   */
  offer(via: OriginId, commits: readonly Commit[], isLenient = false): Promise<readonly Outcome[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ via, commits, isLenient, resolve, reject });
      this.start();
    });
  }

  /** Runs `work` between two transactions. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ alone: () => work().then(resolve, reject) });
      this.start();
    });
  }

  /**
   * Goes on with a log at a commit that does not follow, when what lies between is not to be had: `gap` is noted before it.
   * @returns false when the log has moved on since.
   */
  force(via: OriginId, commit: Commit, gap: Gap | undefined, from: Standing): Promise<boolean> {
    const { origin } = commit.seal;
    return this.alone(async () => {
      if (this.positions.of(origin) !== from || !this.bringers.isWanted(via, origin)) return false;
      if (gap) {
        await this.logs.skip(gap, via);
        this.positions.skipped(gap);
      }
      await this.logs.take([{ commit, via }]);
      this.positions.committed(commit);
      return true;
    });
  }

  private start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    void this.run();
  }

  private async run(): Promise<void> {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      if ('alone' in next) await next.alone();
      else await this.transaction(this.withOthers(next));
    }
    this.isRunning = false;
  }

  /** What has come from other links meanwhile shares the transaction. */
  private withOthers(first: Offer): readonly Offer[] {
    const offers = [first];
    let bytes = bytesOf(first);
    for (let [next] = this.waiting; next && !('alone' in next) && bytes < transactionBytes; [next] = this.waiting) {
      bytes += bytesOf(next);
      offers.push(next);
      this.waiting.shift();
    }
    return offers;
  }

  private async transaction(offers: readonly Offer[]): Promise<void> {
    const { outcomes, taken } = this.judge(offers);
    try {
      if (taken.length > 0) await this.logs.take(taken);
      for (const { commit } of taken) this.positions.committed(commit);
      for (const [at, { resolve }] of offers.entries()) resolve(outcomes[at] ?? []);
    } catch (error) {
      // Another replica was faster. It has come farther each time, so this ends.
      const origins = new Set(taken.map(({ commit }) => commit.seal.origin));
      if (codeOf(error) === 'invalid' && (await this.reload(origins))) return this.transaction(offers);
      for (const { reject } of offers) reject(error);
    }
  }

  /** What is to become of what is offered, as the logs stand now. */
  private judge(offers: readonly Offer[]): Judged {
    const ahead = new Map<OriginId, Standing>();
    const taken: MirroredCommit[] = [];
    const outcomes = offers.map(({ via, commits, isLenient }) =>
      commits.map((commit): Outcome => {
        const { origin } = commit.seal;
        if (!this.bringers.isWanted(via, origin)) return 'unwanted';
        const relation = relationOf(ahead.get(origin) ?? this.positions.of(origin), commit);
        if (relation !== 'next') return relation;
        if (!isLenient && isStripped(commit) && !this.bringers.isOnlyWay(origin)) return 'stripped';
        ahead.set(origin, standingAfter(commit));
        taken.push({ commit, via });
        return 'taken';
      }),
    );
    return { outcomes, taken };
  }

  /** The store knows better how long these logs are. @returns whether any of them is longer than was known. */
  private async reload(origins: ReadonlySet<OriginId>): Promise<boolean> {
    let hasGrown = false;
    for (const origin of origins) {
      const before = this.positions.of(origin);
      const state = await this.logs.state(origin).catch(() => undefined);
      // What was committed meanwhile is newer than what was read.
      if (state && this.positions.of(origin) === before) this.positions.note(state);
      hasGrown ||= comparePlaces(this.positions.of(origin).end, before.end) > 0;
    }
    return hasGrown;
  }
}

function isStripped({ entries }: Commit): boolean {
  return entries.some(({ bytes }) => bytes === undefined);
}

function bytesOf({ commits }: Offer): number {
  return commits.reduce((sum, commit) => sum + sizeOf(commit), 0);
}
