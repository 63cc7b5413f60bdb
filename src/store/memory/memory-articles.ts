import { noHash, type Proof, type SealedArticle } from '../../core/entry.js';
import { encodeEntry } from '../../core/entry-codec.js';
import type { ArticleFilter } from '../../core/filter.js';
import { matches } from '../../core/filter.js';
import { toId } from '../../core/ids.js';
import { comparePositions } from '../../core/position.js';
import type {
  Appended,
  ArticleKey,
  ArticleStore,
  FindRequest,
  Found,
  LogEnd,
  Published,
  SealedEntry,
  Sealer,
  StoreCounts,
  Submission,
} from '../../core/stores.js';
import { leafHash, merkleLevels, merklePath } from '../../identity/merkle.js';
import { sealHash } from '../../identity/seal.js';
import { draftDigest, toEntry } from '../submission.js';

interface Remembered {
  readonly published: Published;
  readonly digest: Uint8Array;
}

/** The own log in a list. Nothing is kept for the next start; everything else is as the contract says. */
export class MemoryArticles implements ArticleStore {
  private readonly log: SealedArticle[] = [];
  private readonly byId = new Map<string, SealedArticle>();
  private readonly keys = new Map<string, Remembered>();
  private lastSeal = noHash;

  constructor(
    private readonly sealer: Sealer,
    private readonly now: () => number,
  ) {}

  async append(submissions: readonly Submission[]): Promise<readonly Appended[]> {
    const nowMs = this.now();
    const firstSeq = this.log.length + 1;
    const fresh: { entry: SealedArticle['entry']; bytes: Uint8Array; leaf: Uint8Array }[] = [];
    const results = submissions.map((submission): Appended => {
      const name = `${submission.member.memberId}\n${submission.key}`;
      const digest = draftDigest(submission.draft);
      const before = submission.key === '' ? undefined : this.keys.get(name);
      if (before) return again(before, digest);
      const place = { origin: this.sealer.origin, epoch: 1, seq: firstSeq + fresh.length };
      const entry = toEntry(submission, place, nowMs);
      const bytes = encodeEntry(entry);
      const leaf = leafHash(bytes);
      fresh.push({ entry, bytes, leaf });
      const published = { ...place, id: toId(leaf), publishedAtMs: entry.publishedAtMs, duplicate: false };
      if (submission.key !== '') this.keys.set(name, { published, digest });
      return { published };
    });
    if (fresh.length === 0) return results;
    const leaves = fresh.map(({ leaf }) => leaf);
    const seal = this.sealer.seal(1, firstSeq, leaves, this.lastSeal);
    const levels = merkleLevels(leaves);
    fresh.forEach(({ entry, bytes, leaf }, index) => {
      const proof: Proof = { seal, index, path: merklePath(levels, index) };
      const article = { id: toId(leaf), entry, bytes, proof, storedAtMs: nowMs };
      this.log.push(article);
      this.byId.set(article.id, article);
    });
    this.lastSeal = sealHash(seal);
    return results;
  }

  async find({ filter, origin, before, limit, notAfterMs }: FindRequest): Promise<Found> {
    const found = origin === this.sealer.origin ? this.matching(filter) : [];
    const shown = found.filter(({ publishedAtMs }) => publishedAtMs <= notAfterMs);
    const keys = shown
      .filter((key) => before === undefined || comparePositions(before, key) < 0)
      .sort(comparePositions);
    return { keys: keys.slice(0, limit), more: keys.length > limit, held: found.length - shown.length };
  }

  async load(keys: readonly ArticleKey[]): Promise<readonly SealedArticle[]> {
    return keys.flatMap(({ id }) => this.byId.get(id) ?? []);
  }

  async get(id: string): Promise<SealedArticle | undefined> {
    return this.byId.get(id);
  }

  async read(origin: string, fromSeq: number, limit: number): Promise<readonly SealedEntry[]> {
    if (origin !== this.sealer.origin) return [];
    const from = Math.max(fromSeq, 1) - 1;
    return this.log.slice(from, from + limit);
  }

  async end(): Promise<LogEnd> {
    return { epoch: 1, seq: this.log.length, lastSeal: this.lastSeal };
  }

  async counts(): Promise<StoreCounts> {
    const counted = new Map<string, number>();
    for (const { entry } of this.log) counted.set(entry.topic, (counted.get(entry.topic) ?? 0) + 1);
    const topics = [...counted].map(([topic, articles]) => ({ topic, articles }));
    return { articles: this.log.length, topics: topics.sort((a, b) => (a.topic < b.topic ? -1 : 1)) };
  }

  private matching(filter: ArticleFilter): ArticleKey[] {
    return this.log
      .filter(({ entry }) => matches(filter, entry))
      .map(({ id, entry, bytes }) => {
        return { id, publishedAtMs: entry.publishedAtMs, place: entry.seq, bytes: bytes.length };
      });
  }
}

function again({ published, digest }: Remembered, sent: Uint8Array): Appended {
  if (Buffer.compare(digest, sent) !== 0) return { refused: 'key has another draft' };
  return { published: { ...published, duplicate: true } };
}
