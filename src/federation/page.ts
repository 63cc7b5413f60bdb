import type { SealedArticle } from '../core/entry.js';
import { limits } from '../core/limits.js';
import type { Position } from '../core/position.js';
import { bytesOf } from './frame-builder.js';
import { ListSource, Merge, positionOf } from './merge.js';
import type { Pieces } from './parts.js';

/** The newest articles of all rounds of a query: at most `limit`, and `limits.pageBytes` or one article. */
export class Page {
  articles: readonly SealedArticle[] = [];
  /** There was more than a page holds. */
  isCut = false;
  /** Not by the number of articles alone. */
  isCutByBytes = false;
  /** What each round that was cut had last: past it the page would have holes. */
  private readonly ends: Position[] = [];

  constructor(
    private readonly limit: number,
    private readonly pieces: Pick<Pieces, 'compare' | 'repeats'>,
  ) {}

  /** Adds what a round brought, in order. `isWhole`: the round was not cut. */
  add(articles: readonly SealedArticle[], isWhole: boolean): void {
    const last = articles.at(-1);
    if (!isWhole && last) {
      this.isCut = true;
      this.ends.push(positionOf(last));
    }
    const { compare, repeats } = this.pieces;
    const merge = new Merge([new ListSource(this.articles), new ListSource(articles)], compare, repeats());
    const kept: SealedArticle[] = [];
    let bytes = 0;
    for (let next = merge.next(); typeof next === 'object'; next = merge.next()) {
      bytes += bytesOf(next);
      if (bytes > limits.pageBytes && kept.length > 0) this.isCutByBytes = true;
      if (kept.length >= this.limit || this.isCutByBytes || this.isPastAnEnd(next)) {
        this.isCut = true;
        break;
      }
      kept.push(next);
    }
    this.articles = kept;
  }

  private isPastAnEnd(article: SealedArticle): boolean {
    const position = positionOf(article);
    return this.ends.some((end) => this.pieces.compare(position, end) > 0);
  }
}
