import type { Asker, AskRequest, Order, SearchSelf } from '../core/asking.js';
import type { SealedArticle } from '../core/entry.js';
import { MootError } from '../core/errors.js';
import type { ArticleFilter } from '../core/filter.js';
import type { OriginId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import type { Position } from '../core/position.js';
import type { Report, Row } from '../core/row.js';
import { bounds } from './bounds.js';
import { Coverage } from './coverage.js';
import { FrameBuilder } from './frame-builder.js';
import type { Repeats } from './merge.js';
import { MirrorReader, staleRow } from './mirrored.js';
import { Page } from './page.js';
import { digestOfCoverage, isSameCoverage, toPageToken } from './page-token.js';
import { type Pieces, type SearchParts, soundPieces } from './parts.js';
import { Round } from './round.js';
import { rowBatches } from './row-batches.js';
import { answerAsk } from './search.js';

type Scope = 'local' | 'network';
type Fresh = 'live' | 'mirrored';

/** What a member asks. */
export interface Question {
  readonly filter: ArticleFilter;
  /** 1 to 500. */
  readonly limit: number;
  readonly order: Order;
  /** Where the page before ended, and who had answered it: what `parsePageToken` gives. */
  readonly before?: Position | undefined;
  readonly coverage?: Uint8Array | undefined;
  readonly fanOut: number;
  readonly scope: Scope;
  readonly fresh: Fresh;
  /** For the whole answer, all rounds. */
  readonly timeoutMs: number;
  readonly requestId: string;
}

export type QueryFrame =
  | { readonly kind: 'articles'; readonly articles: readonly SealedArticle[] }
  /** One row a server, all at the end. */
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | { readonly kind: 'report'; readonly report: Report };

export interface QueryParts extends SearchParts {
  /** A fresh id that nobody can guess, for each round. */
  readonly newQueryId: () => string;
}

/**
 * Asks a question of this server and, in `network` scope, of all it can reach. Articles come first, then the rows, then
 * the report. What is missing is told in the rows: a peer's failure never throws.
 * @throws MootError `full` when this server has too many queries, `cancelled` when `signal` fires.
 */
export function runQuery(
  parts: QueryParts,
  question: Question,
  signal: AbortSignal,
): AsyncGenerator<QueryFrame, void, undefined> {
  return new Query(parts, question, signal).frames();
}

class Query {
  private readonly parts: QueryParts;
  private readonly pieces: Pieces;
  private readonly coverage: Coverage;
  private readonly page: Page;
  private readonly mirrors: MirrorReader;
  /** Order `found`: what was sent. */
  private readonly sent: Repeats;
  private readonly deadlineMs: number;
  private readonly shownBeforeMs: number;
  private current: Round | undefined;
  private found = 0;
  private hasMirrored = false;
  private rounds = 0;
  private calls = 0;

  constructor(
    parts: QueryParts,
    private readonly question: Question,
    private readonly signal: AbortSignal,
  ) {
    this.parts = scoped(parts, question);
    this.pieces = parts.pieces ?? soundPieces;
    this.coverage = new Coverage(parts.self.id);
    this.page = new Page(question.limit, this.pieces);
    const { filter, before, limit } = question;
    this.mirrors = new MirrorReader(this.parts.self, { filter, before, limit });
    this.sent = this.pieces.repeats();
    this.deadlineMs = parts.clock.monotonic() + question.timeoutMs;
    this.shownBeforeMs = parts.clock.monotonic() - bounds.headMs;
  }

  async *frames(): AsyncGenerator<QueryFrame, void, undefined> {
    // Somebody keeps us waiting: what would be left to do at the end is done meanwhile.
    const readAhead = (): void => void this.mirrors.readAhead((origin) => this.wantsMirror(origin));
    const cancel = this.parts.clock.after(this.question.timeoutMs / 2, readAhead);
    // A caller that has gone may never pull again.
    this.signal.addEventListener('abort', cancel, { once: true });
    try {
      for (let next: NextRound | undefined = { visited: [] }; next; next = this.nextRound()) {
        if (this.rounds > 0) readAhead();
        this.rounds += 1;
        yield* this.round(next.visited);
      }
    } finally {
      this.signal.removeEventListener('abort', cancel);
      cancel();
    }
    const stale = new Map<OriginId, Row>();
    if (this.question.scope === 'network' && !this.coverage.isClosed) yield* this.fromMirrors(stale);
    yield* inFrames(this.page.articles);
    const rows = this.coverage.rows(stale);
    for (const batch of rowBatches(rows)) yield { kind: 'rows', rows: batch };
    yield { kind: 'report', report: this.report(rows) };
  }

  private nextRound(): NextRound | undefined {
    if (this.rounds >= this.pieces.rounds || this.remainingMs() <= bounds.hopMs) return undefined;
    return this.coverage.nextRound();
  }

  private async *round(visited: readonly OriginId[]): AsyncGenerator<QueryFrame, void, undefined> {
    const { limit, order } = this.question;
    const round = new Round();
    this.current = round;
    const kept: SealedArticle[] = [];
    for await (const frame of answerAsk(this.parts, this.request(visited), this.signal)) {
      if (frame.kind === 'row') round.noteRow(frame.row);
      if (frame.kind === 'end' || frame.kind === 'progress') round.calls = frame.calls ?? round.calls;
      if (frame.kind !== 'articles') continue;
      round.noteArticles(frame.articles);
      if (order === 'found') yield* this.unsent(frame.articles);
      else {
        kept.push(...frame.articles);
        if (round.bytes > limits.pageBytes) break;
      }
    }
    if (this.signal.aborted) throw new MootError('cancelled', 'the query was cancelled');
    const isWhole = round.articles < limit && (order === 'found' || round.bytes <= limits.pageBytes);
    round.check((ids) => this.parts.self.digest(ids), !isWhole);
    round.checkLengths((server) => this.parts.self.shown(server, this.shownBeforeMs));
    this.page.add(kept, isWhole);
    this.coverage.close(round);
    this.current = undefined;
    this.calls += round.calls;
  }

  /** Last, and only when somebody did not answer: what is kept here of the logs of those who did not. */
  private async *fromMirrors(stale: Map<OriginId, Row>): AsyncGenerator<QueryFrame> {
    const { self } = this.parts;
    const { order, fresh } = this.question;
    for (const view of await self.mirrors()) {
      if (!this.wantsMirror(view.origin)) continue;
      if (this.parts.clock.monotonic() >= this.deadlineMs) break;
      const answer = await this.mirrors.read(view);
      const { articles, isWhole } = answer;
      const row = staleRow(self, view, answer, this.coverage.rowOf(view.origin), fresh === 'live');
      stale.set(view.origin, row);
      if (order === 'found') yield* this.unsent(articles);
      else this.page.add(articles, isWhole);
    }
    this.hasMirrored = stale.size > 0;
  }

  private wantsMirror(origin: OriginId): boolean {
    const { origins } = this.question.filter;
    const hasAnswered = this.coverage.hasAnswered(origin) || this.current?.rows.get(origin)?.outcome === 'ANSWERED';
    return !hasAnswered && (origins.length === 0 || origins.includes(origin));
  }

  private request(visited: readonly OriginId[]): AskRequest {
    const { filter, limit, order, before, fanOut, requestId } = this.question;
    return {
      queryId: this.parts.newQueryId(),
      requestId,
      filter,
      limit,
      order,
      before,
      fanOut,
      hop: 0,
      budgetMs: this.roundMs(),
      visited,
      have: this.coverage.have(),
      avoid: this.coverage.avoid(),
    };
  }

  private *unsent(articles: readonly SealedArticle[]): Generator<QueryFrame> {
    const fresh: SealedArticle[] = [];
    for (const article of articles) {
      if (this.found >= this.question.limit) break;
      if (!this.sent.isNew(article.id)) continue;
      this.found += 1;
      fresh.push(article);
    }
    if (fresh.length > 0) yield { kind: 'articles', articles: fresh };
  }

  private report(rows: readonly Row[]): Report {
    const coverage = digestOfCoverage(this.coverage.answered().map(({ serverId }) => serverId));
    const before = this.question.coverage;
    const coverageChanged = before !== undefined && !isSameCoverage(before, coverage);
    return {
      complete: this.coverage.isClosed && !coverageChanged && rows.every(isSettled),
      next: this.next(coverage),
      rounds: this.rounds,
      calls: this.question.fresh === 'mirrored' ? 0 : this.calls,
      coverageChanged,
      rows,
    };
  }

  private next(coverage: Uint8Array): string | undefined {
    const last = this.page.articles.at(-1);
    if (!last || !this.page.isCut || this.hasAll()) return undefined;
    const before = { publishedAtMs: last.entry.publishedAtMs, id: last.id };
    return toPageToken(this.question, { before, coverage });
  }

  /** The page ends exactly where the answers end. */
  private hasAll(): boolean {
    const { articles, isCutByBytes } = this.page;
    const answered = this.coverage.answered();
    return (
      !isCutByBytes &&
      !this.hasMirrored &&
      answered.every((row) => row.articles < this.question.limit) &&
      answered.reduce((sum, row) => sum + row.articles, 0) === articles.length &&
      articles.every(({ entry }) => this.coverage.hasAnswered(entry.origin))
    );
  }

  /** What one round may take of what is left: a server that only says that it works must not use up all the others. */
  private roundMs(): number {
    const remainingMs = this.remainingMs();
    return this.rounds < this.pieces.rounds ? Math.floor(remainingMs * bounds.roundShare) : remainingMs;
  }

  /** For exploring; the rest of the time brings home what was explored, and is for the mirrors of who did not answer. */
  private remainingMs(): number {
    const { timeoutMs } = this.question;
    const graceMs = Math.min(timeoutMs / 2, Math.max(bounds.graceMs, Math.min(bounds.homeMs, timeoutMs / 8)));
    return Math.max(0, Math.floor(this.deadlineMs - graceMs - this.parts.clock.monotonic()));
  }
}

type NextRound = NonNullable<ReturnType<Coverage['nextRound']>>;

function isSettled(row: Row): boolean {
  return row.outcome === 'ANSWERED';
}

function* inFrames(articles: readonly SealedArticle[]): Generator<QueryFrame> {
  const frames = new FrameBuilder();
  for (const article of articles) {
    const frame = frames.add(article);
    if (frame) yield { kind: 'articles', articles: frame };
  }
  const frame = frames.flush();
  if (frame) yield { kind: 'articles', articles: frame };
}

/** A narrower question meets the same search in a smaller world. */
function scoped(parts: QueryParts, { scope, fresh }: Question): QueryParts {
  if (scope === 'local') return { ...parts, self: alone(parts.self) };
  return fresh === 'mirrored' ? { ...parts, asker: nobody } : parts;
}

function alone(self: SearchSelf): SearchSelf {
  return {
    id: self.id,
    name: self.name,
    links: () => [],
    peerName: (peer) => self.peerName(peer),
    find: (request) => self.find(request),
    mirrors: async () => [],
    load: (keys) => self.load(keys),
    end: () => self.end(),
    shown: (origin, beforeMs) => self.shown(origin, beforeMs),
    digest: (ids) => self.digest(ids),
    sign: (queryId, row) => self.sign(queryId, row),
  };
}

const nobody: Asker = {
  ask: () => {
    throw new MootError('unavailable', 'not mirrored here');
  },
};
