import type { AskFrame } from '../core/asking.js';
import type { Clock } from '../core/clock.js';
import type { SealedArticle } from '../core/entry.js';
import { MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { Row } from '../core/row.js';
import { bounds } from './bounds.js';
import type { Source } from './merge.js';
import { unaccounted } from './row-outlet.js';

/** What came of one pull. */
export type Arrival =
  | { readonly kind: 'frame'; readonly frame: AskFrame }
  | { readonly kind: 'closed' }
  | { readonly kind: 'error'; readonly error: unknown };

/** A timer that is so late says that this server was busy, not that its peer was silent. */
const heldUpMs = 100;

export type BranchState = 'waiting' | 'exploring' | 'explored' | 'over';

/**
 * One peer's part of a search. Nothing is pulled unless it is asked for, so at most one frame of it is here at a time. A
 * branch is explored when its first articles are here (a server sends none before all below it is explored) or it is over.
 */
export class Branch implements Source {
  state: BranchState = 'waiting';
  hasFailed = false;
  /** What the peer has last said of itself. */
  ownRow: Row | undefined;
  /** Ids of the peer's own articles, in the order in which they came. */
  readonly ownIds: string[] = [];
  /** Ask calls below the peer, as far as it has told. */
  calls = 0;
  frames = 0;
  /** Those that bring nothing. */
  emptyFrames = 0;
  rows = 0;
  /** That its rows have named. */
  links = 0;
  articles = 0;
  startedAtMs = 0;
  /** The last article that came. */
  last: SealedArticle | undefined;
  private firstWordMs: number = bounds.silenceMs;
  private held: readonly SealedArticle[] = [];
  private at = 0;
  private arrival: Arrival | undefined;
  private iterator: AsyncIterator<AskFrame> | undefined;
  private readonly stopping = new AbortController();
  private cancelSilence: (() => void) | undefined;

  constructor(
    readonly peer: OriginId,
    private readonly asker: OriginId,
    private readonly clock: Clock,
    private readonly onArrival: () => void,
  ) {}

  /** `ask` begins the call; it ends when the signal it is given fires. The first frame may take `firstWordMs`. */
  open(ask: (signal: AbortSignal) => AsyncIterable<AskFrame>, firstWordMs: number): void {
    this.state = 'exploring';
    this.firstWordMs = firstWordMs;
    this.startedAtMs = this.clock.monotonic();
    this.iterator = ask(this.stopping.signal)[Symbol.asyncIterator]();
  }

  /** Asks for the next frame, unless one is here or on its way. */
  pull(): void {
    if (!this.iterator || this.cancelSilence || this.arrival || this.hasHeld) return;
    this.listen(this.frames === 0 ? this.firstWordMs : bounds.silenceMs);
    this.iterator.next().then(
      (result) => this.arrive(result.done ? { kind: 'closed' } : { kind: 'frame', frame: result.value }),
      (error: unknown) => this.arrive({ kind: 'error', error }),
    );
  }

  /** To be told of each frame before it is looked at. */
  count(frame: AskFrame): void {
    this.frames += 1;
    if (frame.kind === 'row') {
      this.rows += 1;
      this.links += frame.row.links.length;
    } else if (frame.kind === 'progress' || (frame.kind === 'articles' && frame.articles.length === 0))
      this.emptyFrames += 1;
  }

  /** It says more often that it works than there is reason to. */
  get isWordy(): boolean {
    const due = (this.clock.monotonic() - this.startedAtMs) / bounds.progressMs;
    return this.emptyFrames > bounds.emptyFrames + 2 * due;
  }

  /** Rows past those that the link to the peer, and the links that its rows have named, account for. */
  get unaccounted(): number {
    return unaccounted(this.rows, this.links);
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
    // Who asks has its own at hand: from anybody else they come twice, or were taken out of its log since.
    this.held = articles.filter(({ entry }) => entry.origin !== this.asker);
    for (const { id, entry } of articles) if (entry.origin === this.peer) this.ownIds.push(id);
    this.at = 0;
    this.last = articles.at(-1) ?? this.last;
    this.articles += articles.length;
  }

  get hasHeld(): boolean {
    return this.at < this.held.length;
  }

  /** Nothing more is read; what is held stays. `reason`: what the call is told, when it is to blame. */
  close(reason?: MootError): void {
    this.state = 'over';
    this.cancelSilence?.();
    this.cancelSilence = undefined;
    this.arrival = undefined;
    const iterator = this.iterator;
    this.iterator = undefined;
    if (!iterator) return;
    this.stopping.abort(reason);
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

  private listen(ms: number): void {
    const dueMs = this.clock.monotonic() + ms;
    this.cancelSilence = this.clock.after(ms, () => {
      // When this server itself was held up, what has come meanwhile is still to be read.
      if (this.clock.monotonic() - dueMs < heldUpMs) this.silent(ms);
      else this.cancelSilence = this.clock.after(bounds.progressMs, () => this.silent(ms));
    });
  }

  private silent(ms: number): void {
    const error = new MootError('unavailable', `silent for ${Math.round(ms / 100) / 10} s`);
    this.stopping.abort(error);
    this.arrive({ kind: 'error', error });
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
