import type { Database } from 'better-sqlite3';
import { type Entry, noHash, type Seal } from '../../core/entry.js';
import { decodeEntry, encodeInto } from '../../core/entry-codec.js';
import { MootError } from '../../core/errors.js';
import type { ArticleRefusal, HeldArticle } from '../../core/held.js';
import { toId } from '../../core/ids.js';
import type { Commit, LogPlace, Retraction } from '../../core/log.js';
import { Writer } from '../../core/protobuf.js';
import { type DailyQuota, noQuota } from '../../core/quota.js';
import type { Appended, Published, Sealer, Submission } from '../../core/stores.js';
import { leafHash } from '../../identity/merkle.js';
import { sealHash } from '../../identity/seal-statement.js';
import { draftDigest, retractionOf, toEntry } from '../submission.js';
import { DailyUses } from './daily-uses.js';
import { answeredId, articleKind, retractionKind } from './entry-scanner.js';
import { HeldTable } from './held.js';
import { LogTables } from './log-tables.js';
import type { Retractions } from './retractions.js';
import { toSeal } from './seal-row.js';

/** A submission and when it came in. */
export interface Waiting {
  readonly submission: Submission;
  readonly nowMs: number;
}

interface Written {
  readonly published: Published;
  readonly digest: Uint8Array;
}

/** Appends to the own log. One call of `append` is one transaction, one commit, one seal and one sync. */
export class LogWriter {
  private readonly writer = new Writer();
  private epoch = 1;
  private seq = 0;
  private lastSeal: Uint8Array = noHash;
  /** What the call that runs has sealed, for who listens. */
  private sealed: Commit | undefined;
  private isHeard = false;
  private leaves: Uint8Array[] = [];
  private texts: Uint8Array[] = [];
  private readonly held: HeldTable;

  /** @throws MootError `damaged` when the end of the log is not what its last seal says. */
  constructor(
    database: Database,
    private readonly sealer: Sealer,
    private readonly tables = new LogTables(database),
    private readonly quota: DailyQuota = noQuota,
  ) {
    this.held = new HeldTable(database);
    this.claim();
    tables.onRollback(() => this.resume());
  }

  /** The place of the last entry that is on the disk. */
  get lastPlace(): number {
    return this.tables.lastPlace;
  }

  get end(): LogPlace {
    return { epoch: this.epoch, seq: this.seq };
  }

  /**
   * @param onSealed is given the commit that they became, when it is on the disk.
   * @returns one result for each, in order, when all are on the disk.
   * @throws what SQLite throws; nothing of the batch is then kept.
   */
  append(batch: readonly Waiting[], onSealed?: (commit: Commit) => void): Appended[] {
    return this.committed(() => this.write(batch), onSealed);
  }

  /** Appends what is held. @throws MootError `not_found`, or what SQLite throws. */
  release(id: string, nowMs: number, onSealed?: (commit: Commit) => void): Published {
    return this.committed(() => {
      const origin = this.tables.origins.numberOf(this.sealer.origin);
      const { submission, digest } = this.held.take(id);
      const entry = toEntry(submission, this.nextPlace(), nowMs);
      const published = this.publish(origin, submission, digest, entry, encodeInto(this.writer, entry), nowMs);
      this.seal(origin, nowMs);
      return published;
    }, onSealed);
  }

  /** @throws MootError `not_found`. */
  refuse(id: string, refusal: ArticleRefusal): HeldArticle {
    return this.tables.transaction(() => this.held.refuse(id, refusal));
  }

  /** @throws MootError `not_found`, `denied` or `damaged`, or what SQLite throws. The word index must have come to the article. */
  retract(
    retraction: Retraction,
    nowMs: number,
    retractions: Retractions,
    onSealed?: (commit: Commit) => void,
  ): Published {
    const origin = this.tables.origins.numberOf(this.sealer.origin);
    const before = retractions.of(origin, retraction.id);
    if (before) return { ...before, id: toId(before.id), origin: this.sealer.origin, duplicate: true };
    const article = retractable(retractions.textOf(origin, retraction.id), retraction);
    return this.committed(() => {
      const entry = retractionOf(article, retraction, this.nextPlace(), nowMs);
      const bytes = encodeInto(this.writer, entry);
      const hash = this.add(origin, entry, bytes, retractionKind, this.tables.topics.numberOf(entry.topic), nowMs);
      retractions.note(origin, this.tables.lastPlace, entry);
      this.seal(origin, nowMs);
      const { epoch, seq, publishedAtMs } = entry;
      return { id: toId(hash), origin: this.sealer.origin, epoch, seq, publishedAtMs, duplicate: false };
    }, onSealed);
  }

  /** Goes on after a commit of the own log that a mirror had: the caller has stored it. */
  goOnAfter(seal: Seal): void {
    this.epoch = seal.epoch;
    this.seq = seal.firstSeq + seal.size - 1;
    this.lastSeal = sealHash(seal);
  }

  private committed<Result>(write: () => Result, onSealed: ((commit: Commit) => void) | undefined): Result {
    this.sealed = undefined;
    this.isHeard = onSealed !== undefined;
    this.leaves = [];
    this.texts = [];
    const result = this.tables.transaction(write);
    if (this.sealed) onSealed?.(this.sealed);
    return result;
  }

