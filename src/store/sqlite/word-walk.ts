import type { Database, Statement } from 'better-sqlite3';
import { decodeEntry } from '../../core/entry-codec.js';
import { words as wordsOf } from '../../core/text.js';
import { type KeyConditions, type KeyRow, live, values } from './key-query.js';
import { isBytes } from './seal-row.js';

type Values = Record<string, unknown>;

/**
 * Finds the newest articles with a common word: it walks the dates, newest first, and looks into each article, where
 * reading all that the word index has of the word and sorting it by date would take a second in a million.
 */
export class WordWalk {
  private readonly known;
  private readonly places;
  private readonly row;
  private readonly walks = new Map<boolean, Statement<[Values], KeyRow>>();

  constructor(private readonly database: Database) {
    this.known = database
      .prepare<[string, number], number>('SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)')
      .pluck();
    this.places = database.prepare<[], number | null>('SELECT max(place) FROM entries').pluck();
    this.row = database.prepare<[number], Article>(
      'SELECT place, published_at AS publishedAtMs, id, bytes FROM entries WHERE place = ?',
    );
  }

  /** @returns undefined where the words are rare, or stand in old articles alone: then the word index leads. */
  newest(conditions: KeyConditions, limit: number): KeyRow[] | undefined {
    const { words, topic, topics, author, places, replyTo } = conditions;
    if (words === undefined || [topic, topics, author, places, replyTo].some((one) => one !== undefined))
      return undefined;
    const common = Math.ceil(Math.sqrt(readsPerLookUp * (this.places.get() ?? 0)));
    if (common < fewArticles || (this.known.get(words, common) ?? 0) < common) return undefined;
    let left = (2 * limit * (this.places.get() ?? 0)) / common;
    const wanted = words.split(' ').map((word) => word.slice(1, -1));
    const found: KeyRow[] = [];
    for (const { place, publishedAtMs } of this.walk(conditions)) {
      if (found.length >= limit && publishedAtMs !== found.at(-1)?.publishedAtMs) return found;
      if (--left < 0) return undefined;
      const row = this.row.get(place);
      if (row && hasAll(row.bytes, wanted)) found.push({ ...row, bytes: row.bytes.length });
    }
    return found;
  }

  private walk(conditions: KeyConditions): IterableIterator<Pick<KeyRow, 'place' | 'publishedAtMs'>> {
    const continues = conditions.before !== undefined;
    let statement = this.walks.get(continues);
    if (!statement) {
      const after = continues ? 'AND (published_at < $beforeDate OR id < $beforeId)' : '';
      statement = this.database.prepare<[Values], KeyRow>(
        `SELECT place, published_at AS publishedAtMs FROM entries INDEXED BY entries_by_date
         WHERE ${live} AND origin = $origin AND published_at >= $from AND published_at <= $to ${after}
         ORDER BY published_at DESC`,
      );
      this.walks.set(continues, statement);
    }
    return statement.iterate(values(conditions));
  }
}

interface Article extends Omit<KeyRow, 'bytes'> {
  readonly bytes: Uint8Array;
}

/** As the word index has it: what cannot be read has no words. */
function hasAll(bytes: Uint8Array, wanted: readonly string[]): boolean {
  if (!isBytes(bytes)) return false;
  try {
    const { title, body } = decodeEntry(bytes);
    const has = new Set(wordsOf(`${title ?? ''}\n${body}`));
    return wanted.every((word) => has.has(word));
  } catch {
    return false;
  }
}

/** Where there are fewer, sorting them all costs nothing. */
const fewArticles = 1000;
/** To look into an article costs as much as reading some three of a word in the index and their dates; a page is 50. */
const readsPerLookUp = 150;
