import type { Database } from 'better-sqlite3';
import { fromId, toId } from '../../core/ids.js';
import type { HiddenArticle, Hiding } from '../../core/moderation.js';
import { notHidden, notKept, ownArticle } from '../refusals.js';
import { articleKind } from './entry-scanner.js';
import type { LogTables } from './log-tables.js';
import { goneNumbers } from './packed-commits.js';
import { isBytes } from './seal-row.js';
import { placesNamed, type WordIndex } from './word-index.js';

interface EntryRow {
  readonly place: number;
  readonly origin: number;
  readonly epoch: number;
  readonly seq: number;
  readonly id: Uint8Array;
  readonly topic: number;
  readonly bytes: Uint8Array | null;
  readonly gone: number | null;
}

type HiddenRow = Omit<HiddenArticle, 'id'> & {
  readonly number: number;
  readonly hash: Uint8Array;
  readonly originNumber: number;
};

const hiddenRows = `SELECT hidden.number, hidden.origin AS originNumber, name AS origin, id AS hash, epoch, seq,
  since AS atMs, made_by AS by, reason FROM hidden JOIN origins ON origins.number = hidden.origin`;

/** What is hidden of mirrors: the texts stand aside, so that nothing that reads entries finds them. */
export class HiddenArticles {
  private readonly named;
  private readonly nameOf;
  private readonly atPlace;
  private readonly atSeq;
  private readonly setText;
  private readonly byId;
  private readonly ahead;
  private readonly add;
  private readonly aside;
  private readonly keepAside;
  private readonly dropAside;
  private readonly remove;
  private readonly forgetOne;

  constructor(
    database: Database,
    private readonly own: string,
    private readonly tables: LogTables,
    private readonly index: WordIndex,
  ) {
    const entry = 'SELECT place, origin, epoch, seq, id, topic, bytes, gone FROM entries WHERE';
    this.named = placesNamed(database);
    this.nameOf = database.prepare<[number], string>('SELECT name FROM origins WHERE number = ?').pluck();
    this.atPlace = database.prepare<[number, number], EntryRow>(`${entry} place = ? AND kind = ?`);
    this.atSeq = database.prepare<[number, number, number], EntryRow>(
      `${entry} origin = ? AND epoch = ? AND seq = ? AND kind = ${articleKind}`,
    );
    this.setText = database.prepare<[Uint8Array | null, number | null, number]>(
      'UPDATE entries SET bytes = ?, gone = ? WHERE place = ?',
    );
    this.byId = database.prepare<[Uint8Array], HiddenRow>(`${hiddenRows} WHERE id = ?`);
    this.ahead = database
      .prepare<[number, number, number, number], Uint8Array>(
        'SELECT id FROM hidden WHERE origin = ? AND epoch = ? AND seq >= ? AND seq < ?',
      )
      .pluck();
    this.add = database.prepare<[number, Uint8Array, number, number, number, string, string, Uint8Array]>(
      'INSERT INTO hidden (origin, id, epoch, seq, since, made_by, reason, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.aside = database.prepare<[number], Uint8Array | null>('SELECT bytes FROM hidden WHERE number = ?').pluck();
    this.keepAside = database.prepare<[Uint8Array, number, Uint8Array]>(
      'UPDATE hidden SET bytes = ? WHERE origin = ? AND id = ?',
    );
    this.dropAside = database.prepare<[number, number, number, number]>(
      'UPDATE hidden SET bytes = NULL WHERE origin = ? AND epoch = ? AND seq >= ? AND seq < ?',
    );
    this.remove = database.prepare<[number]>('DELETE FROM hidden WHERE number = ?');
    this.forgetOne = database.prepare<[number, Uint8Array]>('DELETE FROM hidden WHERE origin = ? AND id = ?');
  }

  /** As `ArticleStore.hide`; the word index has come to the article. */
  hide(hiding: Hiding): HiddenArticle {
    const before = this.byId.get(fromId(hiding.id));
    if (before) return toHidden(before);
    const row = this.find(hiding.id);
    if (!row?.bytes) throw notKept(hiding.id);
    const { bytes, origin, epoch, seq, id } = row;
    const name = this.nameOf.get(origin) ?? '';
    if (name === this.own) throw ownArticle(hiding.id);
    this.tables.transaction(() => {
      this.add.run(origin, id, epoch, seq, hiding.atMs, hiding.by, hiding.reason, bytes);
      this.index.remove(row.place);
      this.tables.count(origin, row.topic, -1);
      this.setText.run(null, goneNumbers.hidden, row.place);
    });
    return { ...hiding, origin: name, epoch, seq };
  }

  /** As `ArticleStore.unhide`. */
  unhide(id: string): HiddenArticle {
    const hidden = this.byId.get(fromId(id));
    if (!hidden) throw notHidden(id);
    this.tables.transaction(() => {
      const bytes = this.aside.get(hidden.number);
      const row = this.atSeq.get(hidden.originNumber, hidden.epoch, hidden.seq);
      if (bytes && row?.gone === goneNumbers.hidden && isSame(row.id, hidden.hash)) {
        this.setText.run(bytes, null, row.place);
        this.tables.count(row.origin, row.topic, 1);
        this.index.restore({ place: row.place, id: row.id, bytes });
      }
      this.remove.run(hidden.number);
    });
    return toHidden(hidden);
  }

  /** What of a commit is hidden before it comes: tells it by the hash. */
  before(origin: number, epoch: number, firstSeq: number, size: number): (hash: Uint8Array) => boolean {
    const ids = this.ahead.all(origin, epoch, firstSeq, firstSeq + size);
    return (hash) => ids.some((id) => isSame(id, hash));
  }

  /** The text of what was hidden before it came; within a transaction of the caller's, as those below. */
  setAside(origin: number, id: Uint8Array, bytes: Uint8Array): void {
    this.keepAside.run(bytes, origin, id);
  }

  /** Entries of a mirror are dropped: their texts go, and stay hidden when they come again. */
  dropTexts(origin: number, epoch: number, firstSeq: number, size: number): void {
    this.dropAside.run(origin, epoch, firstSeq, firstSeq + size);
  }

  /** It was taken back by its origin. @returns true when it was hidden. */
  forget(origin: number, id: Uint8Array): boolean {
    return this.forgetOne.run(origin, id).changes > 0;
  }

  private find(id: string): EntryRow | undefined {
    const rows = this.named(id).map((place) => this.atPlace.get(place, articleKind));
    return rows.find((row) => row?.bytes && isSame(row.id, fromId(id)));
  }
}

/** All that is hidden. */
export function hiddenReads(database: Database) {
  const all = database.prepare<[], HiddenRow>(`${hiddenRows} ORDER BY hidden.number`);
  return { hidden: (): HiddenArticle[] => all.all().map(toHidden) };
}

function toHidden({ hash, origin, epoch, seq, by, reason, atMs }: HiddenRow): HiddenArticle {
  return { id: toId(hash), origin, epoch, seq, by, reason, atMs };
}

function isSame(stored: unknown, hash: Uint8Array): boolean {
  return isBytes(stored, hash.length) && Buffer.compare(stored, hash) === 0;
}