  private write(batch: readonly Waiting[]): Appended[] {
    const origin = this.tables.origins.numberOf(this.sealer.origin);
    const written = new Map<string, Written>();
    const uses = new DailyUses(this.tables.sql, this.quota);
    const results = batch.map(({ submission, nowMs }) => {
      const { key, member } = submission;
      const name = `${member.memberId}\n${key}`;
      const digest = key === '' ? noHash : draftDigest(submission.draft);
      const before = key === '' ? undefined : (written.get(name) ?? this.remembered(member.memberId, key));
      if (before) return again(before, digest);
      const isHeld = this.held.holds(submission);
      if (isHeld && this.held.isFull(member.memberId)) return { refused: 'too many are held' as const };
      const entry = toEntry(submission, this.nextPlace(), nowMs);
      const bytes = encodeInto(this.writer, entry);
      const reached = uses.spend(member.memberId, bytes.length, nowMs);
      if (reached) return { refused: reached };
      const published = isHeld
        ? this.held.add(submission, digest, nowMs, this.sealer.origin)
        : this.publish(origin, submission, digest, entry, bytes, nowMs);
      if (key !== '') written.set(name, { published, digest });
      return { published };
    });
    uses.write();
    if (this.leaves.length > 0) this.seal(origin, batch.at(-1)?.nowMs ?? 0);
    return results;
  }

  private publish(
    origin: number,
    { key, member }: Submission,
    digest: Uint8Array,
    entry: Entry,
    bytes: Uint8Array,
    nowMs: number,
  ): Published {
    const topic = this.tables.topics.numberOf(entry.topic);
    const id = toId(this.add(origin, entry, bytes, articleKind, topic, nowMs));
    if (key !== '') this.tables.sql.addKey.run(member.memberId, key, this.tables.lastPlace, digest);
    this.tables.count(origin, topic, 1);
    const { publishedAtMs, epoch, seq } = entry;
    return { id, origin: this.sealer.origin, epoch, seq, publishedAtMs, duplicate: false };
  }

  private nextPlace() {
    return { origin: this.sealer.origin, epoch: this.epoch, seq: this.seq + 1 };
  }

  /** @param bytes of the entry; they are the writer's, and good until the next. */
  private add(origin: number, entry: Entry, bytes: Uint8Array, kind: number, topic: number, nowMs: number): Uint8Array {
    const hash = leafHash(bytes);
    const author = this.tables.authors.numberOf(entry.author);
    this.seq += 1;
    const dates = [entry.publishedAtMs, nowMs] as const;
    const answered = answeredId(entry.replyTo);
    const at = [this.tables.nextPlace(), origin, this.epoch, this.seq] as const;
    this.tables.sql.addEntry.run(...at, hash, kind, topic, author, ...dates, bytes, null, answered);
    this.leaves.push(hash);
    if (this.isHeard) this.texts.push(Buffer.from(bytes));
    return hash;
  }

  private seal(origin: number, nowMs: number): void {
    const { leaves, texts } = this;
    const seal = this.sealer.seal(this.epoch, this.seq - leaves.length + 1, leaves, this.lastSeal);
    const { epoch, firstSeq, size, root, previous, publicKey, signature } = seal;
    this.tables.sql.addCommit.run(origin, epoch, firstSeq, size, root, previous, publicKey, signature, nowMs, null);
    this.lastSeal = sealHash(seal);
    if (!this.isHeard) return;
    const entries = leaves.map((hash, at) => ({ hash, bytes: texts[at], gone: undefined }));
    this.sealed = { seal, entries, storedAtMs: nowMs };
  }

  private remembered(memberId: string, key: string): Written | undefined {
    const row = this.tables.sql.findKey.get(memberId, key);
    if (!row) return this.held.remembered(memberId, key, this.sealer.origin);
    const { id, epoch, seq, publishedAtMs } = row;
    const published = { id: toId(id), origin: this.sealer.origin, epoch, seq, publishedAtMs, duplicate: false };
    return { published, digest: row.digest };
  }

  /** A log is continued by the identity that began it, and by no other. */
  private claim(): void {
    const owner = this.tables.sql.owner.get();
    if (owner === undefined) this.tables.sql.own.run(this.sealer.origin);
    else if (owner !== this.sealer.origin)
      throw new MootError('denied', 'the database is another community’s, not that of this identity', {
        hint: 'name the database that goes with this identity file',
      });
  }

  private resume(): void {
    const { sql, origins } = this.tables;
    const origin = origins.numberOf(this.sealer.origin);
    const end = sql.lastCommit.get(origin);
    const inLog = sql.lastSeq.get(origin, end?.epoch ?? 1) ?? 0;
    this.epoch = end?.epoch ?? 1;
    this.seq = end ? end.firstSeq + end.size - 1 : 0;
    if (inLog !== this.seq)
      throw new MootError('damaged', `the log ends at ${inLog}, its last seal at ${this.seq}`, {
        hint: 'stop the server and put a copy of the database in its place',
      });
    this.lastSeal = end ? sealHash(toSeal(this.sealer.origin, end)) : noHash;
  }
}

function again({ published, digest }: Written, sent: Uint8Array): Appended {
  if (Buffer.compare(digest, sent) !== 0) return { refused: 'key has another draft' };
  return { published: { ...published, duplicate: true } };
}

/** What a retraction takes back. @throws MootError `not_found`, `denied` or `damaged`. */
function retractable(bytes: Uint8Array | undefined, { id, onlyOf }: Retraction): Entry {
  if (!bytes) throw new MootError('not_found', `there is no article ${id} here`);
  if (toId(leafHash(bytes)) !== id) throw new MootError('damaged', `article ${id} is damaged`);
  const article = decodeEntry(bytes);
  if (onlyOf !== undefined && onlyOf !== article.memberId)
    throw new MootError('denied', 'only who has published an article, or the operator, can take it back');
  return article;
}
