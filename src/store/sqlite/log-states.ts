import type { Database } from 'better-sqlite3';
import { type Head, noHash } from '../../core/entry.js';
import type { OriginId } from '../../core/ids.js';
import { type LogPlace, type LogState, logStart, type Whence } from '../../core/log.js';
import { sealHash } from '../../identity/seal-statement.js';
import type { StoredLog } from './commit-reader.js';
import { lastCommitOf, toSeal } from './seal-row.js';

interface Row {
  readonly origin: OriginId;
  readonly number: number;
  readonly via: OriginId;
  readonly droppedEpoch: number;
  readonly droppedSeq: number;
  readonly endEpoch: number;
  readonly endSeq: number;
  readonly lastSeal: Uint8Array;
  readonly entries: number;
}

/** What is kept of each log, by small questions. */
export class LogStates {
  private readonly numberOf;
  private readonly mirrors;
  private readonly mirror;
  private readonly head;
  private readonly first;
  private readonly last;
  private readonly lastBefore;
  private readonly firstSeq;
  private readonly holding;

  constructor(
    database: Database,
    private readonly own: OriginId,
  ) {
    this.holding = database.prepare<[string, number, number], { storedAtMs: number; via: string | null; end: number }>(
      `SELECT stored_at AS storedAtMs, peers.name AS via, first_seq + size AS end
       FROM commits JOIN origins logs ON logs.number = origin LEFT JOIN origins peers ON peers.number = via
       WHERE logs.name = ? AND epoch = ? AND first_seq <= ? ORDER BY first_seq DESC LIMIT 1`,
    );
    const rows = `SELECT logs.name AS origin, logs.number, peers.name AS via, dropped_epoch AS droppedEpoch,
        dropped_seq AS droppedSeq, end_epoch AS endEpoch, end_seq AS endSeq, last_seal AS lastSeal, entries
      FROM mirrors JOIN origins logs ON logs.number = origin JOIN origins peers ON peers.number = via`;
    this.numberOf = database.prepare<[string], number>('SELECT number FROM origins WHERE name = ?').pluck();
    this.mirrors = database.prepare<[], Row>(`${rows} ORDER BY origin`);
    this.mirror = database.prepare<[string], Row>(`${rows} WHERE logs.name = ?`);
    this.head = database.prepare<[number], Omit<Head, 'origin'>>(
      `SELECT epoch, seq, last_seal AS lastSeal, as_of AS asOfMs, public_key AS publicKey, signature FROM heads
       WHERE origin = ?`,
    );
    this.first = database.prepare<[number], LogPlace>(
      'SELECT epoch, first_seq - 1 AS seq FROM commits WHERE origin = ? ORDER BY epoch, first_seq LIMIT 1',
    );
    this.last = lastCommitOf(database);
    this.lastBefore = database.prepare<[number, number], LogPlace>(
      `SELECT epoch, first_seq + size - 1 AS seq FROM commits WHERE origin = ? AND epoch < ?
       ORDER BY epoch DESC, first_seq DESC LIMIT 1`,
    );
    this.firstSeq = database
      .prepare<[number, number], number>('SELECT min(first_seq) FROM commits WHERE origin = ? AND epoch = ?')
      .pluck();
  }

  /** The own log first. */
  all(): LogState[] {
    return [this.ownState(), ...this.mirrors.all().map((row) => this.toState(row))];
  }

  one(origin: OriginId): LogState | undefined {
    if (origin === this.own) return this.ownState();
    const row = this.mirror.get(origin);
    return row && this.toState(row);
  }

  /** The commit that holds `place`: when it was stored, and who brought it. */
  whence(origin: OriginId, { epoch, seq }: LogPlace): Whence | undefined {
    const row = this.holding.get(origin, epoch, seq);
    return row && seq < row.end ? { storedAtMs: row.storedAtMs, via: row.via ?? undefined } : undefined;
  }

  stored(origin: OriginId): StoredLog | undefined {
    const number = this.numberOf.get(origin);
    if (number === undefined) return undefined;
    const row = this.mirror.get(origin);
    const dropped = row ? { epoch: row.droppedEpoch, seq: row.droppedSeq } : logStart;
    return { origin, number, dropped };
  }

  private toState({ origin, number, via, lastSeal, entries, endEpoch, endSeq }: Row): LogState {
    const end = { epoch: endEpoch, seq: endSeq };
    const head = this.head.get(number);
    return {
      origin,
      after: this.first.get(number) ?? end,
      end,
      lastSeal,
      head: head && { origin, ...head },
      via,
      entries,
    };
  }

  private ownState(): LogState {
    const number = this.numberOf.get(this.own) ?? 0;
    const last = this.last.get(number);
    const nothing = { origin: this.own, head: undefined, via: undefined };
    if (!last) return { ...nothing, after: logStart, end: logStart, lastSeal: noHash, entries: 0 };
    const seal = toSeal(this.own, last);
    const end = { epoch: seal.epoch, seq: seal.firstSeq + seal.size - 1 };
    const after = this.first.get(number) ?? end;
    return { ...nothing, after, end, lastSeal: sealHash(seal), entries: this.countTo(number, end) };
  }

  /** The own log has no holes within an epoch, so nothing needs to be counted. */
  private countTo(number: number, end: LogPlace): number {
    let entries = 0;
    for (let at: LogPlace | undefined = end; at; at = this.lastBefore.get(number, at.epoch))
      entries += at.seq - (this.firstSeq.get(number, at.epoch) ?? at.seq + 1) + 1;
    return entries;
  }
}
