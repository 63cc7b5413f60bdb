import { type Entry, noHash, type Seal } from '../../core/entry.js';
import { encodeInto } from '../../core/entry-codec.js';
import { mostHeld } from '../../core/held.js';
import { toId } from '../../core/ids.js';
import type { Commit } from '../../core/log.js';
import { Writer } from '../../core/protobuf.js';
import { type DailyQuota, dayOf, quotaReached } from '../../core/quota.js';
import type { Appended, Published, Sealer, Submission } from '../../core/stores.js';
import { leafHash } from '../../identity/merkle.js';
import { sealHash } from '../../identity/seal-statement.js';
import { articleKind } from '../sqlite/entry-scanner.js';
import { draftDigest, heldAck, toEntry } from '../submission.js';
import { columnsOf, type EntryRow, TopicCounts, tokenText } from './entry-rows.js';
import { keyName, type OwnEnd, type OwnView, type Remembered, useName } from './own-view.js';

/** A submission as it came in, with what can be worked out before its place is known. */
export interface Came {
  readonly submission: Submission;
  readonly nowMs: number;
  /** As its row has them. */
  readonly tokens: string;
}

/** The same with the id that it has while it is held. */
export interface Waiting extends Came {
  readonly heldId: string;
}

export interface KeptKey {
  readonly memberId: string;
  readonly key: string;
  readonly published: Published;
  readonly hash: Uint8Array;
  readonly digest: Uint8Array;
}

interface HeldRow {
  readonly waiting: Waiting;
  readonly digest: Uint8Array;
}

/** What is used of a day besides what was. */
interface Use {
  readonly day: number;
  readonly memberId: string;
  readonly articles: number;
  readonly bytes: number;
}

/** What one statement adds to the own log, worked out for one end of it. */
export class OwnPlan {
  readonly rows: EntryRow[] = [];
  readonly keys: KeptKey[] = [];
  readonly held: HeldRow[] = [];
  readonly counts = new TopicCounts();
  private readonly used = new Map<string, Use>();
  private sealed: Seal | undefined;
  private entryBytes = 0;

  constructor(
    readonly end: OwnEnd,
    private readonly own: { readonly number: number; readonly sealer: Sealer },
  ) {}

  /** Nothing is to be written. */
  get isEmpty(): boolean {
    return this.rows.length === 0 && this.held.length === 0;
  }

  get uses(): readonly Use[] {
    return [...this.used.values()].sort((a, b) => a.day - b.day || (a.memberId < b.memberId ? -1 : 1));
  }

  get bytes(): number {
    return this.entryBytes;
  }

  get nextPlace() {
    const { epoch, seq } = this.end;
    return { origin: this.own.sealer.origin, epoch, seq: seq + 1 + this.rows.length };
  }

  /** Adds an entry at `nextPlace`. */
  add(entry: Entry, kind: number, nowMs: number, bytes = encoded(entry), tokens?: string): Published {
    const hash = leafHash(bytes);
    const { origin, epoch, seq, publishedAtMs } = entry;
    this.rows.push({
      origin: this.own.number,
      epoch,
      seq,
      firstSeq: this.end.seq + 1,
      hash,
      kind,
      ...columnsOf(entry),
      storedAtMs: nowMs,
      bytes,
      gone: null,
      tokens: kind === articleKind ? (tokens ?? tokenText(entry)) : null,
    });
    this.entryBytes += bytes.length + hash.length;
    if (kind === articleKind) this.counts.add(this.own.number, columnsOf(entry).topic, 1);
    return { id: toId(hash), origin, epoch, seq, publishedAtMs, duplicate: false };
  }

  publish(
    { submission, nowMs, tokens }: Came,
    digest: Uint8Array,
    entry: Entry,
    bytes: Uint8Array = encoded(entry),
  ): Published {
    const { key, member } = submission;
    const published = this.add(entry, articleKind, nowMs, bytes, tokens);
    const hash = this.rows.at(-1)?.hash ?? noHash;
    if (key !== '') this.keys.push({ memberId: member.memberId, key, published, hash, digest });
    return published;
  }

