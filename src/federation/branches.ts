import type { AskRequest } from '../core/asking.js';
import { type ErrorCode, MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import type { Outcome, Row } from '../core/row.js';
import { bounds, firstWordMs } from './bounds.js';
import { Branch } from './branch.js';
import type { SearchParts } from './parts.js';
import { failureOf, type PeerFailure } from './peer-failure.js';
import { nothingSaid } from './row-book.js';

/** The calls of one server to its peers: which, in which order, how many at once. */
export class Branches {
  readonly all: readonly Branch[];
  calls = 0;

  constructor(
    private readonly parts: SearchParts,
    private readonly request: AskRequest,
    links: readonly OriginId[],
    private readonly remainingMs: () => number,
    onArrival: () => void,
  ) {
    const { self, clock } = parts;
    const known = new Set([self.id, ...request.visited]);
    for (const edge of request.avoid) if (edge.from === self.id) known.add(edge.to);
    const peers = [...new Set(links)].filter((peer) => !known.has(peer));
    this.all = peers.map((peer) => new Branch(peer, self.id, clock, onArrival));
  }

  /** Begins as many as `fanOut` allows. @returns rows of those that could not be begun. */
  explore(hasAnswered: (peer: OriginId) => boolean): readonly Row[] {
    const failed: Row[] = [];
    // Who is not asked must not be named as one that is: another may reach it.
    const asked = this.choose(hasAnswered).filter((branch) => {
      const refusal = this.parts.asker.refusal?.(branch.peer);
      if (!refusal) return true;
      branch.startedAtMs = this.parts.clock.monotonic();
      failed.push(this.fail(branch, failureOf(refusal)));
      return false;
    });
    for (const branch of asked) {
      const budgetMs = Math.floor(this.remainingMs() - bounds.hopMs);
      if (budgetMs <= 0) {
        branch.startedAtMs = this.parts.clock.monotonic();
        // Nobody has asked it: the link to it has not failed.
        failed.push({ ...this.fail(branch, { outcome: 'DEADLINE', reason: 'no time was left to ask it' }), via: '' });
        continue;
      }
      this.calls += 1;
      const request = { ...this.request, hop: this.request.hop + 1, budgetMs, visited: this.visited() };
      try {
        branch.open((signal) => this.parts.asker.ask(branch.peer, request, signal), firstWordMs(budgetMs));
      } catch (error) {
        failed.push(this.fail(branch, failureOf(error)));
      }
    }
    return failed;
  }

  /** Closes a branch that did not come to its end. @returns the row about its peer. */
  fail(branch: Branch, { outcome, reason }: PeerFailure): Row {
    branch.hasFailed = true;
    const code = blame[outcome];
    branch.close(code && new MootError(code, reason));
    const { self, clock } = this.parts;
    return self.sign(this.request.queryId, {
      ...nothingSaid,
      serverId: branch.peer,
      name: self.peerName(branch.peer),
      outcome,
      hop: this.request.hop + 1,
      via: self.id,
      tookMs: Math.round(clock.monotonic() - branch.startedAtMs),
      reason,
    });
  }

  close(): void {
    for (const branch of this.all) branch.close();
  }

  get areExplored(): boolean {
    return this.all.every(({ state }) => state === 'explored' || state === 'over');
  }

  get areOver(): boolean {
    return this.all.every(({ state }) => state === 'over');
  }

  /** Made here, and below as far as it was told. */
  get allCalls(): number {
    return this.all.reduce((sum, branch) => sum + branch.calls, this.calls);
  }

  // All that begin together are chosen before the first is asked, so that each is told of the others.
  private choose(hasAnswered: (peer: OriginId) => boolean): readonly Branch[] {
    const chosen: Branch[] = [];
    let exploring = this.all.filter(({ state }) => state === 'exploring').length;
    for (const branch of this.all) {
      if (exploring >= this.request.fanOut) break;
      if (branch.state !== 'waiting') continue;
      if (hasAnswered(branch.peer)) {
        // It was reached by another branch: asking would only be told so.
        branch.close();
        continue;
      }
      branch.state = 'exploring';
      chosen.push(branch);
      exploring += 1;
    }
    return chosen;
  }

  private visited(): readonly OriginId[] {
    const asked = this.all.filter(({ state, hasFailed }) => state !== 'waiting' && !hasFailed).map(({ peer }) => peer);
    return [...new Set([...this.request.visited, this.parts.self.id, ...asked])].slice(-limits.visitedHints);
  }
}

/** With what the call to a peer is ended where its branch came to this, unless it had ended by itself. */
const blame: Readonly<Partial<Record<Outcome, ErrorCode>>> = { DEADLINE: 'timed_out', FAILED: 'damaged' };
