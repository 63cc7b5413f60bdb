import { noHash } from '../core/entry.js';
import { isMootError } from '../core/errors.js';
import { sealHash } from '../identity/seal-statement.js';
import { type SealRow, toSeal } from './sqlite/seal-row.js';

/** What a check of the logs found. The chain of seals is always followed whole. */
export interface LogCheck {
  readonly commits: number;
  readonly entries: number;
  /** Of these, the commits whose signature was verified and whose entries were all read. */
  readonly commitsRead: number;
  readonly entriesRead: number;
  /** What is not as it was sealed, a sentence each, naming the entry. */
  readonly faults: readonly string[];
}

export interface SealedCommit {
  /** The number of its log. */
  readonly origin: number;
  /** '' where the number stands for no log. */
  readonly name: string;
  readonly epoch: number;
  readonly firstSeq: number;
  readonly size: number;
}

/** How much of the logs is read. */
export interface Extent {
  /** Logs of so many entries are read whole, in 5 s at most (one signature an entry); of longer ones about as many are read. */
  readonly most: number;
  /** Commits at either end that are always read. */
  readonly atEnds: number;
}

export const usualExtent: Extent = { most: 20_000, atEnds: 20 };

interface Before {
  readonly origin: number;
  readonly epoch: number;
  /** The number that the next seal begins with. */
  readonly next: number;
  readonly hash: Uint8Array;
}

/** Each seal names the one before it, and begins where that one ends. A mirror may begin late and have gaps that are noted. */
export class SealChain {
  readonly commits: SealedCommit[] = [];
  private before: Before | undefined;

  /** @param isGap whether a noted gap of a log ends with an entry. @param faults is added to. */
  constructor(
    private readonly own: string | undefined,
    private readonly isGap: (origin: number, toSeq: number) => boolean,
    private readonly faults: Set<string>,
  ) {}

  get entries(): number {
    return this.commits.reduce((sum, { size }) => sum + size, 0);
  }

  /** The next one, in the order of logs, epochs and places. */
  add(name: string | null, origin: number, row: SealRow): void {
    const { faults } = this;
    const { epoch, firstSeq, size } = row;
    const last = this.before?.origin === origin ? this.before : undefined;
    const { next, hash } = last ?? { next: 1, hash: noHash };
    // A copy of the origin's data that was put back begins an epoch wherever that copy ends.
    const isFree = name !== this.own && (!last || last.epoch !== epoch || this.isGap(origin, firstSeq - 1));
    let sealed: Uint8Array = noHash;
    noteFault(faults, `the seal from entry ${firstSeq} on`, () => {
      const seal = toSeal(name ?? '', row);
      if (!isFree && firstSeq !== next) faults.add(`the seal that begins at entry ${next} is missing`);
      else if (!isFree && Buffer.compare(seal.previous, hash) !== 0)
        faults.add(`the seal from entry ${firstSeq} on does not follow the one before it`);
      sealed = sealHash(seal);
      this.commits.push({ origin, name: name ?? '', epoch, firstSeq, size });
    });
    this.before = { origin, epoch, next: Number(firstSeq) + Number(size), hash: sealed };
  }

  /** Those to be read. */
  chosen({ most, atEnds }: Extent): readonly SealedCommit[] {
    const { commits } = this;
    const step = Math.max(1, Math.ceil(this.entries / most));
    return commits.filter((_, at) => at % step === 0 || at < atEnds || at >= commits.length - atEnds);
  }

  /** @param read of `commits`. */
  told(read: readonly SealedCommit[]): LogCheck {
    return {
      commits: this.commits.length,
      entries: this.entries,
      commitsRead: read.length,
      entriesRead: read.reduce((sum, { size }) => sum + size, 0),
      faults: [...this.faults],
    };
  }
}

/** Keeps the reason when `work` finds damage. @returns whether it found none. */
export function noteFault(faults: Set<string>, where: string, work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (!isMootError(error) || error.code !== 'damaged') throw error;
    faults.add(/\d/.test(error.message) ? error.message : `${where}: ${error.message}`);
    return false;
  }
}
