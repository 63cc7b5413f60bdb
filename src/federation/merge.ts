import type { SealedArticle } from '../core/entry.js';
import type { Position } from '../core/position.js';

/** Articles in order, of which a few are here at a time. */
export interface Source {
  /** The next one that is here. */
  head(): SealedArticle | undefined;
  advance(): void;
  /** Nothing is here, and nothing will come. */
  readonly isOver: boolean;
}

export type Compare = (a: Position, b: Position) => number;

/** Remembers ids. */
export interface Repeats {
  /** True the first time an id comes. */
  isNew(id: string): boolean;
}

export class SeenIds implements Repeats {
  private readonly seen = new Set<string>();

  isNew(id: string): boolean {
    if (this.seen.has(id)) return false;
    this.seen.add(id);
    return true;
  }
}

/** Merges sources, newest first; an id met twice comes once. */
export class Merge {
  constructor(
    private readonly sources: readonly Source[],
    private readonly compare: Compare,
    private readonly repeats: Repeats,
  ) {}

  /** The next article; 'wait' while a source has nothing here that may yet bring a newer one. */
  next(): SealedArticle | 'wait' | 'over' {
    for (;;) {
      const source = this.newest();
      if (source === 'wait' || source === 'over') return source;
      const article = source.head();
      source.advance();
      if (article && this.repeats.isNew(article.id)) return article;
    }
  }

  private newest(): Source | 'wait' | 'over' {
    let newest: Source | 'over' = 'over';
    let best: Position | undefined;
    for (const source of this.sources) {
      const article = source.head();
      if (!article) {
        if (source.isOver) continue;
        return 'wait';
      }
      const position = positionOf(article);
      if (best && this.compare(best, position) <= 0) continue;
      best = position;
      newest = source;
    }
    return newest;
  }
}

export function positionOf(article: SealedArticle): Position {
  return { publishedAtMs: article.entry.publishedAtMs, id: article.id };
}

/** A list as a source. */
export class ListSource implements Source {
  private at = 0;

  constructor(private readonly articles: readonly SealedArticle[]) {}

  head(): SealedArticle | undefined {
    return this.articles[this.at];
  }

  advance(): void {
    this.at += 1;
  }

  get isOver(): boolean {
    return this.at >= this.articles.length;
  }
}
