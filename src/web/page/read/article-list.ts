import { batch, signal } from '@preact/signals';
import type { LiveArticle, LiveLost, LiveRetraction, Page, Problem, ReportInfo } from '../../api.js';
import { type ArticleRow, mergeRows, toRow } from '../../reading/article-rows.js';
import { ask, problemOf } from '../../reading/ask.js';
import type { StreamEvent } from '../../reading/event-parser.js';
import { isDated, toLiveQuery } from '../../reading/filters.js';
import { followStream, lostState, type StreamState } from '../../reading/follow-stream.js';
import { counted } from '../../reading/times.js';
import { announce } from '../state/announce.js';
import type { Source } from '../state/source.js';
import { pause } from '../state/waiting.js';

/** The first page is to be there soon; who scrolls on is not to wait often. */
const firstPageSize = 50;
const pageSize = 200;
/** How many pages back to look for where the list ended before a loss; behind that it begins anew. */
const mostPagesMissed = 40;

/** One list of articles: what was loaded of it, and what has arrived since and waits until the reader wants to see it. */
export class ArticleList {
  readonly rows = signal<readonly ArticleRow[]>([]);
  readonly waiting = signal<readonly ArticleRow[]>([]);
  readonly retracted = signal<ReadonlyMap<string, string>>(new Map());
  readonly report = signal<ReportInfo | null>(null);
  readonly problem = signal<Problem | null>(null);
  readonly isLoading = signal(true);
  readonly stream = signal<StreamState>({ kind: 'connecting' });
  private next: string | null = null;
  private loading: Promise<void> | undefined;
  private readonly ending = new AbortController();

  constructor(private readonly source: Source) {}

  /** True when the end was reached. */
  get isAll(): boolean {
    return this.next === null;
  }

  start(): void {
    void this.load();
    const followed = {
      address: `${this.source.path}/live?${toLiveQuery(this.source.query)}`,
      token: this.source.token,
      onEvent: (event: StreamEvent) => this.take(event),
      onState: (state: StreamState) => {
        this.stream.value = state;
      },
      pause,
    };
    void followStream(followed, this.ending.signal);
  }

  stop(): void {
    this.ending.abort();
  }

  /** Loads the first page, or the next. */
  load(): Promise<void> {
    this.loading = this.loadPage();
    return this.loading;
  }

  private async loadPage(): Promise<void> {
    this.isLoading.value = true;
    this.problem.value = null;
    try {
      const page = await this.ask(this.next);
      batch(() => {
        this.rows.value = mergeRows(this.rows.value, page.articles.map(toRow));
        this.report.value = page.report;
      });
      this.next = page.report.next;
    } catch (error) {
      if (!this.ending.signal.aborted) this.problem.value = problemOf(error);
    } finally {
      this.isLoading.value = false;
    }
  }

  loadMore(): void {
    if (!this.isLoading.value && this.problem.value === null && this.next !== null) void this.load();
  }

  /** Asks again from the newest on: for what a lost connection may have missed, and for who answers now. */
  async refresh(): Promise<void> {
    // What is on its way may have been asked before.
    await this.loading;
    if (this.ending.signal.aborted) return;
    if (this.report.value === null) return this.load();
    try {
      let next: string | null = null;
      for (let pages = 0; pages < mostPagesMissed; pages += 1) {
        const page: Page = await this.ask(next);
        if (pages === 0) this.report.value = { ...page.report, next: this.next };
        this.arrive(page.articles.map(toRow));
        next = page.report.next;
        const known = new Set(this.rows.value.map(({ id }) => id));
        if (next === null || page.articles.some(({ id }) => known.has(id))) return;
      }
    } catch {
      // What is shown stays; the stream says that the connection is lost.
    }
  }

  /** Puts what has arrived into the list. @returns the newest of it. */
  showWaiting(): ArticleRow | undefined {
    const [newest] = this.waiting.value;
    batch(() => {
      this.rows.value = mergeRows(this.rows.value, this.waiting.value);
      this.waiting.value = [];
    });
    return newest;
  }

  private ask(page: string | null): Promise<Page> {
    const query = new URLSearchParams(this.source.query);
    query.set('limit', String(page === null ? firstPageSize : pageSize));
    if (page !== null) query.set('page', page);
    const { path, token } = this.source;
    return ask<Page>(`${path}/articles?${query}`, { token, signal: this.ending.signal });
  }

  private take({ type, data }: StreamEvent): void {
    if (type === 'article') this.arrive([toRow((JSON.parse(data) as LiveArticle).article)]);
    else if (type === 'retracted') this.retract(JSON.parse(data) as LiveRetraction);
    else if (type === 'gap') void this.refresh();
    else if (type === 'lost') this.stream.value = lostState(JSON.parse(data) as LiveLost);
    else if (type === 'caughtUp') {
      this.stream.value = { kind: 'live' };
      void this.refresh();
    }
  }

  private arrive(rows: readonly ArticleRow[]): void {
    const listed = new Set(this.rows.value.map(({ id }) => id));
    const last = this.rows.value.at(-1);
    const isWanted = (row: ArticleRow): boolean =>
      !listed.has(row.id) &&
      isDated(this.source.query, row.publishedAt) &&
      (this.isAll || last === undefined || row.publishedAt >= last.publishedAt);
    const waiting = mergeRows(this.waiting.value, rows.filter(isWanted));
    if (waiting === this.waiting.value) return;
    this.waiting.value = waiting;
    // An empty list has nobody who reads it.
    if (this.rows.value.length === 0) this.showWaiting();
    else announce(`${counted(waiting.length, 'new article')}.`);
  }

  private retract({ retracts, reason }: LiveRetraction): void {
    this.waiting.value = this.waiting.value.filter(({ id }) => id !== retracts);
    this.retracted.value = new Map(this.retracted.value).set(retracts, reason);
  }
}
