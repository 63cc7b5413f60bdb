import type { Database } from 'better-sqlite3';
import { type Head, noHash } from '../../core/entry.js';
import { isMootError, type MootError } from '../../core/errors.js';
import type { OriginId } from '../../core/ids.js';
import {
  type Commit,
  type CommitEntry,
  endOf,
  endOfGap,
  type Gap,
  type Gone,
  type LogPlace,
  logStart,
} from '../../core/log.js';
import { isNewerHead } from '../../core/newer-head.js';
import { sealHash } from '../../identity/seal-statement.js';
import { assertFollows, assertGap } from '../log-order.js';
import { answeredId, articleKind, EntryScanner, retractionKind, unreadableKind } from './entry-scanner.js';
import type { HiddenArticles } from './hidden.js';
import type { LogTables } from './log-tables.js';
import type { LogWriter } from './log-writer.js';
import type { PackedTake } from './messages.js';
import type { Mirrors } from './mirrors.js';
import { goneNumbers, markGone, unpackCommits } from './packed-commits.js';
import type { Retractions } from './retractions.js';

/** What is to be done to mirrors. */
export type MirrorChange =
  | { readonly kind: 'take'; readonly take: PackedTake }
  | { readonly kind: 'skip'; readonly gap: Gap; readonly via: OriginId }
  | { readonly kind: 'head'; readonly head: Head };

/** What is not shown of mirrors, and why. */
export interface Withheld {
  readonly retractions: Retractions;
  readonly hidden: HiddenArticles;
}

/** Writes what was mirrored: many changes in one transaction. */
export class MirrorWriter {
  private readonly scanner = new EntryScanner();
  private readonly addGap;
  private readonly head;
  private readonly putHead;

