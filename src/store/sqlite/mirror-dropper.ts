import type { Database } from 'better-sqlite3';
import { invalid } from '../../core/errors.js';
import type { OriginId } from '../../core/ids.js';
import { comparePlaces, type LogPlace, type Retention } from '../../core/log.js';
import { articleKind, retractionKind } from './entry-scanner.js';
import type { LogTables } from './log-tables.js';
import type { Withheld } from './mirror-writer.js';
import type { Mirror, Mirrors } from './mirrors.js';
import type { WordIndex } from './word-index.js';

/** Entries that one transaction drops, about: the writer has other things to do. */
const sliceEntries = 1024;

interface CommitRow {
  readonly epoch: number;
  readonly firstSeq: number;
  readonly size: number;
  readonly storedAtMs: number;
}

interface EntryRow {
  readonly place: number;
  readonly kind: number;
  readonly topic: number;
  readonly hasText: number;
}

/** Drops whole commits of mirrors, the oldest first, a slice at a time. */
export class MirrorDropper {
  private readonly oldest;
  private readonly entries;
  private readonly lastGap;
  private readonly dropEntries;
  private readonly dropCommit;
  private readonly dropGaps;
  private readonly dropRest;

  constructor(
    database: Database,
    private readonly own: OriginId,
    private readonly tables: LogTables,
    private readonly mirrors: Mirrors,
    private readonly withheld: Withheld,
    private readonly index: WordIndex,
  ) {
    this.oldest = database.prepare<[number], CommitRow>(
      `SELECT epoch, first_seq AS firstSeq, size, stored_at AS storedAtMs FROM commits WHERE origin = ?
       ORDER BY epoch, first_seq LIMIT 2`,
    );
    const span = 'FROM entries WHERE origin = ? AND epoch = ? AND seq >= ? AND seq < ?';
    this.entries = database.prepare<[number, number, number, number], EntryRow>(
      `SELECT place, kind, topic, bytes IS NOT NULL AS hasText ${span}`,
    );
    this.dropEntries = database.prepare<[number, number, number, number]>(`DELETE ${span}`);
    this.dropCommit = database.prepare<[number, number, number]>(
      'DELETE FROM commits WHERE origin = ? AND epoch = ? AND first_seq = ?',
    );
    const gaps = 'FROM gaps WHERE origin = ? AND (epoch, from_seq) < (?, ?)';
    this.lastGap = database.prepare<[number, number, number], LogPlace>(
      `SELECT epoch, to_seq AS seq ${gaps} ORDER BY epoch DESC, from_seq DESC LIMIT 1`,
    );
    this.dropGaps = database.prepare<[number, number, number]>(`DELETE ${gaps}`);
    this.dropRest = ['gaps', 'heads', 'topic_counts', 'retractions'].map((table) =>
      database.prepare<[number]>(`DELETE FROM ${table} WHERE origin = ?`),
    );
  }

  /** @returns the logs that have changed, and whether no more is to be dropped. */
  expire(retention: Retention): { readonly changed: readonly OriginId[]; readonly done: boolean } {
    const changed = new Set<OriginId>();
    const left = this.slice(() => {
      const mirror = this.next(retention);
      if (mirror) changed.add(mirror.origin);
      return mirror;
    });
    return { changed: [...changed], done: left > 0 };
  }

  /** @returns true when nothing is left of it. @throws MootError `invalid` for the own log. */
  drop(origin: OriginId): boolean {
    if (origin === this.own) throw invalid('origin', 'the own log is kept for ever');
    const mirror = this.mirrors.get(origin);
    const left = this.slice(() => (mirror && mirror.entries > 0 ? mirror : undefined));
    if (left <= 0) return false;
    this.tables.transaction(() => {
      // A log that was only spoken of leaves nothing behind, not even its name.
      const number = mirror?.number ?? this.tables.origins.find(origin);
      if (number === undefined) return;
      for (const rest of this.dropRest) rest.run(number);
      if (mirror) this.mirrors.forget(mirror);
    });
    return true;
  }

  /** @returns how many entries of the slice were not needed; above 0 when nothing more is to be dropped. */
  private slice(next: () => Mirror | undefined): number {
    return this.tables.transaction(() => {
      let left = sliceEntries;
      while (left > 0) {
        const mirror = next();
        if (!mirror) break;
        left -= this.dropOldest(mirror);
      }
      this.mirrors.save();
      return left;
    });
  }

  private next({ storedBeforeMs, mostEntries }: Retention): Mirror | undefined {
    const totals = new Map<number, number>();
    for (const mirror of this.mirrors.all) {
      if ((mirror.oldestMs ?? storedBeforeMs) < storedBeforeMs) return mirror;
      totals.set(mirror.via, (totals.get(mirror.via) ?? 0) + mirror.entries);
    }
    let oldest: Mirror | undefined;
    for (const mirror of this.mirrors.all)
      if ((totals.get(mirror.via) ?? 0) > mostEntries && isOlder(mirror, oldest)) oldest = mirror;
    return oldest;
  }

  /** The oldest commit, and the gaps before the next. @returns the number of its entries. */
  private dropOldest(mirror: Mirror): number {
    const { number } = mirror;
    const [first, next] = this.oldest.all(number);
    this.mirrors.touch(mirror);
    if (!first) {
      mirror.oldestMs = undefined;
      mirror.entries = 0;
      return 1;
    }
    const { epoch, firstSeq, size } = first;
    const span = [number, epoch, firstSeq, firstSeq + size] as const;
    for (const { place, kind, topic, hasText } of this.entries.all(...span)) {
      if (kind === retractionKind) this.withheld.retractions.drop(place);
      if (kind !== articleKind || hasText === 0) continue;
      this.index.remove(place);
      this.tables.count(number, topic, -1);
    }
    this.withheld.hidden.dropTexts(number, epoch, firstSeq, size);
    this.dropEntries.run(...span);
    this.dropCommit.run(number, epoch, firstSeq);
    const upTo = [number, next?.epoch ?? Number.MAX_SAFE_INTEGER, next?.firstSeq ?? 0] as const;
    const end = { epoch, seq: firstSeq + size - 1 };
    const gap = this.lastGap.get(...upTo) ?? end;
    this.dropGaps.run(...upTo);
    mirror.dropped = comparePlaces(gap, end) > 0 ? gap : end;
    mirror.entries -= size;
    mirror.oldestMs = next?.storedAtMs;
    return size;
  }
}

function isOlder(mirror: Mirror, than: Mirror | undefined): boolean {
  if (mirror.oldestMs === undefined) return false;
  if (than?.oldestMs === undefined) return true;
  return mirror.oldestMs < than.oldestMs || (mirror.oldestMs === than.oldestMs && mirror.origin < than.origin);
}
