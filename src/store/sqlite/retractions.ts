import type { Database } from 'better-sqlite3';
import { type EntryId, fromId, isId } from '../../core/ids.js';
import { articleKind, type EntryColumns } from './entry-scanner.js';
import type { HiddenArticles } from './hidden.js';
import type { LogTables } from './log-tables.js';
import { goneNumbers } from './packed-commits.js';
import { isBytes } from './seal-row.js';
import { placesNamed, type WordIndex } from './word-index.js';

interface Row {
  readonly place: number;
  readonly id: Uint8Array;
  readonly kind: number;
  readonly topic: number;
  readonly bytes: Uint8Array | null;
}

interface RetractionRow {
  readonly id: Uint8Array;
  readonly epoch: number;
  readonly seq: number;
  readonly publishedAtMs: number;
}

type Names = Pick<EntryColumns, 'retracts' | 'retractsEpoch' | 'retractsSeq'>;

/** Which articles are taken back, and takes them back. All within a transaction of its caller. */
export class Retractions {
  private readonly add;
  private readonly forget;
  private readonly known;
  private readonly ahead;
  private readonly named;
  private readonly atPlace;
  private readonly atSeq;
  private readonly empty;

  constructor(
    database: Database,
    private readonly tables: LogTables,
    private readonly index: WordIndex,
    private readonly hidden: HiddenArticles,
  ) {
    const columns = 'place, id, kind, topic, bytes FROM entries WHERE';
    this.add = database.prepare<[number, Uint8Array, number, number, number]>(
      'INSERT OR IGNORE INTO retractions (origin, id, epoch, seq, place) VALUES (?, ?, ?, ?, ?)',
    );
    this.forget = database.prepare<[number]>('DELETE FROM retractions WHERE place = ?');
    this.known = database.prepare<[number, Uint8Array], RetractionRow>(
      `SELECT entries.id, entries.epoch, entries.seq, published_at AS publishedAtMs
       FROM retractions JOIN entries USING (place) WHERE retractions.origin = ? AND retractions.id = ?`,
    );
    this.ahead = database
      .prepare<[number, number, number, number], Uint8Array>(
        'SELECT id FROM retractions WHERE origin = ? AND epoch = ? AND seq >= ? AND seq < ?',
      )
      .pluck();
    this.named = placesNamed(database);
    this.atPlace = database.prepare<[number, number], Row>(`SELECT ${columns} place = ? AND origin = ?`);
    this.atSeq = database.prepare<[number, number, number], Row>(
      `SELECT ${columns} origin = ? AND epoch = ? AND seq = ?`,
    );
    this.empty = database.prepare<[number, number]>('UPDATE entries SET bytes = NULL, gone = ? WHERE place = ?');
  }

  /** The retraction of an article, if it was taken back. */
  of(origin: number, id: EntryId): RetractionRow | undefined {
    return this.known.get(origin, fromId(id));
  }

  /** The text of an article that the word index has come to. */
  textOf(origin: number, id: EntryId): Uint8Array | undefined {
    for (const place of this.named(id)) {
      const row = this.atPlace.get(place, origin);
      if (row?.kind === articleKind && row.bytes && isSame(row.id, fromId(id))) return row.bytes;
    }
    return undefined;
  }

  /** What of a commit was taken back before it came: tells it by the hash. */
  before(origin: number, epoch: number, firstSeq: number, size: number): (hash: Uint8Array) => boolean {
    const ids = this.ahead.all(origin, epoch, firstSeq, firstSeq + size);
    return (hash) => ids.some((id) => isSame(id, hash));
  }

  /** Notes the retraction at `place`, and empties what it takes back. @returns true when that had a text. */
  note(origin: number, place: number, { retracts, retractsEpoch, retractsSeq }: Names): boolean {
    if (!isId(retracts)) return false;
    const id = fromId(retracts);
    this.add.run(origin, id, retractsEpoch, retractsSeq, place);
    const row = this.atSeq.get(origin, retractsEpoch, retractsSeq);
    if (row?.kind !== articleKind || !isSame(row.id, id)) return false;
    if (this.hidden.forget(origin, id)) this.empty.run(goneNumbers.retracted, row.place);
    if (!row.bytes) return false;
    this.index.remove(row.place);
    this.tables.count(origin, row.topic, -1);
    this.empty.run(goneNumbers.retracted, row.place);
    return true;
  }

  /** The retraction at `place` is dropped. */
  drop(place: number): void {
    this.forget.run(place);
  }
}

function isSame(stored: unknown, hash: Uint8Array): boolean {
  return isBytes(stored, hash.length) && Buffer.compare(stored, hash) === 0;
}
