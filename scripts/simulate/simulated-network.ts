import type { Asker, AskFrame, AskRequest } from '../../src/core/asking.js';
import type { SealedArticle } from '../../src/core/entry.js';
import { MootError } from '../../src/core/errors.js';
import { anyArticle } from '../../src/core/filter.js';
import type { Report, Row } from '../../src/core/row.js';
import { BreakerAsker } from '../../src/federation/breaker-asker.js';
import { Breakers } from '../../src/federation/breakers.js';
import { Marks } from '../../src/federation/marks.js';
import type { Pieces, SearchParts } from '../../src/federation/parts.js';
import { type Question, runQuery } from '../../src/federation/query.js';
import { answerAsk } from '../../src/federation/search.js';
import { askBytes, askFrameBytes } from './message-bytes.js';
import { SimulatedCall } from './simulated-call.js';
import { type Faults, type LyingCall, SimulatedServer } from './simulated-server.js';
import { VirtualClock } from './virtual-clock.js';

export interface LinkState {
  /** One way. */
  latencyMs: number;
  /** From then on nothing comes through, and both ends are told. */
  cutsAtMs?: number;
}

export interface Answer {
  readonly articles: readonly SealedArticle[];
  /** As they were sent. */
  readonly rows: readonly Row[];
  readonly report: Report;
  readonly tookMs: number;
  /** The largest frame, in bytes of its articles. */
  readonly largestFrame: number;
}

/** Wrong pieces to plant in every server. */
export interface Planted {
  readonly pieces?: Pieces;
  readonly marks?: () => SearchParts['marks'];
}

/** Servers and links in one process, on a virtual clock, that run the code of real servers; only time and wires are made up. */
export class SimulatedNetwork {
  readonly clock = new VirtualClock();
  readonly servers = new Map<string, SimulatedServer>();
  /** In messages, both ways. */
  sentBytes = 0;
  /** Every Ask that was sent, by query id. */
  readonly asks = new Map<string, { from: string; to: string; request: AskRequest }[]>();
  private readonly wires = new Map<string, LinkState>();
  private readonly parts = new Map<string, SearchParts>();
  private readonly open = new Map<SimulatedCall<AskFrame>, { from: string; to: string }>();
  private queries = 0;

  constructor(
    private readonly planted: Planted = {},
    /** What a call may have on its way: less is what a stream of HTTP/2 begins with. */
    private readonly windowBytes = 64 * 1024,
  ) {}

  server(name: string, faults: Faults = {}): SimulatedServer {
    const server = new SimulatedServer(name, this.clock, (peer) => this.servers.get(peer)?.name ?? '');
    Object.assign(server.faults, faults);
    this.servers.set(server.id, server);
    const marks = this.planted.marks?.() ?? new Marks(this.clock);
    const { pieces } = this.planted;
    const wires: Asker = { ask: (peer, request, signal) => this.ask(server.id, peer, request, signal) };
    const asker = new BreakerAsker(wires, new Breakers({ clock: this.clock, random: () => 1 }), this.clock);
    this.parts.set(server.id, { self: server, asker, clock: this.clock, marks, ...(pieces && { pieces }) });
    if (faults.diesAtMs !== undefined)
      this.clock.after(faults.diesAtMs, () =>
        this.breakCalls(({ from, to }) => from === server.id || to === server.id),
      );
    return server;
  }

  link(from: SimulatedServer, to: SimulatedServer, state: LinkState = { latencyMs: 1 }): void {
    from.link(to.id);
    this.wires.set(`${from.id} ${to.id}`, state);
    if (state.cutsAtMs !== undefined)
      this.clock.after(state.cutsAtMs, () => this.breakCalls((ends) => ends.from === from.id && ends.to === to.id));
  }

  get links(): number {
    return [...this.servers.values()].reduce((sum, server) => sum + server.links().length, 0);
  }

  /** Calls that were begun and not ended by either side. */
  get openCalls(): number {
    return this.open.size;
  }

  partsOf(server: SimulatedServer): SearchParts {
    const parts = this.parts.get(server.id);
    if (!parts) throw new Error(`${server.name} is not of this network`);
    return parts;
  }

  /** The frames of a query, to be pulled by the caller. */
  frames(server: SimulatedServer, question: Partial<Question> = {}, signal = new AbortController().signal) {
    const newQueryId = (): string => `query-${this.queries++}`;
    return runQuery({ ...this.partsOf(server), newQueryId }, { ...anyQuestion, ...question }, signal);
  }

