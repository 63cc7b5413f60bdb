import type { Database } from 'better-sqlite3';
import { ArticleChecker } from '../../identity/check-article.js';
import { type Extent, type LogCheck, noteFault, SealChain, type SealedCommit, usualExtent } from '../log-check.js';
import { ArticleLoader } from './article-loader.js';
import type { SealRow } from './seal-row.js';
import { toMootError } from './sqlite-error.js';

/** @throws as SQLite says it, when the log cannot be followed at all. */
export function checkLogs(database: Database, extent: Extent = usualExtent): LogCheck {
  const faults = new Set<string>();
  const count = database.prepare<[], number>('SELECT count(*) FROM entries').pluck();
  // One view of the log, which may grow meanwhile.
  const view = database.transaction(() => ({ chain: followChain(database, faults), stored: count.get() ?? 0 }));
  const { chain, stored } = view();
  if (stored !== chain.entries) faults.add(`${stored} entries are stored, ${chain.entries} are sealed`);
  const chosen = chain.chosen(extent);
  const loader = new ArticleLoader(database, () => undefined);
  const checker = new ArticleChecker();
  for (const commit of chosen) readCommit(commit, loader, checker, faults);
  return chain.told(chosen);
}

function followChain(database: Database, faults: Set<string>): SealChain {
  const own = database.prepare<[], string>("SELECT value FROM meta WHERE name = 'own'").pluck().get();
  const gap = database.prepare<[number, number], number>('SELECT 1 FROM gaps WHERE origin = ? AND to_seq = ?').pluck();
  const rows = database.prepare<[], SealRow & { name: string | null; origin: number }>(
    `SELECT name, origin, epoch, first_seq AS firstSeq, size, root, previous, public_key AS publicKey, signature
     FROM commits LEFT JOIN origins ON number = origin ORDER BY origin, epoch, first_seq`,
  );
  const chain = new SealChain(own, (origin, toSeq) => gap.get(origin, toSeq) === 1, faults);
  for (const { name, origin, ...row } of rows.iterate()) chain.add(name, origin, row);
  return chain;
}

/** One by one, so that each damaged row is named; what is wrong with the commit is said once. */
function readCommit(commit: SealedCommit, loader: ArticleLoader, checker: ArticleChecker, faults: Set<string>): void {
  const { name, epoch, firstSeq, size } = commit;
  for (let seq = firstSeq; seq < firstSeq + size; seq += 1) {
    const before = faults.size;
    const isWhole = noteFault(faults, `entry ${seq}`, () => {
      try {
        const [entry] = loader.readEpoch(name, epoch, seq, 1);
        // One that was retracted or hidden has its place and its hash, and no text.
        if (entry) checker.check(entry.bytes, entry, entry.storedAtMs);
      } catch (error) {
        throw toMootError(error);
      }
    });
    if (!isWhole && faults.size === before) return;
  }
}
