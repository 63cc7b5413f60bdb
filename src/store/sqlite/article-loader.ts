import type { Database } from 'better-sqlite3';
import { isMootError, MootError, systemCode } from '../../core/errors.js';
import { fromId, toId } from '../../core/ids.js';
import type { ArticleKey } from '../../core/stores.js';
import { leafHash } from '../../identity/merkle.js';
import { CommitCache } from './commit-cache.js';
import { unreadableKind } from './entry-scanner.js';
import { goneNames } from './packed-commits.js';
import type { StoredEntry } from './packed-entries.js';
import { isBytes } from './seal-row.js';
import { placesNamed } from './word-index.js';

interface Row {
  readonly place: number;
  readonly origin: number;
  readonly epoch: number;
  readonly seq: number;
  readonly id: Uint8Array;
  readonly storedAtMs: number;
  readonly kind: number;
  readonly bytes: Uint8Array | null;
  readonly gone: number | null;
}

const columns = 'place, origin, epoch, seq, id, kind, stored_at AS storedAtMs, bytes, gone FROM entries';

/** Reads entries with their proofs. Everything is held against its seal before it is given away. */
export class ArticleLoader {
  private readonly commits: CommitCache;
  private readonly atPlace;
  private readonly named;
  private readonly span;
  private readonly lastEpoch;
  private readonly end;
  private readonly originName;
  private readonly originNames = new Map<number, string>();

  /** @param onDamaged is told the place of each row that was passed over because it is not what was sealed. */
  constructor(
    database: Database,
    private readonly onDamaged: (place: number) => void,
  ) {
    this.commits = new CommitCache(database);
    this.atPlace = database.prepare<[number], Row>(`SELECT ${columns} WHERE place = ? AND kind = 1`);
    this.named = placesNamed(database);
    this.originName = database.prepare<[number], string>('SELECT name FROM origins WHERE number = ?').pluck();
    this.lastEpoch = database
      .prepare<[string], number>('SELECT max(epoch) FROM commits JOIN origins ON number = origin WHERE name = ?')
      .pluck();
    this.span = database.prepare<[string, number, number, number], Row>(
      `SELECT ${columns} WHERE origin = (SELECT number FROM origins WHERE name = ?) AND epoch = ? AND seq >= ?
       ORDER BY seq LIMIT ?`,
    );
    this.end = database
      .prepare<[string, number], number>(
        `SELECT first_seq + size - 1 FROM commits WHERE origin = (SELECT number FROM origins WHERE name = ?) AND epoch = ?
         ORDER BY first_seq DESC LIMIT 1`,
      )
      .pluck();
  }

  /** In order; what is gone, or damaged, is passed over: one bad row must not cost a page. */
  load(keys: readonly ArticleKey[]): StoredEntry[] {
    return keys.flatMap(({ place, id }) => {
      try {
        const row = this.atPlace.get(place);
        if (!row || !hasText(row)) return [];
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
    const places = this.named(id);
    for (const place of places) {
      const row = this.atPlace.get(place);
      if (row?.bytes && isBytes(row.id, 32) && Buffer.compare(row.id, hash) === 0) return [this.checked(row)];
    }
    if (places.some((place) => this.atPlace.get(place)?.gone === null))
      throw new MootError('damaged', `article ${id} is damaged`);
    return [];
  }

  /** What has text. A log has no holes: a damaged entry ends the reading. @throws MootError `damaged`. */
  read(originId: string, fromSeq: number, limit: number): StoredEntry[] {
    return this.readEpoch(originId, this.lastEpoch.get(originId) ?? 1, fromSeq, limit);
  }

  /** The same of one epoch, the last or another. @throws MootError `damaged`. */
  readEpoch(originId: string, epoch: number, fromSeq: number, limit: number): StoredEntry[] {
    const from = Math.max(fromSeq, 1);
    const rows = this.span.all(originId, epoch, from, limit);
    const hole = rows.findIndex(({ seq }, at) => seq !== from + at);
    const next = from + (hole === -1 ? rows.length : hole);
    // Where it ends before its limit it ends where the last seal does.
    const isShort = rows.length < limit && next <= (this.end.get(originId, epoch) ?? 0);
    if (hole !== -1 || isShort) throw new MootError('damaged', `entry ${next} is missing`);
    return rows.filter((row) => hasText(row) && row.kind !== unreadableKind).map((row) => this.checked(row));
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

/** @throws MootError `damaged`: of an entry, either the bytes are there or why they are not. */
function hasText({ seq, gone, bytes }: Row): boolean {
  if (gone === null) return true;
  if (bytes !== null || !goneNames[gone]) throw new MootError('damaged', `entry ${seq} is there, and said to be gone`);
  return false;
}

function isDamage(error: unknown): boolean {
  return (isMootError(error) && error.code === 'damaged') || systemCode(error).startsWith('SQLITE_CORRUPT');
}
