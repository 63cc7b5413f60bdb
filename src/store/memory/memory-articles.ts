import type { SealedArticle } from '../../core/entry.js';
import { encodeEntry } from '../../core/entry-codec.js';
import { MootError } from '../../core/errors.js';
import { matches } from '../../core/filter.js';
import type { HeldStore } from '../../core/held.js';
import { toId } from '../../core/ids.js';
import type { Retraction } from '../../core/log.js';
import type { HiddenArticle, Hiding } from '../../core/moderation.js';
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
import { leafHash } from '../../identity/merkle.js';
import { draftDigest, retractionOf, toEntry } from '../submission.js';
import type { MemoryHeld } from './memory-held.js';
import type { KeptEntry, MemoryLog } from './memory-log.js';
import type { MemoryLogs } from './memory-logs.js';
import type { MemoryUses } from './memory-uses.js';

interface Remembered {
  readonly published: Published;
  readonly digest: Uint8Array;
}

interface Fresh {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

/** Articles in lists. Nothing is kept for the next start; everything else is as the contract says. */
export class MemoryArticles implements ArticleStore {
  private readonly keys = new Map<string, Remembered>();
  private readonly log: MemoryLog;

  constructor(
    private readonly sealer: Sealer,
    private readonly logs: MemoryLogs,
    private readonly now: () => number,
    private readonly uses: MemoryUses,
    private readonly waiting: MemoryHeld,
  ) {
    this.log = logs.own;
  }

  async append(submissions: readonly Submission[]): Promise<readonly Appended[]> {
    const nowMs = this.now();
    const fresh: Fresh[] = [];
    const results = submissions.map((submission): Appended => {
      const { memberId } = submission.member;
      const digest = draftDigest(submission.draft);
      const before = this.remembered(memberId, submission.key);
      if (before) return again(before, digest);
      const isHeld = this.holds(submission);
      if (isHeld && this.waiting.isFull(memberId)) return { refused: 'too many are held' };
      const place = this.placeAt(fresh.length);
      const entry = toEntry(submission, place, nowMs);
      const bytes = encodeEntry(entry);
      const reached = this.uses.spend(memberId, bytes.length, nowMs);
      if (reached) return { refused: reached };
      if (isHeld) return { published: this.waiting.add(submission, digest, nowMs) };
      const hash = leafHash(bytes);
      fresh.push({ bytes, hash });
      const published = { ...place, id: toId(hash), publishedAtMs: entry.publishedAtMs, duplicate: false };
      this.remember(submission, published, digest);
      return { published };
    });
    if (fresh.length > 0) this.seal(fresh, nowMs);
    return results;
  }

  readonly held: HeldStore = {
    list: async (request) => this.waiting.list(request),
    release: async (id) => {
      const nowMs = this.now();
      const { submission, digest } = this.waiting.take(id);
      const entry = toEntry(submission, this.placeAt(0), nowMs);
      const bytes = encodeEntry(entry);
      const hash = leafHash(bytes);
      const published = { ...toPublished(toId(hash), entry), duplicate: false };
      this.remember(submission, published, digest);
      this.seal([{ bytes, hash }], nowMs);
      return published;
    },
    refuse: async (id, refusal) => this.waiting.refuse(id, refusal),
  };

  async retract(retraction: Retraction): Promise<Published> {
    const before = this.log.retractionOf(retraction.id);
    if (before?.entry) return { ...toPublished(before.id, before.entry), duplicate: true };
    const entry = this.log.text(retraction.id)?.entry;
    if (entry?.kind !== 'article') throw new MootError('not_found', `there is no article ${retraction.id} here`);
    if (retraction.onlyOf !== undefined && retraction.onlyOf !== entry.memberId)
      throw new MootError('denied', 'only who has published an article, or the operator, can take it back');
    const nowMs = this.now();
    const taken = retractionOf(entry, retraction, this.placeAt(0), nowMs);
    const bytes = encodeEntry(taken);
    const hash = leafHash(bytes);
    this.seal([{ bytes, hash }], nowMs);
    return { ...toPublished(toId(hash), taken), duplicate: false };
  }

  async hide(hiding: Hiding): Promise<HiddenArticle> {
    return this.logs.hide(hiding);
  }