  /** Works out what becomes of each, in order. */
  async append(batch: readonly Waiting[], view: OwnView, quota: DailyQuota): Promise<Appended[]> {
    const written = new Map<string, Remembered>();
    const passed = new Map(view.passed);
    const waiting = new Map(view.waiting);
    const raise = (counts: Map<string, number>, memberId: string): unknown =>
      counts.set(memberId, (counts.get(memberId) ?? 0) + 1);
    const appendOne = (one: Waiting): Appended => {
      const { submission, nowMs } = one;
      const { key, member, holdBelow = 0 } = submission;
      const name = keyName(member.memberId, key);
      const digest = key === '' ? noHash : draftDigest(submission.draft);
      const before = key === '' ? undefined : (written.get(name) ?? view.keys.get(name));
      if (before) return again(before, digest);
      const isHeld = (passed.get(member.memberId) ?? 0) < holdBelow;
      if (isHeld && (waiting.get(member.memberId) ?? 0) >= mostHeld) return { refused: 'too many are held' };
      const entry = toEntry(submission, this.nextPlace, nowMs);
      const bytes = encoded(entry);
      const reached = this.spend(member.memberId, bytes.length, nowMs, view, quota);
      if (reached) return { refused: reached };
      if (isHeld) {
        this.held.push({ waiting: one, digest });
        raise(waiting, member.memberId);
      } else if (key !== '') raise(passed, member.memberId);
      const published = isHeld ? heldAck(entry.origin, one.heldId, nowMs) : this.publish(one, digest, entry, bytes);
      if (key !== '') written.set(name, { published, digest });
      return { published };
    };
    const results: Appended[] = [];
    for (const one of batch) {
      results.push(appendOne(one));
      // Others have their turn on this thread.
      if (results.length % sliceEntries === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return results;
  }

  /** The one seal over all that was added; undefined where nothing was. */
  seal(): Seal | undefined {
    if (this.rows.length === 0) return undefined;
    const leaves = this.rows.map(({ hash }) => hash);
    this.sealed ??= this.own.sealer.seal(this.end.epoch, this.end.seq + 1, leaves, this.end.lastSeal);
    return this.sealed;
  }

  /** Where the own log ends once this is in it. */
  get after(): OwnEnd {
    const { version, epoch, seq, lastSeal, heldLast } = this.end;
    const seal = this.seal();
    return {
      version: version + 1,
      epoch,
      seq: seq + this.rows.length,
      lastSeal: seal ? sealHash(seal) : lastSeal,
      heldLast: heldLast + this.held.length,
    };
  }

  get commit(): Commit | undefined {
    const seal = this.seal();
    if (!seal) return undefined;
    const entries = this.rows.map(({ hash, bytes }) => ({ hash, bytes: bytes ?? undefined, gone: undefined }));
    return { seal, entries, storedAtMs: this.storedAtMs };
  }

  /** When the last of it came in. */
  get storedAtMs(): number {
    return this.rows.at(-1)?.storedAtMs ?? 0;
  }

  private spend(memberId: string, bytes: number, nowMs: number, view: OwnView, quota: DailyQuota) {
    const day = dayOf(nowMs);
    const name = useName(day, memberId);
    const before = view.uses.get(name) ?? nothingUsed;
    const more = this.used.get(name) ?? nothingUsed;
    const use = { articles: before.articles + more.articles, bytes: before.bytes + more.bytes };
    const reached = quotaReached(quota, use, bytes, nowMs);
    if (!reached) this.used.set(name, { day, memberId, articles: more.articles + 1, bytes: more.bytes + bytes });
    return reached;
  }
}

/** Some milliseconds of encoding and hashing. */
const sliceEntries = 128;
const writer = new Writer();

/** A writer for each entry would be the dearest of all. */
function encoded(entry: Entry): Uint8Array {
  return Buffer.from(encodeInto(writer, entry));
}

const nothingUsed = { articles: 0, bytes: 0 };

function again({ published, digest }: Remembered, sent: Uint8Array): Appended {
  if (Buffer.compare(digest, sent) !== 0) return { refused: 'key has another draft' };
  return { published: { ...published, duplicate: true } };
}
