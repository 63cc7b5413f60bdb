import type { Database } from 'better-sqlite3';
import { isMootError, MootError, systemCode } from '../../core/errors.js';
import { fromId, toId } from '../../core/ids.js';
import type { ArticleKey } from '../../core/stores.js';
import { leafHash } from '../../identity/merkle.js';
import { CommitCache } from './commit-cache.js';
import type { StoredEntry } from './packed-entries.js';
import { isBytes } from './seal-row.js';
import { idToken } from './word-index.js';

interface Row {
  readonly place: number;
  readonly origin: number;
  readonly epoch: number;
  readonly seq: number;
  readonly id: Uint8Array;
  readonly storedAtMs: number;
  readonly bytes: Uint8Array | null;
}

const columns = 'place, origin, epoch, seq, id, stored_at AS storedAtMs, bytes FROM entries';

/** Reads entries with their proofs. Everything is held against its seal before it is given away. */
export class ArticleLoader {
  private readonly commits: CommitCache;
  private readonly atPlace;
  private readonly named;
  private readonly span;
  private readonly lastEpoch;
  private readonly originName;
  private readonly originNames = new Map<number, string>();

  /** @param onDamaged is told the place of each row that was passed over because it is not what was sealed. */
  constructor(
    database: Database,
    private readonly onDamaged: (place: number) => void,
  ) {
    this.commits = new CommitCache(database);
    this.atPlace = database.prepare<[number], Row>(`SELECT ${columns} WHERE place = ? AND kind = 1`);
    this.named = database.prepare<[string], number>('SELECT rowid FROM words WHERE words MATCH ?').pluck();
    this.originName = database.prepare<[number], string>('SELECT name FROM origins WHERE number = ?').pluck();
    this.lastEpoch = database
      .prepare<[string], number>('SELECT max(epoch) FROM commits JOIN origins ON number = origin WHERE name = ?')
      .pluck();
    this.span = database.prepare<[string, number, number, number], Row>(
      `SELECT ${columns} WHERE origin = (SELECT number FROM origins WHERE name = ?) AND epoch = ? AND seq >= ?
       ORDER BY seq LIMIT ?`,
    );
  }

  /** In order; what is gone, or damaged, is passed over: one bad row must not cost a page. */
  load(keys: readonly ArticleKey[]): StoredEntry[] {
    return keys.flatMap(({ place, id }) => {
      try {
        const row = this.atPlace.get(place);
        if (!row?.bytes) return [];
        const entry = this.checked(row);
        if (toId(entry.id) !== id) throw new MootError('damaged', 'an entry is not the one that was found');
        return [entry];
      } catch (error) {
        if (!isDamage(error)) throw error;
        this.onDamaged(place);
        return [];
      }
    });
  }

  /** The article named `id`, if the word index has come so far. @throws MootError `damaged`. */
  get(id: string): StoredEntry[] {
    const hash = fromId(id);
    const places = this.named.all(`"${idToken(id)}"`);
    for (const place of places) {
      const row = this.atPlace.get(place);
      if (row?.bytes && isBytes(row.id, 32) && Buffer.compare(row.id, hash) === 0) return [this.checked(row)];
    }
    if (places.length > 0 && places.some((place) => this.atPlace.get(place)?.bytes))
      throw new MootError('damaged', `article ${id} is damaged`);
    return [];
  }

  /** A log has no holes: a damaged entry ends the reading. @throws MootError `damaged`. */
  read(originId: string, fromSeq: number, limit: number): StoredEntry[] {
    const epoch = this.lastEpoch.get(originId) ?? 1;
    const from = Math.max(fromSeq, 1);
    return this.span.all(originId, epoch, from, limit).map((row, at) => {
      if (row.seq !== from + at) throw new MootError('damaged', `entry ${from + at} is missing`);
      return this.checked(row);
    });
  }

  private checked(row: Row): StoredEntry {
    const { id, bytes, storedAtMs, origin, epoch, seq } = row;
    if (!isBytes(bytes) || !isBytes(id, 32) || Buffer.compare(leafHash(bytes), id) !== 0)
      throw new MootError('damaged', `entry ${seq} is not what was sealed`);
    return {
      id,
      bytes,
      storedAtMs,
      ...this.commits.prove({ number: origin, id: this.nameOf(origin) }, epoch, seq, id),
    };
  }

  private nameOf(origin: number): string {
    const name = this.originNames.get(origin) ?? this.originName.get(origin) ?? '';
    this.originNames.set(origin, name);
    return name;
  }
}

function isDamage(error: unknown): boolean {
  return (isMootError(error) && error.code === 'damaged') || systemCode(error).startsWith('SQLITE_CORRUPT');
}
