import type { AskFrame, AskRequest } from '../core/asking.js';
import type { SealedArticle } from '../core/entry.js';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import type { Row } from '../core/row.js';
import { Bell } from './bell.js';
import { bounds, longestMs } from './bounds.js';
import type { Branch, BranchState } from './branch.js';
import { faultOf, lieOf } from './branch-faults.js';
import { Branches } from './branches.js';
import { FrameBuilder } from './frame-builder.js';
import { Merge, type Repeats, type Source } from './merge.js';
import { OwnMatches } from './own-matches.js';
import { type SearchParts, soundPieces } from './parts.js';
import { failureOf, type PeerFailure } from './peer-failure.js';
import type { RowKeeping } from './row-book.js';
import { RowOutlet } from './row-outlet.js';

/**
 * One server's part of a search: its own matches and its branches', its row at once and theirs as they come. Marks the
 * server for the query; one that is marked already says so, and does no work. Ends with an `end` frame, or throws.
 * Nothing is held for a caller who does not pull but a frame a branch; when `signal` fires all below stops at once.
 * @throws MootError `full` when no more queries can be marked, `cancelled` when `signal` fires.
 */
export async function* answerAsk(
  parts: SearchParts,
  request: AskRequest,
  signal: AbortSignal,
): AsyncGenerator<AskFrame, void, undefined> {
  if (signal.aborted) throw cancelled();
  if (!parts.marks.mark(request.queryId)) {
    yield { kind: 'already-visited' };
    return;
  }
  const search = new Search(parts, capped(request), signal);
  try {
    yield* search.frames();
  } finally {
    search.stop();
  }
}

/** Our own caps, whatever the caller says. */
function capped(request: AskRequest): AskRequest {
  return {
    ...request,
    limit: Math.min(Math.max(request.limit, 1), limits.queryLimit),
    fanOut: Math.min(Math.max(request.fanOut, 1), limits.fanOut),
    budgetMs: Math.min(request.budgetMs, bounds.budgetMs),
    hop: Math.min(request.hop, bounds.budgetMs / bounds.hopMs),
  };
}

class Search {
  private readonly bell: Bell;
  private readonly own: OwnMatches;
  private readonly branches: Branches;
  private readonly rows: RowKeeping;
  private readonly outlet: RowOutlet;
  private readonly repeats: Repeats;
  private readonly merge: Merge;
  private readonly packed = new FrameBuilder();
  private readonly out: AskFrame[] = [];
  private readonly startedAtMs: number;
  private readonly deadlines: readonly (() => void)[];
  private articles = 0;
  /** Rows that no link accounts for, of all branches. */
  private unaccounted = 0;
  private isMerging = false;
  private isStopped = false;

  constructor(
    private readonly parts: SearchParts,
    private readonly request: AskRequest,
    private readonly signal: AbortSignal,
  ) {
    const { self, clock, pieces = soundPieces } = parts;
    const links = self.links();
    this.startedAtMs = clock.monotonic();
    this.bell = new Bell(clock);
    const ring = (): void => this.bell.ring();
    const elapsedMs = (): number => Math.round(clock.monotonic() - this.startedAtMs);
    const remainingMs = (): number => request.budgetMs - (clock.monotonic() - this.startedAtMs);
    this.own = new OwnMatches(self, links, request, elapsedMs, ring);
    this.branches = new Branches(parts, request, links, remainingMs, ring);
    this.rows = pieces.rows();
    this.outlet = new RowOutlet(request.hop > 0, (row) => this.out.push({ kind: 'row', row }));
    this.repeats = pieces.repeats();
    this.merge = new Merge([this.own, ...this.branches.all], pieces.compare, this.repeats);
    signal.addEventListener('abort', this.stop, { once: true });
    this.deadlines = [
      clock.after(Math.max(0, request.budgetMs), () => this.giveUp(['exploring'])),
      clock.after(Math.max(0, longestMs(request)), () => this.giveUp(['exploring', 'explored'])),
    ];
    this.own.begin();
  }

  /** Lets go of everything; for a caller that has gone, or has all it wants. */
  readonly stop = (): void => {
    this.isStopped = true;
    this.signal.removeEventListener('abort', this.stop);
    for (const cancel of this.deadlines) cancel();
    this.branches.close();
    this.bell.ring();
  };

  async *frames(): AsyncGenerator<AskFrame, void, undefined> {
    const { clock } = this.parts;
    let sentAtMs = clock.monotonic();
    for (;;) {
      const isDone = this.turn();
      const waits = this.out.length === 0;
      for (const frame of this.out.splice(0)) {
        yield frame;
        if (this.isStopped) throw cancelled();
        sentAtMs = clock.monotonic();
      }
      if (isDone) return;
      if (!waits) continue;
      const rang = await this.bell.wait(Math.max(0, sentAtMs + bounds.progressMs - clock.monotonic()));
      if (this.isStopped) throw cancelled();
      if (rang) continue;
      yield { kind: 'progress', calls: this.branches.allCalls };
      if (this.isStopped) throw cancelled();
      sentAtMs = clock.monotonic();
    }
  }

  /** Does all that can be done without waiting. @returns true when the `end` is among what is to be sent. */
  private turn(): boolean {
    for (const row of this.own.takeRows()) this.note(this.parts.self.id, row);
    if (!this.own.isFinding) this.outlet.release();
    for (const branch of this.branches.all) this.read(branch);
    for (const row of this.branches.explore((peer) => this.rows.hasAnswered(peer))) this.note(row.serverId, row);
    const isDone = this.request.order === 'newest' ? this.passNewest() : this.passFound();
    if (isDone) {
      this.flush();
      for (const branch of this.branches.all) {
        // Read on by nobody: what has come may show a lie all the same.
        const lie = branch.state === 'over' ? undefined : this.lieOf(branch, false);
        if (lie !== undefined) this.blame(branch, lie);
      }
      this.out.push({ kind: 'end', calls: this.branches.allCalls });
      return true;
    }
    this.pull();
    return false;
  }

