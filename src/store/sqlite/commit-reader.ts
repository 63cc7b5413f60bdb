import type { Database } from 'better-sqlite3';
import { isMootError, MootError } from '../../core/errors.js';
import type { OriginId } from '../../core/ids.js';
import {
  type Commit,
  type CommitEntry,
  endOf,
  endOfGap,
  type Gap,
  type LogItem,
  type LogPlace,
} from '../../core/log.js';
import { leafHash, merkleRoot } from '../../identity/merkle.js';
import { VerifiedSeals } from '../../identity/verified-seals.js';
import { droppedAfter, holeBefore, restOf } from '../log-order.js';
import { goneNames } from './packed-commits.js';
import { isBytes, type SealRow, toSeal } from './seal-row.js';

/** Where a log stands in the tables. */
export interface StoredLog {
  readonly origin: OriginId;
  readonly number: number;
  /** Up to here nothing is kept. */
  readonly dropped: LogPlace;
}

type CommitRow = SealRow & { readonly storedAtMs: number };
type GapRow = Omit<Gap, 'origin'>;

const hashBytes = 32;

/** Reads logs in order, whole commits, each held against its seal. */
export class CommitReader {
  private readonly seals = new VerifiedSeals();
  private readonly commitAround;
  private readonly commitAfter;
  private readonly gapAround;
  private readonly gapAfter;
  private readonly entries;

  constructor(database: Database) {
    const commit = `SELECT epoch, first_seq AS firstSeq, size, root, previous, public_key AS publicKey, signature,
      stored_at AS storedAtMs FROM commits WHERE origin = ?`;
    const gap = 'SELECT epoch, from_seq AS fromSeq, to_seq AS toSeq, reason FROM gaps WHERE origin = ?';
    const around = (first: string): string => `AND epoch = ? AND ${first} <= ? ORDER BY ${first} DESC LIMIT 1`;
    const after = (first: string): string => `AND (epoch, ${first}) > (?, ?) ORDER BY epoch, ${first} LIMIT 1`;
    this.commitAround = database.prepare<[number, number, number], CommitRow>(`${commit} ${around('first_seq')}`);
    this.commitAfter = database.prepare<[number, number, number], CommitRow>(`${commit} ${after('first_seq')}`);
    this.gapAround = database.prepare<[number, number, number], GapRow>(`${gap} ${around('from_seq')}`);
    this.gapAfter = database.prepare<[number, number, number], GapRow>(`${gap} ${after('from_seq')}`);
    this.entries = database
      .prepare<[number, number, number, number], [unknown, unknown, unknown]>(
        'SELECT id, bytes, gone FROM entries WHERE origin = ? AND epoch = ? AND seq >= ? AND seq < ? ORDER BY seq',
      )
      .raw();
  }

  /** As `LogStore.read`. What is sound before a damaged commit is given; who goes on from there is told. */
  read(log: StoredLog, after: LogPlace, maxBytes: number): LogItem[] {
    const items: LogItem[] = [];
    let at = after;
    let bytes = 0;
    const note = (gap: Gap | undefined): void => {
      if (!gap) return;
      items.push({ kind: 'gap', gap });
      at = endOfGap(gap);
    };
    note(droppedAfter(log.origin, at, log.dropped));
    let gap = this.nextGap(log, at);
    while (items.length === 0 || bytes < maxBytes) {
      const row = this.nextCommit(log, at);
      if (gap && (!row || isBefore(gap, row))) {
        note(holeBefore(log.origin, at, gap.epoch, gap.fromSeq));
        note(restOf({ ...gap, origin: log.origin }, at));
        gap = this.nextGap(log, at);
        continue;
      }
      if (!row) break;
      note(holeBefore(log.origin, at, row.epoch, row.firstSeq));
      const commit = this.commit(log, row, items.length > 0);
      if (!commit) break;
      items.push({ kind: 'commit', commit });
      for (const entry of commit.entries) bytes += hashBytes + (entry.bytes?.length ?? 0);
      at = endOf(commit);
    }
    return this.signed(items);
  }

  /** @returns undefined for a damaged one that may wait. @throws MootError `damaged` for one that may not. */
  private commit(log: StoredLog, row: CommitRow, mayWait: boolean): Commit | undefined {
    try {
      return this.load(log, row);
    } catch (error) {
      if (mayWait && isMootError(error) && error.code === 'damaged') return undefined;
      throw error;
    }
  }

  private load(log: StoredLog, { storedAtMs, ...row }: CommitRow): Commit {
    const seal = toSeal(log.origin, row);
    const { epoch, firstSeq, size, root } = seal;
    const rows = this.entries.all(log.number, epoch, firstSeq, firstSeq + size);
    const entries = rows.map(([id, bytes, gone]) => toEntry(id, bytes, gone));
    const isWhole = entries.length === size && Number.isSafeInteger(storedAtMs);
    if (!isWhole || Buffer.compare(merkleRoot(entries.map(({ hash }) => hash)), root) !== 0) throw notSealed(firstSeq);
    return { seal, entries, storedAtMs };
  }

  private signed(items: LogItem[]): LogItem[] {
    const commits = items.flatMap((item) => (item.kind === 'commit' ? item.commit : []));
    const valid = this.seals.validOf(commits.map(({ seal }) => seal));
    const bad = commits[valid];
    if (!bad) return items;
    const end = items.findIndex((item) => item.kind === 'commit' && item.commit === bad);
    if (end === 0) throw notSealed(bad.seal.firstSeq);
    return items.slice(0, end);
  }

  private nextCommit({ number }: StoredLog, { epoch, seq }: LogPlace): CommitRow | undefined {
    const around = this.commitAround.get(number, epoch, seq + 1);
    if (around && around.firstSeq + around.size - 1 > seq) return around;
    return this.commitAfter.get(number, epoch, seq);
  }

  private nextGap({ number }: StoredLog, { epoch, seq }: LogPlace): GapRow | undefined {
    const around = this.gapAround.get(number, epoch, seq + 1);
    return around && around.toSeq > seq ? around : this.gapAfter.get(number, epoch, seq);
  }
}

function isBefore(gap: GapRow, commit: CommitRow): boolean {
  return gap.epoch < commit.epoch || (gap.epoch === commit.epoch && gap.fromSeq < commit.firstSeq);
}

/** The bytes say what their hash is; where they are gone, the stored one must do, and the root tells whether it is right. */
function toEntry(id: unknown, bytes: unknown, gone: unknown): CommitEntry {
  const why = typeof gone === 'number' ? goneNames[gone] : undefined;
  if (why && isBytes(id, hashBytes)) return { hash: id, bytes: undefined, gone: why };
  if (gone === null && isBytes(bytes)) return { hash: leafHash(bytes), bytes, gone: undefined };
  throw new MootError('damaged', 'an entry of a log is damaged');
}

function notSealed(firstSeq: number): MootError {
  return new MootError('damaged', `the commit from entry ${firstSeq} on is not what was sealed`);
}
