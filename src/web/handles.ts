import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Cursor, parseCursor, toCursorText } from '../core/cursor.js';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { LogPlace } from '../core/log.js';

/** A cursor names every log there is, so that it is too long for each event: a handle stands for it, for so long. */
const keptMs = 3600_000;
const mostBytes = 64 * 1024 * 1024;
/** A chapter is begun anew after so many events. */
const longest = 256;

/** Where a stream was, and what it has told since. */
interface Chapter {
  readonly name: string;
  readonly cursor: string;
  readonly moves: [OriginId, LogPlace][];
}

/** Short names for the places of streams. A place that is named can be gone on from, by anybody who knows its name. */
export class Handles {
  private readonly chapters = new LRUCache<string, Chapter>({
    ttl: keptMs,
    maxSize: mostBytes,
    sizeCalculation: ({ cursor }) => cursor.length + longest * 100,
  });

  /** The handles of one stream, from `cursor` on. */
  begin(cursor: string): Bookmarks {
    return new Bookmarks(cursor, (chapter) => this.chapters.set(chapter.name, chapter));
  }

  /** @throws MootError `gone` for a name that is not kept, or never was. */
  cursorOf(handle: string): string {
    const [name = '', told = ''] = handle.split('.');
    const chapter = this.chapters.get(name);
    const count = Number(told);
    if (!chapter || !/^\d{1,4}$/.test(told) || count > chapter.moves.length)
      throw new MootError('gone', 'where this stream was is not known here any longer', {
        field: 'Last-Event-ID',
        hint: 'ask for the articles again, and follow from now',
      });
    const { places, start } = parseCursor(chapter.cursor);
    return toCursorText({ places: new Map([...places, ...chapter.moves.slice(0, count)]), start } satisfies Cursor);
  }
}

/** Names each place of one stream. */
export class Bookmarks {
  private chapter: Chapter;

  constructor(
    cursor: string,
    private readonly keep: (chapter: Chapter) => void,
  ) {
    this.chapter = this.open(cursor);
  }

  /** The name of the place behind what was just told; `cursor` is asked for it when a chapter is full. */
  moved(origin: OriginId, place: LogPlace, cursor: () => string): string {
    if (this.chapter.moves.length >= longest) return this.at(cursor());
    this.chapter.moves.push([origin, place]);
    return this.name();
  }

  /** The name of the place that a cursor is. */
  at(cursor: string): string {
    this.chapter = this.open(cursor);
    return this.name();
  }

  /** The last place is still the reader's: it is kept for as long again. */
  stay(): void {
    this.keep(this.chapter);
  }

  private name(): string {
    return `${this.chapter.name}.${this.chapter.moves.length}`;
  }

  private open(cursor: string): Chapter {
    const chapter = { name: randomUUID(), cursor, moves: [] };
    this.keep(chapter);
    return chapter;
  }
}
