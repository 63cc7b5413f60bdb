import type { Database } from 'better-sqlite3';
import { noHash } from '../../core/entry.js';
import { isMootError } from '../../core/errors.js';
import { ArticleChecker } from '../../identity/check-article.js';
import { sealHash } from '../../identity/seal-statement.js';
import { ArticleLoader } from './article-loader.js';
import { type SealRow, toSeal } from './seal-row.js';
import { toMootError } from './sqlite-error.js';

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

interface Commit {
  readonly name: string;
  readonly epoch: number;
  readonly firstSeq: number;
  readonly size: number;
}

/** Logs of so many entries are read whole, in 5 s at most (one signature an entry); of longer ones about as many are read. */
const mostEntries = 20_000;
/** Commits at either end that are always read. */
const commitsAtEnds = 20;

export function checkLogs(database: Database, { most = mostEntries, atEnds = commitsAtEnds } = {}): LogCheck {
  const faults = new Set<string>();
  const count = database.prepare<[], number>('SELECT count(*) FROM entries').pluck();
  // One view of the log, which may grow meanwhile.
  const view = database.transaction(() => ({ commits: followChain(database, faults), stored: count.get() ?? 0 }));
  const { commits, stored } = view();
  const entries = commits.reduce((sum, { size }) => sum + size, 0);
  if (stored !== entries) faults.add(`${stored} entries are stored, ${entries} are sealed`);
  const step = Math.max(1, Math.ceil(entries / most));
  const chosen = commits.filter((_, at) => at % step === 0 || at < atEnds || at >= commits.length - atEnds);
  const loader = new ArticleLoader(database, () => undefined);
  const checker = new ArticleChecker();
  for (const commit of chosen) readCommit(commit, loader, checker, faults);
  const entriesRead = chosen.reduce((sum, { size }) => sum + size, 0);
  return { commits: commits.length, entries, commitsRead: chosen.length, entriesRead, faults: [...faults] };
}

interface Before {
  readonly origin: number;
  readonly epoch: number;
  /** The number that the next seal begins with. */
  readonly next: number;
  readonly hash: Uint8Array;
}

/** Each seal names the one before it, and begins where that one ends. A mirror may begin late and have gaps that are noted. */
function followChain(database: Database, faults: Set<string>): Commit[] {
  const own = database.prepare<[], string>("SELECT value FROM meta WHERE name = 'own'").pluck().get();
  const isGap = database
    .prepare<[number, number], number>('SELECT 1 FROM gaps WHERE origin = ? AND to_seq = ?')
    .pluck();
  const rows = database.prepare<[], SealRow & { name: string | null; origin: number }>(
    `SELECT name, origin, epoch, first_seq AS firstSeq, size, root, previous, public_key AS publicKey, signature
     FROM commits LEFT JOIN origins ON number = origin ORDER BY origin, epoch, first_seq`,
  );
  const commits: Commit[] = [];
  let before: Before | undefined;
  for (const { name, origin, ...row } of rows.iterate()) {
    const { epoch, firstSeq, size } = row;
    const isOwn = name === own;
    const last = before?.origin === origin ? before : undefined;
    const { next, hash } = last ?? { next: 1, hash: noHash };
    // A copy of the origin's data that was put back begins an epoch wherever that copy ends.
    const isFree = !isOwn && (!last || last.epoch !== epoch || isGap.get(origin, firstSeq - 1) === 1);
    let sealed: Uint8Array = noHash;
    note(faults, `the seal from entry ${firstSeq} on`, () => {
      const seal = toSeal(name ?? '', row);
      if (!isFree && firstSeq !== next) faults.add(`the seal that begins at entry ${next} is missing`);
      else if (!isFree && Buffer.compare(seal.previous, hash) !== 0)
        faults.add(`the seal from entry ${firstSeq} on does not follow the one before it`);
      sealed = sealHash(seal);
      commits.push({ name: name ?? '', epoch, firstSeq, size });
    });
    before = { origin, epoch, next: Number(firstSeq) + Number(size), hash: sealed };
  }
  return commits;
}

/** One by one, so that each damaged row is named; what is wrong with the commit is said once. */
function readCommit(commit: Commit, loader: ArticleLoader, checker: ArticleChecker, faults: Set<string>): void {
  const { name, epoch, firstSeq, size } = commit;
  for (let seq = firstSeq; seq < firstSeq + size; seq += 1) {
    const before = faults.size;
    const isWhole = note(faults, `entry ${seq}`, () => {
      const [entry] = loader.readEpoch(name, epoch, seq, 1);
      // One that was retracted or hidden has its place and its hash, and no text.
      if (entry) checker.check(entry.bytes, entry, entry.storedAtMs);
    });
    if (!isWhole && faults.size === before) return;
  }
}

/** Keeps the reason when `work` finds damage. @returns whether it found none. */
function note(faults: Set<string>, where: string, work: () => void): boolean {
  try {
    work();
    return true;
  } catch (thrown) {
    const error = toMootError(thrown);
    if (!isMootError(error) || error.code !== 'damaged') throw error;
    faults.add(/\d/.test(error.message) ? error.message : `${where}: ${error.message}`);
    return false;
  }
}
