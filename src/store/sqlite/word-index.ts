import type { Database } from 'better-sqlite3';
import { decodeEntry } from '../../core/entry-codec.js';
import { toId } from '../../core/ids.js';
import { words } from '../../core/text.js';
import { isBytes } from './seal-row.js';

interface Row {
  readonly place: number;
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
}

/** The token of an article's id. No word has a `_`, so no search for words finds one. */
export function idToken(id: string): string {
  return `_${id}`;
}

/**
 * Finds articles by their words and by their id. It is filled after the acknowledgement, in transactions of its own, and
 * knows up to which place it has come.
 */
export class WordIndex {
  private readonly rows;
  private readonly add;
  private readonly remember;
  private readonly fillSlice;
  private indexed: number;

  constructor(database: Database) {
    this.rows = database.prepare<[number, number, number], Row>(
      `SELECT place, id, bytes FROM entries WHERE place > ? AND place <= ? AND kind = 1 AND bytes IS NOT NULL
       ORDER BY place LIMIT ?`,
    );
    this.add = database.prepare<[number, string]>('INSERT INTO words (rowid, tokens) VALUES (?, ?)');
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
