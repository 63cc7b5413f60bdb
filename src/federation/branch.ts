import type { AskFrame } from '../core/asking.js';
import type { Clock } from '../core/clock.js';
import type { SealedArticle } from '../core/entry.js';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { bounds } from './bounds.js';
import type { Source } from './merge.js';

/** What came of one pull. */
export type Arrival =
  | { readonly kind: 'frame'; readonly frame: AskFrame }
  | { readonly kind: 'closed' }
  | { readonly kind: 'error'; readonly error: unknown };

/**
 * One peer's part of a search. Nothing is pulled unless it is asked for, so at most one frame of it is here at a time. A
 * branch is explored when its first articles are here (a server sends none before all below it is explored) or it is over.
 */
export class Branch implements Source {
  state: 'waiting' | 'exploring' | 'explored' | 'over' = 'waiting';
  hasFailed = false;
  /** The peer has said what became of itself. */
  hasOwnRow = false;
  /** Ask calls below the peer, as far as it has told. */
  calls = 0;
  frames = 0;
  rows = 0;
  articles = 0;
  startedAtMs = 0;
  /** The last article that came. */
  last: SealedArticle | undefined;
  private held: readonly SealedArticle[] = [];
  private at = 0;
  private arrival: Arrival | undefined;
  private iterator: AsyncIterator<AskFrame> | undefined;
  private readonly stopping = new AbortController();
  private cancelSilence: (() => void) | undefined;

  constructor(
    readonly peer: OriginId,
    private readonly clock: Clock,
    private readonly onArrival: () => void,
  ) {}

  /** `ask` begins the call; it ends when the signal it is given fires. */
  open(ask: (signal: AbortSignal) => AsyncIterable<AskFrame>): void {
    this.state = 'exploring';
    this.startedAtMs = this.clock.monotonic();
    this.iterator = ask(this.stopping.signal)[Symbol.asyncIterator]();
  }

  /** Asks for the next frame, unless one is here or on its way. */
  pull(): void {
    if (!this.iterator || this.cancelSilence || this.arrival || this.hasHeld) return;
    this.cancelSilence = this.clock.after(bounds.silenceMs, () =>
      this.arrive({ kind: 'error', error: new MootError('unavailable', 'silent for 1 s') }),
    );
    this.iterator.next().then(
      (result) => this.arrive(result.done ? { kind: 'closed' } : { kind: 'frame', frame: result.value }),
      (error: unknown) => this.arrive({ kind: 'error', error }),
    );
  }

  /** What has come since the last look. */
  take(): Arrival | undefined {
    const arrival = this.arrival;
    this.arrival = undefined;
    return arrival;
  }

  /** Keeps a frame until it is passed on. `tells`: that there are articles means that the peer has explored all below. */
  hold(articles: readonly SealedArticle[], tells: boolean): void {
    if (tells && articles.length > 0) this.state = 'explored';
    this.held = articles;
    this.at = 0;
    this.last = articles.at(-1) ?? this.last;
    this.articles += articles.length;
  }

  get hasHeld(): boolean {
    return this.at < this.held.length;
  }

  /** Nothing more is read; what is held stays. */
  close(): void {
    this.state = 'over';
    this.cancelSilence?.();
    this.cancelSilence = undefined;
    this.arrival = undefined;
    const iterator = this.iterator;
    this.iterator = undefined;
    if (!iterator) return;
    this.stopping.abort();
    // A pull under way may never end; nobody waits for it.
    iterator.return?.().then(undefined, () => undefined);
  }

  head(): SealedArticle | undefined {
    return this.held[this.at];
  }

  advance(): void {
    this.at += 1;
    if (!this.hasHeld) this.held = [];
  }

  get isOver(): boolean {
    return this.state === 'over' && !this.hasHeld;
  }

  private arrive(arrival: Arrival): void {
    // Late, after silence or a close.
    if (!this.cancelSilence) return;
    this.cancelSilence();
    this.cancelSilence = undefined;
    this.arrival = arrival;
    this.onArrival();
  }
}
