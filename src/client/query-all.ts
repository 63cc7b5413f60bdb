import { MootError } from '../core/errors.js';
import type { Outcome, Report, Row } from '../core/row.js';
import type { Answer } from './answer.js';
import type { Article } from './types.js';

/** Asks one page. */
type AskPage = (page: string | undefined) => Answer;

/**
 * Page after page, until there is nothing more, as one answer. The next page is asked for when this one has been read, so
 * its report comes to whoever reads it to its end.
 */
export class AllPages implements Answer {
  readonly report: Promise<Report>;
  private settle: { resolve(report: Report): void; reject(error: unknown): void } | undefined;
  private current: Answer;
  private aborted = false;

  constructor(private readonly ask: AskPage) {
    this.report = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    this.report.catch(() => undefined);
    this.current = ask(undefined);
  }

  abort(): void {
    this.aborted = true;
    this.current.abort();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Article> {
    const merged = new MergedReport();
    try {
      for (;;) {
        for await (const article of this.current) {
          merged.count(article);
          yield article;
        }
        const { next } = merged.add(await this.current.report);
        if (next === undefined) break;
        if (this.aborted) throw new MootError('cancelled', 'the query was ended');
        this.current = this.ask(next);
      }
      this.settle?.resolve(merged.report());
    } catch (error) {
      // An answer that was refused for not being complete has its report all the same, as a single page has.
      const last = await this.current.report.catch(() => undefined);
      if (last?.complete === false) this.settle?.resolve(merged.with(last));
      else this.settle?.reject(error);
      throw error;
    } finally {
      this.current.abort();
      this.settle?.reject(new MootError('cancelled', 'the query was not read to its end'));
    }
  }
}

// The further down, the more it says against the answer: a server's row is that of its worst page.
const outcomes: readonly Outcome[] = [
  'ANSWERED',
  'STALE',
  'WITHHELD',
  'OVERLOADED',
  'DENIED',
  'DEADLINE',
  'UNREACHABLE',
  'FAILED',
];

/** The reports of many pages as one: complete only if each was, with the articles that came of each community. */
class MergedReport {
  private readonly rows = new Map<string, Row>();
  private readonly articles = new Map<string, number>();
  private complete = true;
  private coverageChanged = false;
  private rounds = 0;
  private calls = 0;

  count({ origin }: Article): void {
    this.articles.set(origin, (this.articles.get(origin) ?? 0) + 1);
  }

  with(last: Report): Report {
    this.add(last);
    return this.report();
  }

  add(report: Report): Report {
    this.complete &&= report.complete && !report.coverageChanged;
    this.coverageChanged ||= report.coverageChanged;
    this.rounds = Math.max(this.rounds, report.rounds);
    this.calls += report.calls;
    for (const row of report.rows) this.addRow(row);
    return report;
  }

  report(): Report {
    const rows = [...this.rows.values()].map((row) => ({ ...row, articles: this.articles.get(row.serverId) ?? 0 }));
    const { complete, coverageChanged, rounds, calls } = this;
    return { complete, next: undefined, rounds, calls, coverageChanged, rows };
  }

  private addRow(row: Row): void {
    const known = this.rows.get(row.serverId);
    const worst = known && outcomes.indexOf(known.outcome) > outcomes.indexOf(row.outcome) ? known : row;
    this.rows.set(row.serverId, {
      ...worst,
      tookMs: (known?.tookMs ?? 0) + row.tookMs,
      held: Math.max(known?.held ?? 0, row.held),
      links: [...new Set([...(known?.links ?? []), ...row.links])],
      // No server signed the sum of its pages.
      digest: new Uint8Array(0),
      signed: undefined,
    });
  }
}
