import { noHash, type Seal } from '../../core/entry.js';
import type { LogEnd, StoreCounts } from '../../core/stores.js';
import { sealHash } from '../../identity/seal.js';
import { ArticleFinder } from './article-finder.js';
import { ArticleLoader } from './article-loader.js';
import { openForReading } from './connection.js';
import type { ReaderCalls } from './messages.js';
import { packEntries } from './packed-entries.js';
import { recordReads } from './records.js';

/**
 * All that is read from a database, on one connection. Each call sees everything that was committed before it.
 * @param own the log that `end` and `counts` are about.
 * @param onDamaged is told the place of each damaged row that `load` passed over.
 */
export function openReader(file: string, own: string, onDamaged: (place: number) => void): ReaderCalls {
  const database = openForReading(file);
  const finder = new ArticleFinder(database);
  const loader = new ArticleLoader(database, onDamaged);
  const last = database.prepare<[string], Omit<Seal, 'origin'>>(
    `SELECT epoch, first_seq AS firstSeq, size, root, previous, public_key AS publicKey, signature FROM commits
     WHERE origin = (SELECT number FROM origins WHERE name = ?) ORDER BY epoch DESC, first_seq DESC LIMIT 1`,
  );
  const topics = database.prepare<[string], StoreCounts['topics'][number]>(
    `SELECT topics.name AS topic, articles FROM topic_counts JOIN topics ON topics.number = topic
     WHERE origin = (SELECT number FROM origins WHERE name = ?) AND articles > 0 ORDER BY topics.name`,
  );
  return {
    find: (request) => finder.find(request),
    load: (keys) => packEntries(loader.load(keys)),
    get: (id) => packEntries(loader.get(id)),
    read: (origin, fromSeq, limit) => packEntries(loader.read(origin, fromSeq, limit)),
    end: (): LogEnd => {
      const seal = last.get(own);
      if (!seal) return { epoch: 1, seq: 0, lastSeal: noHash };
      return { epoch: seal.epoch, seq: seal.firstSeq + seal.size - 1, lastSeal: sealHash({ ...seal, origin: own }) };
    },
    counts: () => {
      const counted = topics.all(own);
      return { articles: counted.reduce((sum, { articles }) => sum + articles, 0), topics: counted };
    },
    ...recordReads(database),
    close: () => void database.close(),
  };
}
