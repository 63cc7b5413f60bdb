import type { Entry } from '../../core/entry.js';
import { kindNumbers } from '../../core/entry-codec.js';
import { fromId, isId, type OriginId, toId } from '../../core/ids.js';
import type { Commit, CommitEntry, Gone } from '../../core/log.js';
import { entryAt } from '../log-order.js';
import { articleKind, EntryScanner, retractionKind, unreadableKind } from '../sqlite/entry-scanner.js';
import { goneNumbers } from '../sqlite/packed-commits.js';
import { columnsOf, type EntryRow, noColumns, TopicCounts, tokenText } from './entry-rows.js';

/** What is not shown of a log, whatever comes: by the id of the article. */
export interface Withheld {
  readonly origin: number;
  readonly id: Uint8Array;
  readonly epoch: number;
  readonly seq: number;
}

/** A retraction that came, and what it names. */
export interface Retracting extends Withheld {
  readonly byEpoch: number;
  readonly bySeq: number;
}

/** Works out the rows of commits that were mirrored, before anything is written. */
export class MirrorRows {
  readonly rows: EntryRow[] = [];
  readonly counts = new TopicCounts();
  readonly retractions: Retracting[] = [];
  /** Texts of what is hidden, which came now. */
  readonly aside: { readonly origin: number; readonly id: Uint8Array; readonly bytes: Uint8Array }[] = [];
  private readonly scanner = new EntryScanner();
  private readonly byPlace = new Map<string, EntryRow>();
  private readonly retracted: Set<string>;
  private readonly hidden: Set<string>;

  constructor(retracted: readonly Withheld[], hidden: readonly Withheld[]) {
    this.retracted = new Set(retracted.map(nameOf));
    this.hidden = new Set(hidden.map(nameOf));
  }

  add(origin: number, { seal, entries, storedAtMs }: Commit): void {
    const { epoch, firstSeq } = seal;
    const found: { readonly entry: Entry; readonly seq: number }[] = [];
    entries.forEach((one, index) => {
      const seq = firstSeq + index;
      const row = { origin, epoch, seq, firstSeq, hash: one.hash, storedAtMs, ...noColumns };
      const read = one.bytes && this.read(one.bytes, seal.origin, epoch, seq);
      this.put(read ? this.readRow(row, read.entry, read.kind, read.bytes) : plainRow(row, one));
      if (read?.kind === retractionKind) found.push({ entry: read.entry, seq });
    });
    for (const { entry, seq } of found) this.takeBack(origin, entry, epoch, seq);
  }

  /** The commit as it is kept: without what is taken back or hidden. */
  kept(origin: number, commit: Commit): Commit {
    const { epoch, firstSeq } = commit.seal;
    const entries = commit.entries.map((one, index): CommitEntry => {
      const row = this.byPlace.get(placeName(origin, epoch, firstSeq + index));
      const why: Gone | undefined = row?.gone === goneNumbers.retracted ? 'retracted' : 'hidden';
      return row?.gone ? { hash: one.hash, bytes: undefined, gone: why } : one;
    });
    return { ...commit, entries };
  }

  private readRow(
    row: Omit<EntryRow, 'kind' | 'bytes' | 'gone' | 'tokens'>,
    entry: Entry,
    kind: number,
    bytes: Uint8Array,
  ): EntryRow {
    const named = nameOf({ ...row, id: row.hash });
    if (kind === articleKind && this.retracted.has(named))
      return { ...row, kind, bytes: null, gone: goneNumbers.retracted, tokens: null };
    const columns = columnsOf(entry);
    if (kind === articleKind && this.hidden.has(named)) {
      this.aside.push({ origin: row.origin, id: row.hash, bytes });
      return { ...row, ...columns, kind, bytes: null, gone: goneNumbers.hidden, tokens: null };
    }
    if (kind !== articleKind) return { ...row, ...columns, kind, bytes, gone: null, tokens: null };
    this.counts.add(row.origin, columns.topic, 1);
    return { ...row, ...columns, kind, bytes, gone: null, tokens: tokenText(entry) };
  }

  private put(row: EntryRow): void {
    this.rows.push(row);
    this.byPlace.set(placeName(row.origin, row.epoch, row.seq), row);
  }

  /** What the bytes say, if they are an entry of that place. */
  private read(bytes: Uint8Array, origin: OriginId, epoch: number, seq: number) {
    if (!this.scanner.scan(bytes, origin, epoch, seq)) return undefined;
    const entry = entryAt(bytes, origin, epoch, seq);
    return entry && { entry, kind: kindNumbers[entry.kind], bytes };
  }

  private takeBack(origin: number, entry: Entry, byEpoch: number, bySeq: number): void {
    const { retracts, retractsEpoch: epoch, retractsSeq: seq } = entry;
    if (!isId(retracts)) return;
    const named = { origin, id: fromId(retracts), epoch, seq };
    // The first one counts, as long as it is kept.
    this.retractions.push({ ...named, byEpoch, bySeq });
    this.retracted.add(nameOf(named));
    const row = this.byPlace.get(placeName(origin, epoch, seq));
    if (row?.kind !== articleKind || toId(row.hash) !== retracts) return;
    if (row.bytes) this.counts.add(origin, row.topic, -1);
    // A text that somebody else has hidden never came: it stays that.
    if (row.bytes || this.hidden.has(nameOf(named))) row.gone = goneNumbers.retracted;
    row.bytes = null;
    row.tokens = null;
  }
}

/** Without text, or unreadable: found by its place in the log alone. */
function plainRow(row: Omit<EntryRow, 'kind' | 'bytes' | 'gone' | 'tokens'>, { bytes, gone }: CommitEntry): EntryRow {
  if (gone) return { ...row, kind: articleKind, bytes: null, gone: goneNumbers[gone], tokens: null };
  return { ...row, kind: unreadableKind, bytes: bytes ?? null, gone: null, tokens: null };
}

function nameOf({ origin, id, epoch, seq }: Withheld): string {
  return `${placeName(origin, epoch, seq)} ${toId(id)}`;
}

function placeName(origin: number, epoch: number, seq: number): string {
  return `${origin} ${epoch} ${seq}`;
}
