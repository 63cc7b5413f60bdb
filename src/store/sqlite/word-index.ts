import type { Database } from 'better-sqlite3';
import { decodeEntry } from '../../core/entry-codec.js';
import { type EntryId, toId } from '../../core/ids.js';
import { words } from '../../core/text.js';
import { isBytes } from './seal-row.js';

interface Row {
  readonly place: number;
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
}

/** @returns what finds the places of an article, as far as the index has come; whether its row is the one, the row says. */
export function placesNamed(database: Database): (id: EntryId) => number[] {
  const named = database.prepare<[string], number>('SELECT rowid FROM words WHERE words MATCH ?').pluck();
  return (id) => named.all(`"${idToken(id)}"`);
}

/** The token of an article's id. No word has a `_`, so no search for words finds one. */
function idToken(id: string): string {
  return `_${id}`;
}

/**
 * Finds articles by their words and by their id. It is filled after the acknowledgement, in transactions of its own, and
 * knows up to which place it has come.
 */
export class WordIndex {
  private readonly rows;
  private readonly add;
  private readonly delete;
  private readonly remember;
  private readonly fillSlice;
  private indexed: number;

  constructor(database: Database) {
    this.rows = database.prepare<[number, number, number], Row>(
      `SELECT place, id, bytes FROM entries WHERE place > ? AND place <= ? AND kind = 1 AND bytes IS NOT NULL
       ORDER BY place LIMIT ?`,
    );
    this.add = database.prepare<[number, string]>('INSERT INTO words (rowid, tokens) VALUES (?, ?)');
    this.delete = database.prepare<[number]>('DELETE FROM words WHERE rowid = ?');
    this.remember = database.prepare<[number]>("UPDATE meta SET value = ? WHERE name = 'indexed'");
    this.indexed = database.prepare<[], number>("SELECT value FROM meta WHERE name = 'indexed'").pluck().get() ?? 0;
    this.fillSlice = database.transaction((upTo: number, most: number): number => {
      const rows = this.rows.all(this.indexed, upTo, most);
      for (const row of rows) this.add.run(row.place, tokens(row));
      const reached = rows.length < most ? upTo : (rows.at(-1)?.place ?? upTo);
      this.remember.run(reached);
      return reached;
    });
  }

  /** The place up to which everything can be found. */
  get indexedTo(): number {
    return this.indexed;
  }

  /** Takes in at most `most` entries, up to place `upTo`. @throws what SQLite throws; nothing of the slice is then kept. */
  fill(upTo: number, most: number): void {
    if (this.indexed < upTo) this.indexed = this.fillSlice.immediate(upTo, most);
  }

  /** Takes an article in again that was forgotten, within a transaction of the caller's. */
  restore(row: Row): void {
    if (row.place <= this.indexed) this.add.run(row.place, tokens(row));
  }

  /** Forgets an article, within a transaction of the caller's. What it has not come to yet has no words by then. */
  remove(place: number): void {
    if (place <= this.indexed) this.delete.run(place);
  }
}

function tokens({ id, bytes }: Row): string {
  if (!isBytes(id, 32)) return '';
  const own = idToken(toId(id));
  try {
    const { title, body } = decodeEntry(bytes);
    return `${words(`${title ?? ''}\n${body}`).join(' ')} ${own}`;
  } catch {
    // A damaged entry has no words; whoever asks for it by id learns what happened to it.
    return own;
  }
}
