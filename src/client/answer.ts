import type { SealedArticle } from '../core/entry.js';
import { MootError } from '../core/errors.js';
import { limits } from '../core/limits.js';
import type { Report, Row } from '../core/row.js';
import type { ArticleChecker } from '../identity/check-article.js';
import { readAnswer } from '../wire/check.js';
import { fromWireArticles } from '../wire/convert-article.js';
import { fromWireReport } from '../wire/convert-query.js';
import { checkRow, requireCurrentKey } from '../wire/convert-row.js';
import type { QueryResponse } from '../wire/gen/moot/v1/community.js';
import { toArticle } from './to-article.js';
import type { Article } from './types.js';

/**
 * The answer to a query: its articles in order, each with its seal verified, and the report at the end. Reading may end
 * early, and `report` may be awaited without reading.
 */
export interface Answer extends AsyncIterable<Article> {
  /** Who answered, who did not and why. Fails as the answer does, when that breaks before its report. */
  readonly report: Promise<Report>;
  /** Ends the query; reading then throws `cancelled`. */
  abort(): void;
}

/** Where the frames of an answer come from. */
export interface Frames {
  open(): Promise<AsyncIterable<QueryResponse>>;
  /** What they have ended with. @returns whether they are to be opened again. */
  goesOn(error: unknown): boolean;
}

/** One page. It is taken in as it comes, so that a slow reader does not run the query into its deadline. While nothing of it was read, it may begin anew. */
export class PageAnswer implements Answer {
  readonly report: Promise<Report>;
  private readonly articles: SealedArticle[] = [];
  private readonly names = new Map<string, string>();
  private readonly rows = new Map<string, Row>();
  private bytes = 0;
  private ended = false;
  /** Somebody has seen of it what may not come twice. */
  private isRead = false;
  private failure: { readonly error: unknown } | undefined;
  private wake: (() => void)[] = [];

  /** `limit` is the page's: a server that sends more is not believed. */
  constructor(
    private readonly frames: Frames,
    private readonly checker: ArticleChecker,
    private readonly limit: number,
    private readonly cancel: () => void,
  ) {
    let settle: { resolve(report: Report): void; reject(error: unknown): void } | undefined;
    this.report = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    // Who only reads the articles learns of a failure there.
    this.report.catch(() => undefined);
    this.takeAny((report) => settle?.resolve(report))
      .catch((error: unknown) => {
        this.failure = { error };
        settle?.reject(error);
      })
      .finally(() => {
        this.ended = true;
        this.stir();
      });
  }

  abort(): void {
    this.cancel();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Article> {
    for (let at = 0; ; at += 1) {
      await this.until(() => this.ended || this.isNamed(at));
      const article = this.articles[at];
      if (!article) break;
      this.isRead = true;
      yield toArticle(article, this.names.get(article.entry.origin));
    }
    if (this.failure) throw this.failure.error;
  }

  /** The row that names an article's origin may come after the article, but never after the end. */
  private isNamed(at: number): boolean {
    const article = this.articles[at];
    return article !== undefined && this.names.has(article.entry.origin);
  }

  private async takeAny(reported: (report: Report) => void): Promise<void> {
    for (;;) {
      try {
        return await this.take(await this.frames.open(), reported);
      } catch (error) {
        if (!this.frames.goesOn(error) || this.isRead) throw error;
        this.articles.length = 0;
        this.names.clear();
        this.rows.clear();
        this.bytes = 0;
      }
    }
  }

  private async take(frames: AsyncIterable<QueryResponse>, reported: (report: Report) => void): Promise<void> {
    let heard = false;
    for await (const { frame } of frames) {
      if (frame?.$case === 'articles') this.takeArticles(frame.value);
      else if (frame?.$case === 'rows')
        for (const row of frame.value.rows) this.takeRow(readAnswer(() => checkRow(row, undefined)));
      else if (frame?.$case === 'report') {
        heard = true;
        this.isRead = true;
        const report = frame.value;
        reported(readAnswer(() => fromWireReport(report, [...this.rows.values()])));
      }
      this.stir();
    }
    if (!heard) throw broken();
  }

  private takeArticles(batch: Parameters<typeof fromWireArticles>[0]): void {
    for (const { bytes, proof, storedAtMs } of readAnswer(() => fromWireArticles(batch))) {
      this.bytes += bytes.length;
      if (this.articles.length >= this.limit || this.bytes > limits.pageBytes + limits.messageBytes)
        throw new MootError('damaged', 'the server sends more than was asked for');
      this.articles.push(this.checker.check(bytes, proof, storedAtMs));
    }
  }

  private takeRow(row: Row): void {
    requireCurrentKey(row, this.checker.ring);
    this.rows.set(row.serverId, row);
    this.names.set(row.serverId, row.name);
  }

  private async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.wake.push(resolve));
  }

  private stir(): void {
    for (const resolve of this.wake.splice(0)) resolve();
  }
}

function broken(): MootError {
  return new MootError('unavailable', 'the answer broke off before its report');
}