  /** Asks at `server`, and lets time go on until the answer is whole. */
  query(server: SimulatedServer, question: Partial<Question> = {}): Promise<Answer> {
    return this.clock.run(this.collect(server, question));
  }

  private async collect(server: SimulatedServer, question: Partial<Question>): Promise<Answer> {
    const startedAtMs = this.clock.monotonic();
    const articles: SealedArticle[] = [];
    const rows: Row[] = [];
    let largestFrame = 0;
    for await (const frame of this.frames(server, question)) {
      if (frame.kind === 'rows') rows.push(...frame.rows);
      if (frame.kind === 'report')
        return { articles, rows, report: frame.report, tookMs: this.clock.monotonic() - startedAtMs, largestFrame };
      if (frame.kind !== 'articles') continue;
      articles.push(...frame.articles);
      const bytes = frame.articles.reduce((sum, article) => sum + article.bytes.length, 0);
      largestFrame = Math.max(largestFrame, bytes);
    }
    throw new Error('the answer has no report');
  }

  private ask(from: string, to: string, request: AskRequest, signal: AbortSignal): AsyncIterable<AskFrame> {
    const asks = this.asks.get(request.queryId) ?? [];
    asks.push({ from, to, request });
    this.asks.set(request.queryId, asks);
    this.sentBytes += askBytes(request);
    const link = this.wires.get(`${from} ${to}`);
    const wire = {
      clock: this.clock,
      latencyMs: link?.latencyMs ?? 1,
      windowBytes: this.windowBytes,
      bytesOf: (frame: AskFrame): number => {
        const bytes = askFrameBytes(frame);
        this.sentBytes += bytes;
        return bytes;
      },
      calleeIsThere: () => !this.isFrozen(to),
      callerIsThere: () => !this.isFrozen(from),
    };
    const call = new SimulatedCall(
      wire,
      (stop) => this.answer(from, to, request, stop),
      (ended) => this.open.delete(ended),
      signal,
    );
    this.open.set(call, { from, to });
    return call;
  }

  private async *answer(
    from: string,
    to: string,
    request: AskRequest,
    signal: AbortSignal,
  ): AsyncGenerator<AskFrame, void, undefined> {
    const server = this.servers.get(to);
    const parts = this.parts.get(to);
    const cutsAtMs = this.wires.get(`${from} ${to}`)?.cutsAtMs ?? Number.POSITIVE_INFINITY;
    if (!server || !parts || cutsAtMs <= this.clock.monotonic()) throw new MootError('unavailable', 'no connection');
    const { diesAtMs = Number.POSITIVE_INFINITY, denies, isFull, lies } = server.faults;
    if (diesAtMs <= this.clock.monotonic()) throw new MootError('unavailable', 'connection refused');
    if (denies) throw new MootError('denied', 'you are not wanted here');
    if (isFull) throw new MootError('full', 'too many queries');
    if (server.faults.answers) {
      yield* server.faults.answers(this.lyingCall(server, parts, request, signal));
      return;
    }
    for await (const frame of answerAsk(parts, request, signal)) {
      const sent = lies ? lies(frame) : frame;
      if (sent) yield sent;
    }
  }

  private lyingCall(server: SimulatedServer, parts: SearchParts, request: AskRequest, signal: AbortSignal): LyingCall {
    const ask = (peer: string, asked: AskRequest): AsyncIterable<AskFrame> =>
      this.ask(server.id, peer, asked, AbortSignal.any([signal]));
    return {
      server,
      request,
      signal,
      ask,
      honestly: (asks = (asked) => asked) => {
        const asker: Asker = { ask: (peer, asked, stop) => this.ask(server.id, peer, asks(asked), stop) };
        return answerAsk({ ...parts, asker }, request, signal);
      },
    };
  }

  private isFrozen(id: string): boolean {
    return (this.servers.get(id)?.faults.freezesAtMs ?? Number.POSITIVE_INFINITY) <= this.clock.monotonic();
  }

  private breakCalls(which: (ends: { from: string; to: string }) => boolean): void {
    for (const [call, ends] of [...this.open]) if (which(ends)) call.break('connection lost');
  }
}

export const anyQuestion: Question = {
  filter: anyArticle,
  limit: 500,
  order: 'newest',
  fanOut: 16,
  scope: 'network',
  fresh: 'live',
  timeoutMs: 60_000,
  requestId: 'test',
};