  async unhide(id: string): Promise<HiddenArticle> {
    return this.logs.unhide(id);
  }

  async hidden(): Promise<readonly HiddenArticle[]> {
    return this.logs.hidden;
  }

  async find({ filter, origin, before, limit, notAfterMs }: FindRequest): Promise<Found> {
    const found = (this.logs.get(origin)?.texts() ?? [])
      .filter((text) => matches(filter, text))
      .map(({ id, entry, bytes }): ArticleKey => {
        return { id, publishedAtMs: entry.publishedAtMs, place: entry.seq, bytes: bytes.length };
      });
    const shown = found.filter(({ publishedAtMs }) => publishedAtMs <= notAfterMs);
    const keys = shown
      .filter((key) => before === undefined || comparePositions(before, key) < 0)
      .sort(comparePositions);
    return { keys: keys.slice(0, limit), more: keys.length > limit, held: found.length - shown.length };
  }

  async load(keys: readonly ArticleKey[]): Promise<readonly SealedArticle[]> {
    return keys.flatMap(({ id }) => this.text(id) ?? []);
  }

  async get(id: string): Promise<SealedArticle | undefined> {
    return this.text(id);
  }

  async read(origin: string, fromSeq: number, limit: number): Promise<readonly SealedEntry[]> {
    const log = this.logs.get(origin);
    const from = Math.max(fromSeq, 1);
    const inEpoch = (log?.texts() ?? []).filter(({ entry }) => entry.epoch === log?.end.epoch && entry.seq >= from);
    return inEpoch.filter(({ entry }) => entry.seq < from + limit).flatMap(({ id }) => log?.text(id) ?? []);
  }

  async end(): Promise<LogEnd> {
    return { ...this.log.end, lastSeal: this.log.lastSeal };
  }

  async counts(): Promise<StoreCounts> {
    const counted = new Map<string, number>();
    const articles = this.log.texts().filter(({ entry }) => entry.kind === 'article');
    for (const { entry } of articles) counted.set(entry.topic, (counted.get(entry.topic) ?? 0) + 1);
    const topics = [...counted].map(([topic, count]) => ({ topic, articles: count }));
    return { articles: articles.length, topics: topics.sort((a, b) => (a.topic < b.topic ? -1 : 1)) };
  }

  private remembered(memberId: string, key: string): Remembered | undefined {
    if (key === '') return undefined;
    return this.keys.get(`${memberId}\n${key}`) ?? this.waiting.remembered(memberId, key);
  }

  private remember({ member, key }: Submission, published: Published, digest: Uint8Array): void {
    if (key !== '') this.keys.set(`${member.memberId}\n${key}`, { published, digest });
  }

  private holds({ member, holdBelow = 0 }: Submission): boolean {
    return [...this.keys.keys()].filter((name) => name.startsWith(`${member.memberId}\n`)).length < holdBelow;
  }

  private text(id: string): SealedArticle | undefined {
    for (const log of this.logs.all) {
      const found = log.text(id);
      if (found?.entry.kind === 'article') return found;
    }
    return undefined;
  }

  /** The place of the entry that `ahead` others of the next commit stand before. */
  private placeAt(ahead: number) {
    const { epoch, seq } = this.log.end;
    return { origin: this.sealer.origin, epoch, seq: seq + 1 + ahead };
  }

  private seal(fresh: readonly Fresh[], storedAtMs: number): void {
    const { epoch, seq } = this.placeAt(0);
    const leaves = fresh.map(({ hash }) => hash);
    const seal = this.sealer.seal(epoch, seq, leaves, this.log.lastSeal);
    this.logs.add(this.log, {
      seal,
      entries: fresh.map(({ bytes, hash }) => ({ bytes, hash, gone: undefined })),
      storedAtMs,
    });
  }
}

function toPublished(
  id: string,
  { origin, epoch, seq, publishedAtMs }: NonNullable<KeptEntry['entry']>,
): Omit<Published, 'duplicate'> {
  return { id, origin, epoch, seq, publishedAtMs };
}

function again({ published, digest }: Remembered, sent: Uint8Array): Appended {
  if (Buffer.compare(digest, sent) !== 0) return { refused: 'key has another draft' };
  return { published: { ...published, duplicate: true } };
}
