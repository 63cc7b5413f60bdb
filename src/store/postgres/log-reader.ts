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
import { goneNames } from '../sqlite/packed-commits.js';
import { isBytes, type SealRow, toSeal } from '../sqlite/seal-row.js';
import type { Database } from './database.js';
import type { Origins } from './origins.js';

type CommitRow = SealRow & { readonly storedAtMs: number; readonly bytes: number };
type GapRow = Omit<Gap, 'origin'>;

interface EntryRow {
  readonly epoch: number;
  readonly seq: number;
  readonly firstSeq: number;
  readonly id: Buffer;
  readonly bytes: Buffer | null;
  readonly gone: number | null;
}

/** How many commits are looked at before their entries are read. */
const commitsAtOnce = 256;
const bytesAtOnce = 4 * 1024 * 1024;
/** A mirror may lose its oldest entries while they are read. */
const attempts = 4;

const commits = `SELECT epoch, first_seq AS "firstSeq", size, root, previous, public_key AS "publicKey", signature,
  stored_at AS "storedAtMs", bytes FROM commits WHERE origin = $1`;
const gaps = 'SELECT epoch, from_seq AS "fromSeq", to_seq AS "toSeq", reason FROM gaps WHERE origin = $1';

/** Reads logs in order, whole commits, each held against its seal. */
export class LogReader {
  private readonly seals = new VerifiedSeals();

  constructor(
    private readonly database: Database,
    private readonly origins: Origins,
  ) {}

  /** As `LogStore.read`. What is sound before a damaged commit is given; who goes on from there is told. */
  async read(origin: OriginId, after: LogPlace, maxBytes: number): Promise<readonly LogItem[]> {
    const number = await this.origins.find(origin);
    if (number === undefined) return [];
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(origin, number, after, maxBytes);
      } catch (error) {
        if (attempt >= attempts || !isMootError(error) || error.code !== 'damaged') throw error;
      }
    }
  }

  private async attempt(origin: OriginId, number: number, after: LogPlace, maxBytes: number): Promise<LogItem[]> {
    const [log] = await this.database.read<LogPlace>(
      'SELECT dropped_epoch AS epoch, dropped_seq AS seq FROM logs WHERE origin = $1',
      [number],
    );
    if (!log) return [];
    const items: LogItem[] = [];
    let at = after;
    let bytes = 0;
    const isEnough = (): boolean => items.length > 0 && bytes >= maxBytes;
    const note = (gap: Gap | undefined): void => {
      if (!gap || isEnough()) return;
      items.push({ kind: 'gap', gap });
      at = endOfGap(gap);
    };
    const noteAll = (noted: readonly GapRow[]): void => {
      for (const gap of noted) {
        note(holeBefore(origin, at, gap.epoch, gap.fromSeq));
        note(restOf({ ...gap, origin }, at));
      }
    };
    note(droppedAfter(origin, at, log));
    while (!isEnough()) {
      const rows = await this.commitsAfter(number, at);
      const wanted = enough(rows, Math.min(maxBytes - bytes, bytesAtOnce));
      const isEnd = wanted.length === rows.length && rows.length < commitsAtOnce;
      let noted = await this.gapsAfter(number, at, isEnd ? undefined : wanted.at(-1));
      const loaded = await this.load(origin, number, wanted, items.length > 0);
      for (const commit of loaded) {
        const { seal } = commit;
        noteAll(noted.filter((gap) => isBefore(gap, seal)));
        noted = noted.filter((gap) => !isBefore(gap, seal));
        note(holeBefore(origin, at, seal.epoch, seal.firstSeq));
        if (isEnough()) break;
        items.push({ kind: 'commit', commit });
        for (const entry of commit.entries) bytes += hashBytes + (entry.bytes?.length ?? 0);
        at = endOf(commit);
      }
      if (loaded.length < wanted.length) break;
      if (isEnd) {
        noteAll(noted);
        break;
      }
    }
    return this.signed(items);
  }

  /** The commit around the place, unless that ends there, and those that follow. */
  private async commitsAfter(origin: number, { epoch, seq }: LogPlace): Promise<CommitRow[]> {
    const rows = await this.database.read<CommitRow>(
      `(${commits} AND epoch = $2 AND first_seq <= $3 ORDER BY first_seq DESC LIMIT 1)
       UNION ALL
       (${commits} AND (epoch, first_seq) > ($2, $3) ORDER BY epoch, first_seq LIMIT $4)`,
      [origin, epoch, seq + 1, commitsAtOnce],
    );
    const [first] = rows;
    const isOver = first && first.epoch === epoch && first.firstSeq + first.size - 1 <= seq;
    return isOver ? rows.slice(1) : rows;
  }

  /** Up to `last`, or all where there is none; the gap around the place first. */
  private async gapsAfter(origin: number, { epoch, seq }: LogPlace, last: CommitRow | undefined): Promise<GapRow[]> {
    const upTo = last ?? { epoch: Number.MAX_SAFE_INTEGER, firstSeq: 0 };
    return await this.database.read<GapRow>(
      `${gaps} AND (epoch, to_seq) > ($2, $3) AND (epoch, from_seq) < ($4, $5) ORDER BY epoch, from_seq`,
      [origin, epoch, seq, upTo.epoch, upTo.firstSeq],
    );
  }

  private async load(
    origin: OriginId,
    number: number,
    rows: readonly CommitRow[],
    mayWait: boolean,
  ): Promise<Commit[]> {
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) return [];
    const entries = await this.database.read<EntryRow>(
      `SELECT epoch, seq, first_seq AS "firstSeq", id, bytes, gone FROM entries
       WHERE origin = $1 AND (epoch, seq) >= ($2, $3) AND (epoch, seq) <= ($4, $5) ORDER BY epoch, seq`,
      [number, first.epoch, first.firstSeq, last.epoch, last.firstSeq + last.size - 1],
    );
    const byCommit = new Map<string, EntryRow[]>();
    for (const entry of entries) {
      const name = `${entry.epoch} ${entry.firstSeq}`;
      const known = byCommit.get(name);
      if (known) known.push(entry);
      else byCommit.set(name, [entry]);
    }
    const loaded: Commit[] = [];
    for (const row of rows) {
      try {
        loaded.push(toCommit(origin, row, byCommit.get(`${row.epoch} ${row.firstSeq}`) ?? []));
      } catch (error) {
        if (!(mayWait || loaded.length > 0) || !isMootError(error) || error.code !== 'damaged') throw error;
        return loaded;
      }
    }
    return loaded;
  }

  private signed(items: LogItem[]): LogItem[] {
    const all = items.flatMap((item) => (item.kind === 'commit' ? item.commit : []));
    const bad = all[this.seals.validOf(all.map(({ seal }) => seal))];
    if (!bad) return items;
    const end = items.findIndex((item) => item.kind === 'commit' && item.commit === bad);
    if (end === 0) throw notSealed(bad.seal.firstSeq);
    return items.slice(0, end);
  }
}