  /** Looks at what a branch brought. */
  private read(branch: Branch): void {
    const arrival = branch.take();
    if (arrival?.kind === 'error') this.fail(branch, failureOf(arrival.error));
    if (arrival?.kind === 'closed') this.fail(branch, { outcome: 'FAILED', reason: 'ended before its end' });
    if (arrival?.kind === 'frame') this.readFrame(branch, arrival.frame);
  }

  private readFrame(branch: Branch, frame: AskFrame): void {
    branch.count(frame);
    const fault = faultOf(frame, branch, this.request);
    if (fault !== undefined) this.blame(branch, fault);
    else if (frame.kind === 'row') this.readRow(branch, frame.row);
    else if (frame.kind === 'articles') branch.hold(frame.articles, this.request.order === 'newest');
    else if (frame.kind === 'progress') branch.calls = Math.max(branch.calls, frame.calls ?? 0);
    else if (frame.kind === 'already-visited') branch.close();
    else this.readEnd(branch, frame.calls);
  }

  private readEnd(branch: Branch, calls: number): void {
    branch.calls = calls;
    const lie = this.lieOf(branch, true);
    if (lie !== undefined) this.blame(branch, lie);
    else if (branch.ownRow || this.request.have.includes(branch.peer)) branch.close();
    else this.note(branch.peer, this.branches.fail(branch, { outcome: 'FAILED', reason: 'sent no row of its own' }));
  }

  private lieOf(branch: Branch, hasEnded: boolean): string | undefined {
    return lieOf(branch, this.request, (ids) => this.parts.self.digest(ids), hasEnded);
  }

  private readRow(branch: Branch, row: Row): void {
    const isOwn = row.serverId === branch.peer && row.via === '';
    if (isOwn) {
      branch.ownRow = row;
      this.note(branch.peer, this.heard(row));
      return;
    }
    if (branch.unaccounted > 0) this.unaccounted += 1;
    // Passed on without end they would make us the one that sends too many.
    if (branch.unaccounted <= 0 || this.unaccounted <= bounds.unaccountedPassedOn) this.note(branch.peer, row);
  }

  /** What a peer says of itself. That it did not answer is our word to the others. */
  private heard(row: Row): Row {
    const { self } = this.parts;
    const heard = { ...row, via: self.id };
    return row.outcome === 'ANSWERED' ? heard : self.sign(this.request.queryId, heard);
  }

  private blame(branch: Branch, reason: string): void {
    this.fail(branch, { outcome: 'FAILED', reason });
  }

  /** What came by a branch that broke may not be whole; its articles are good all the same. */
  private fail(branch: Branch, failure: PeerFailure): void {
    const row = this.branches.fail(branch, failure);
    for (const broken of this.rows.broke(branch.peer)) this.put(broken);
    this.note(branch.peer, row);
  }

  private note(way: OriginId, row: Row): void {
    for (const passed of this.rows.note(way, row)) this.put(passed);
  }

  private put(row: Row): void {
    if (this.own.isFinding && row.serverId !== this.parts.self.id) this.outlet.hold(row);
    else this.outlet.pass(row);
  }

  /** Nothing is passed before all below is explored: who sees the first article knows that. @returns true at the end. */
  private passNewest(): boolean {
    if (this.own.isFinding || !this.branches.areExplored) return false;
    if (!this.isMerging) {
      this.isMerging = true;
      // Who has enough before our end would else never know what we spent.
      if (this.branches.allCalls > 0) this.out.push({ kind: 'progress', calls: this.branches.allCalls });
    }
    while (this.articles < this.request.limit) {
      const next = this.merge.next();
      if (next === 'wait') return false;
      if (next === 'over') return true;
      this.articles += 1;
      if (this.pack(next)) return false;
    }
    return true;
  }

  /** Own articles first, then the branches' as they arrive; past the limit only rows are read on. @returns true at the end. */
  private passFound(): boolean {
    this.passOn(this.own);
    if (!this.own.isOver) return false;
    for (const branch of this.branches.all) this.passOn(branch);
    return this.branches.areOver;
  }

  private passOn(source: Source): void {
    for (let article = source.head(); article; article = source.head()) {
      source.advance();
      if (this.articles >= this.request.limit || !this.repeats.isNew(article.id)) continue;
      this.articles += 1;
      this.pack(article);
    }
    this.flush();
  }

  /** @returns true when a frame was full and is to be sent first. */
  private pack(article: SealedArticle): boolean {
    const articles = this.packed.add(article);
    if (articles) this.out.push({ kind: 'articles', articles });
    return articles !== undefined;
  }

  private flush(): void {
    const articles = this.packed.flush();
    if (articles) this.out.push({ kind: 'articles', articles });
  }

  private pull(): void {
    this.own.pull();
    for (const branch of this.branches.all) branch.pull();
  }

  // Runs even when nobody pulls, so that nothing outlives the time it was given.
  private giveUp(states: readonly BranchState[]): void {
    if (this.own.isFinding || states.includes('explored')) this.own.giveUp();
    for (const branch of this.branches.all) {
      this.read(branch);
      if (states.includes(branch.state))
        this.fail(branch, { outcome: 'DEADLINE', reason: 'no time was left to wait for it' });
    }
    this.bell.ring();
  }
}

function cancelled(): MootError {
  return new MootError('cancelled', 'the query was cancelled');
}
