import { noHash } from '../../core/entry.js';
import type { OriginId } from '../../core/ids.js';
import type { LogPlace } from '../../core/log.js';
import type { ArticleKey, FindRequest, LogEnd, StoreCounts } from '../../core/stores.js';
import { sealHash } from '../../identity/seal-statement.js';
import { ArticleFinder } from './article-finder.js';
import { ArticleLoader } from './article-loader.js';
import { CommitReader } from './commit-reader.js';
import { openForReading } from './connection.js';
import { heldReads } from './held.js';
import { hiddenReads } from './hidden.js';
import { LogStates } from './log-states.js';
import type { ReaderCalls } from './messages.js';
import { moderationReads } from './moderation-records.js';
import { packLog } from './packed-commits.js';
import { packEntries } from './packed-entries.js';
import { peeringReads } from './peering-records.js';
import { recordReads } from './records.js';
import { lastCommitOf, toSeal } from './seal-row.js';

/**
 * All that is read from a database, on one connection. Each call sees everything that was committed before it.
 * @param own the log that `end` and `counts` are about.
 * @param onDamaged is told the place of each damaged row that `load` passed over.
 */
export function openReader(file: string, own: string, onDamaged: (place: number) => void): ReaderCalls {
  const database = openForReading(file);
  const finder = new ArticleFinder(database, onDamaged);
  const loader = new ArticleLoader(database, onDamaged);
  const commits = new CommitReader(database);
  const states = new LogStates(database, own);
  const last = lastCommitOf(database);
  const originOf = database.prepare<[string], number>('SELECT number FROM origins WHERE name = ?').pluck();
  const topics = database.prepare<[string], StoreCounts['topics'][number]>(
    `SELECT topics.name AS topic, articles FROM topic_counts JOIN topics ON topics.number = topic
     WHERE origin = (SELECT number FROM origins WHERE name = ?) AND articles > 0 ORDER BY topics.name`,
  );
  return {
    // One view of the database a call; taking one for each statement was a third of what a page costs.
    find: database.transaction((request: FindRequest) => finder.find(request)),
    load: database.transaction((keys: readonly ArticleKey[]) => packEntries(loader.load(keys))),
    get: database.transaction((id: string) => packEntries(loader.get(id))),
    read: database.transaction((origin: string, fromSeq: number, limit: number) =>
      packEntries(loader.read(origin, fromSeq, limit)),
    ),
    end: (): LogEnd => {
      const row = last.get(originOf.get(own) ?? 0);
      if (!row) return { epoch: 1, seq: 0, lastSeal: noHash };
      const seal = toSeal(own, row);
      return { epoch: seal.epoch, seq: seal.firstSeq + seal.size - 1, lastSeal: sealHash(seal) };
    },
    counts: () => {
      const counted = topics.all(own);
      return { articles: counted.reduce((sum, { articles }) => sum + articles, 0), topics: counted };
    },
    logStates: database.transaction(() => states.all()),
    logState: database.transaction((origin: OriginId) => states.one(origin)),
    whence: (origin: OriginId, place: LogPlace) => states.whence(origin, place),
    readLog: database.transaction((origin: OriginId, after: LogPlace, maxBytes: number) => {
      const log = states.stored(origin);
      return packLog(log ? commits.read(log, after, maxBytes) : []);
    }),
    ...recordReads(database),
    ...moderationReads(database),
    ...hiddenReads(database),
    ...heldReads(database),
    ...peeringReads(database),
    close: () => void database.close(),
  };
}