  constructor(
    database: Database,
    private readonly own: { readonly origin: OriginId; readonly log: LogWriter },
    private readonly tables: LogTables,
    private readonly mirrors: Mirrors,
    private readonly withheld: Withheld,
  ) {
    this.addGap = database.prepare('INSERT INTO gaps (origin, epoch, from_seq, to_seq, reason) VALUES (?, ?, ?, ?, ?)');
    this.head = database.prepare<[number], Pick<Head, 'epoch' | 'seq' | 'asOfMs' | 'publicKey'>>(
      'SELECT epoch, seq, as_of AS asOfMs, public_key AS publicKey FROM heads WHERE origin = ?',
    );
    this.putHead = database.prepare(
      `INSERT OR REPLACE INTO heads (origin, epoch, seq, last_seal, as_of, public_key, signature)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  /**
   * @returns for each change, in order, why it was refused, if it was: the others are on the disk.
   * @throws what SQLite throws; nothing of any is then kept.
   */
  write(changes: readonly MirrorChange[]): (MootError | undefined)[] {
    return this.tables.transaction(() => {
      const refusals = changes.map((change) => this.attempt(change));
      this.mirrors.save();
      return refusals;
    });
  }

  private attempt(change: MirrorChange): MootError | undefined {
    try {
      if (change.kind === 'take') this.take(change.take);
      else if (change.kind === 'skip') this.skip(change.gap, change.via);
      else this.note(change.head);
      return undefined;
    } catch (error) {
      // All that is refused is refused before anything of it is written.
      if (isMootError(error) && error.code === 'invalid') return error;
      throw error;
    }
  }

  private take({ packed, vias }: PackedTake): void {
    const commits = unpackCommits(packed);
    const ends = new Map<OriginId, LogPlace>();
    for (const commit of commits) {
      const { origin } = commit.seal;
      assertFollows(ends.get(origin) ?? this.endOf(origin), commit, this.own.origin);
      ends.set(origin, endOf(commit));
    }
    let before = 0;
    commits.forEach((commit, at) => {
      const first = before;
      before += commit.entries.length;
      for (const [index, why] of this.store(commit, this.tables.origins.numberOf(vias[at] ?? '')))
        markGone(packed, first + index, why);
    });
  }

  /** @returns which of its entries came with a text that was taken back, or is hidden. */
  private store(commit: Commit, via: number): [number, Gone][] {
    const { retractions, hidden } = this.withheld;
    const { seal, entries, storedAtMs } = commit;
    const { origin: name, epoch, firstSeq, size, root, previous, publicKey, signature } = seal;
    const origin = this.tables.origins.numberOf(name);
    const isTakenBack = retractions.before(origin, epoch, firstSeq, size);
    const isHidden = hidden.before(origin, epoch, firstSeq, size);
    const emptied: [number, Gone][] = [];
    const found: Parameters<Retractions['note']>[] = [];
    entries.forEach((entry, index) => {
      const seq = firstSeq + index;
      const place = this.tables.nextPlace();
      const columns = entry.bytes && this.scanner.scan(entry.bytes, name, epoch, seq);
      const isGone = columns?.kind === articleKind && isTakenBack(entry.hash);
      if (isGone) emptied.push([index, 'retracted']);
      if (!columns || isGone) this.addPlain([place, origin, epoch, seq], isGone ? taken(entry) : entry, storedAtMs);
      else {
        const { kind, publishedAtMs } = columns;
        const topic = this.tables.topics.numberOf(columns.topic);
        const author = this.tables.authors.numberOf(columns.author);
        const dates = [publishedAtMs, storedAtMs] as const;
        const { hash, bytes = null } = entry;
        const names = [hash, kind, topic, author] as const;
        const answered = answeredId(columns.replyTo);
        const why = kind === articleKind && isHidden(hash) ? goneNumbers.hidden : null;
        const shown = why === null ? bytes : null;
        this.tables.sql.addEntry.run(place, origin, epoch, seq, ...names, ...dates, shown, why, answered);
        if (why !== null && bytes) {
          hidden.setAside(origin, hash, bytes);
          emptied.push([index, 'hidden']);
        } else if (kind === articleKind) this.tables.count(origin, topic, 1);
        if (kind === retractionKind) found.push([origin, place, columns]);
      }
    });
    const parts = [root, previous, publicKey, signature] as const;
    this.tables.sql.addCommit.run(origin, epoch, firstSeq, size, ...parts, storedAtMs, via);
    this.goOn(commit, via);
    for (const [of, place, names] of found) {
      const index = names.retractsSeq - firstSeq;
      if (retractions.note(of, place, names) && names.retractsEpoch === epoch && index >= 0 && index < size)
        emptied.push([index, 'retracted']);
    }
    return emptied;
  }

  /** Without text, or unreadable: found by its place in the log alone. */
  private addPlain(at: [number, number, number, number], { hash, bytes, gone }: CommitEntry, storedAtMs: number): void {
    const why = gone ? goneNumbers[gone] : null;
    const kind = gone ? articleKind : unreadableKind;
    this.tables.sql.addEntry.run(...at, hash, kind, 0, 0, 0, storedAtMs, gone ? null : (bytes ?? null), why, null);
  }

  private goOn(commit: Commit, via: number): void {
    const { seal, entries, storedAtMs } = commit;
    if (seal.origin === this.own.origin) {
      this.own.log.goOnAfter(seal);
      return;
    }
    const mirror = this.mirrors.open(seal.origin, via);
    mirror.end = endOf(commit);
    mirror.lastSeal = sealHash(seal);
    mirror.entries += entries.length;
    mirror.oldestMs ??= storedAtMs;
  }

  private skip(gap: Gap, via: OriginId): void {
    assertGap(this.endOf(gap.origin), gap, this.own.origin);
    const mirror = this.mirrors.open(gap.origin, this.tables.origins.numberOf(via));
    this.addGap.run(mirror.number, gap.epoch, gap.fromSeq, gap.toSeq, gap.reason);
    mirror.end = endOfGap(gap);
    mirror.lastSeal = noHash;
  }

  private note(head: Head): void {
    const origin = this.tables.origins.numberOf(head.origin);
    const known = this.head.get(origin);
    if (!isNewerHead(head, known)) return;
    const { epoch, seq, lastSeal, asOfMs, publicKey, signature } = head;
    this.putHead.run(origin, epoch, seq, lastSeal, asOfMs, publicKey, signature);
  }

  private endOf(origin: OriginId): LogPlace {
    return origin === this.own.origin ? this.own.log.end : (this.mirrors.get(origin)?.end ?? logStart);
  }
}

function taken({ hash }: CommitEntry): CommitEntry {
  return { hash, bytes: undefined, gone: 'retracted' };
}