const hashBytes = 32;

/** As many as it takes to have so many bytes, and at least one. */
function enough(rows: readonly CommitRow[], maxBytes: number): CommitRow[] {
  let bytes = 0;
  const end = rows.findIndex((row) => {
    bytes += row.bytes;
    return bytes >= maxBytes;
  });
  return end === -1 ? [...rows] : rows.slice(0, end + 1);
}

function isBefore(gap: GapRow, { epoch, firstSeq }: { readonly epoch: number; readonly firstSeq: number }): boolean {
  return gap.epoch < epoch || (gap.epoch === epoch && gap.fromSeq < firstSeq);
}

function toCommit(origin: OriginId, { storedAtMs, bytes: _, ...row }: CommitRow, rows: readonly EntryRow[]): Commit {
  const seal = toSeal(origin, row);
  const entries = rows.map(toEntry);
  const isWhole = entries.length === seal.size && rows[0]?.seq === seal.firstSeq;
  if (!isWhole || Buffer.compare(merkleRoot(entries.map(({ hash }) => hash)), seal.root) !== 0)
    throw notSealed(seal.firstSeq);
  return { seal, entries, storedAtMs };
}

/** The bytes say what their hash is; where they are gone, the stored one must do, and the root tells whether it is right. */
function toEntry({ id, bytes, gone }: EntryRow): CommitEntry {
  const why = gone === null ? undefined : goneNames[gone];
  if (why && isBytes(id, hashBytes)) return { hash: id, bytes: undefined, gone: why };
  if (gone === null && bytes) return { hash: leafHash(bytes), bytes, gone: undefined };
  throw new MootError('damaged', 'an entry of a log is damaged');
}

function notSealed(firstSeq: number): MootError {
  return new MootError('damaged', `the commit from entry ${firstSeq} on is not what was sealed`);
}
