import type { Database } from 'better-sqlite3';
import { noHash } from '../../core/entry.js';
import { encodeInto } from '../../core/entry-codec.js';
import { MootError } from '../../core/errors.js';
import { toId } from '../../core/ids.js';
import { Writer } from '../../core/protobuf.js';
import type { Appended, Published, Sealer, Submission } from '../../core/stores.js';
import { leafHash } from '../../identity/merkle.js';
import { sealHash } from '../../identity/seal.js';
import { draftDigest, toEntry } from '../submission.js';
import { Interned } from './interned.js';
import { logStatements } from './log-statements.js';
import { toSeal } from './seal-row.js';
import { breaksTheDisk } from './sqlite-error.js';

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
  private readonly sql;
  private readonly origins: Interned;
  private readonly topics: Interned;
  private readonly authors: Interned;
  private readonly writer = new Writer();
  private epoch = 1;
  private seq = 0;
  private lastSeal: Uint8Array = noHash;
  private last = 0;

  /** @throws MootError `damaged` when the end of the log is not what its last seal says. */
  constructor(
    database: Database,
    private readonly sealer: Sealer,
  ) {
    this.sql = logStatements(database);
    this.origins = new Interned(database, 'origins');
    this.topics = new Interned(database, 'topics');
    this.authors = new Interned(database, 'authors');
    this.claim();
    this.resume();
  }

  /** The place of the last entry that is on the disk. */
  get lastPlace(): number {
    return this.last;
  }

  /**
   * @returns one result for each, in order, when all are on the disk.
   * @throws what SQLite throws; nothing of the batch is then kept.
   */
  append(batch: readonly Waiting[]): Appended[] {
    this.sql.begin.run();
    try {
      const results = this.write(batch);
      this.sql.commit.run();
      return results;
    } catch (error) {
      this.rollBack(error);
      throw error;
    }
  }

  private write(batch: readonly Waiting[]): Appended[] {
    const origin = this.origins.numberOf(this.sealer.origin);
    const written = new Map<string, Written>();
    const leaves: Uint8Array[] = [];
    const counts = new Map<number, number>();
    const firstSeq = this.seq + 1;
    const results = batch.map((waiting) => {
      const { submission, nowMs } = waiting;
      const { key, member } = submission;
      const name = `${member.memberId}\n${key}`;
      const digest = key === '' ? noHash : draftDigest(submission.draft);
      const before = key === '' ? undefined : (written.get(name) ?? this.remembered(member.memberId, key));
      if (before) return again(before, digest);
      const entry = toEntry(submission, { origin: this.sealer.origin, epoch: this.epoch, seq: this.seq + 1 }, nowMs);
      const bytes = encodeInto(this.writer, entry);
      const leaf = leafHash(bytes);
      const topic = this.topics.numberOf(entry.topic);
      const author = this.authors.numberOf(entry.author);
      this.seq += 1;
      this.last += 1;
      const at = [this.last, origin, this.epoch, this.seq] as const;
      this.sql.addEntry.run(...at, leaf, topic, author, entry.publishedAtMs, nowMs, bytes);
      if (key !== '') this.sql.addKey.run(member.memberId, key, this.last, digest);
      leaves.push(leaf);
      counts.set(topic, (counts.get(topic) ?? 0) + 1);
      const { publishedAtMs } = entry;
      const { epoch, seq } = this;
      const published = { id: toId(leaf), origin: this.sealer.origin, epoch, seq, publishedAtMs, duplicate: false };
      if (key !== '') written.set(name, { published, digest });
      return { published };
    });
    for (const [topic, articles] of counts) this.sql.count.run(origin, topic, articles);
    if (leaves.length > 0) this.seal(origin, firstSeq, leaves, batch.at(-1)?.nowMs ?? 0);
    return results;
  }

  private seal(origin: number, firstSeq: number, leaves: readonly Uint8Array[], nowMs: number): void {
    const seal = this.sealer.seal(this.epoch, firstSeq, leaves, this.lastSeal);
    const { epoch, size, root, previous, publicKey, signature } = seal;
    this.sql.addCommit.run(origin, epoch, firstSeq, size, root, previous, publicKey, signature, nowMs);
    this.lastSeal = sealHash(seal);
  }

  private remembered(memberId: string, key: string): Written | undefined {
    const row = this.sql.findKey.get(memberId, key);
    if (!row) return undefined;
    const { id, epoch, seq, publishedAtMs } = row;
    const published = { id: toId(id), origin: this.sealer.origin, epoch, seq, publishedAtMs, duplicate: false };
    return { published, digest: row.digest };
  }

  private rollBack(cause: unknown): void {
    try {
      this.sql.rollback.run();
    } catch {
      // SQLite has rolled back by itself.
    }
    if (breaksTheDisk(cause)) return;
    for (const names of [this.origins, this.topics, this.authors]) names.forget();
    this.resume();
  }

  /** A log is continued by the identity that began it, and by no other. */
  private claim(): void {
    const owner = this.sql.owner.get();
    if (owner === undefined) this.sql.own.run(this.sealer.origin);
    else if (owner !== this.sealer.origin)
      throw new MootError('denied', 'the database is another community’s, not that of this identity', {
        hint: 'name the database that goes with this identity file',
      });
  }

  private resume(): void {
    this.last = this.sql.lastPlace.get() ?? 0;
    const origin = this.origins.numberOf(this.sealer.origin);
    const end = this.sql.lastCommit.get(origin);
    const inLog = this.sql.lastSeq.get(origin, end?.epoch ?? 1) ?? 0;
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
