import type { Database } from 'better-sqlite3';
import { noHash } from '../../core/entry.js';
import type { OriginId } from '../../core/ids.js';
import { type LogPlace, logStart } from '../../core/log.js';
import type { LogTables } from './log-tables.js';

/** What the writer remembers of a mirror. */
export interface Mirror {
  readonly origin: OriginId;
  readonly number: number;
  /** Who brought the last of it, as an origin. */
  via: number;
  /** Up to here nothing is kept. */
  dropped: LogPlace;
  end: LogPlace;
  lastSeal: Uint8Array;
  entries: number;
  /** When the oldest commit was stored; undefined when none is kept. */
  oldestMs: number | undefined;
}

interface Row {
  readonly origin: OriginId;
  readonly number: number;
  readonly via: number;
  readonly droppedEpoch: number;
  readonly droppedSeq: number;
  readonly endEpoch: number;
  readonly endSeq: number;
  readonly lastSeal: Uint8Array;
  readonly entries: number;
}

/** All mirrors, as they are on the disk, or will be when the transaction ends. */
export class Mirrors {
  private readonly mirrors = new Map<OriginId, Mirror>();
  private readonly changed = new Set<Mirror>();
  private readonly rows;
  private readonly put;
  private readonly remove;
  private readonly oldest;

  constructor(
    database: Database,
    private readonly tables: LogTables,
  ) {
    this.rows = database.prepare<[], Row>(
      `SELECT name AS origin, origin AS number, via, dropped_epoch AS droppedEpoch, dropped_seq AS droppedSeq,
         end_epoch AS endEpoch, end_seq AS endSeq, last_seal AS lastSeal, entries
       FROM mirrors JOIN origins ON number = origin ORDER BY origin`,
    );
    this.put = database.prepare(
      `INSERT OR REPLACE INTO mirrors (origin, via, dropped_epoch, dropped_seq, end_epoch, end_seq, last_seal, entries)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.remove = database.prepare<[number]>('DELETE FROM mirrors WHERE origin = ?');
    this.oldest = database
      .prepare<[number], number>('SELECT stored_at FROM commits WHERE origin = ? ORDER BY epoch, first_seq LIMIT 1')
      .pluck();
    tables.onRollback(() => this.restore());
  }

  get all(): Iterable<Mirror> {
    return this.mirrors.values();
  }

  get(origin: OriginId): Mirror | undefined {
    return this.mirrors.get(origin);
  }

  /** The mirror that `via` brings something for. */
  open(origin: OriginId, via: number): Mirror {
    const mirror = this.mirrors.get(origin) ?? {
      origin,
      number: this.tables.origins.numberOf(origin),
      via,
      dropped: logStart,
      end: logStart,
      lastSeal: noHash,
      entries: 0,
      oldestMs: undefined,
    };
    mirror.via = via;
    this.mirrors.set(origin, mirror);
    this.touch(mirror);
    return mirror;
  }

  /** It has changed, and is written by `save`. */
  touch(mirror: Mirror): void {
    this.changed.add(mirror);
  }

  /** Before the transaction ends. */
  save(): void {
    for (const { number, via, dropped, end, lastSeal, entries } of this.changed)
      this.put.run(number, via, dropped.epoch, dropped.seq, end.epoch, end.seq, lastSeal, entries);
    this.changed.clear();
  }

  forget(mirror: Mirror): void {
    this.mirrors.delete(mirror.origin);
    this.changed.delete(mirror);
    this.remove.run(mirror.number);
  }

  private restore(): void {
    this.mirrors.clear();
    this.changed.clear();
    for (const { droppedEpoch, droppedSeq, endEpoch, endSeq, ...row } of this.rows.all())
      this.mirrors.set(row.origin, {
        ...row,
        dropped: { epoch: droppedEpoch, seq: droppedSeq },
        end: { epoch: endEpoch, seq: endSeq },
        oldestMs: this.oldest.get(row.number),
      });
  }
}
