import type { Asker, AskFrame, AskRequest } from '../core/asking.js';
import type { Clock } from '../core/clock.js';
import { codeOf, isMootError, MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { bounds, firstWordMs } from './bounds.js';
import type { Attempt, Breaker } from './breaker.js';
import type { Breakers } from './breakers.js';
import { stateAfter } from './peer-failure.js';

/** Asks as another asker does, but for peers that failed again and again: a dead one costs nothing but now and then a try. */
export class BreakerAsker implements Asker {
  constructor(
    private readonly asker: Asker,
    private readonly breakers: Breakers,
    private readonly clock: Clock,
  ) {}

  refusal(peer: OriginId): MootError | undefined {
    return this.breakers.of(peer).refusal();
  }

  async *ask(peer: OriginId, request: AskRequest, signal: AbortSignal): AsyncGenerator<AskFrame, void, undefined> {
    const call = new WatchedCall(this.breakers, peer, request.budgetMs, this.clock);
    const stopped = (): void => call.stopped(signal.reason);
    signal.addEventListener('abort', stopped, { once: true });
    try {
      for await (const frame of this.asker.ask(peer, request, signal)) {
        call.heard(frame);
        yield frame;
      }
      call.closed();
    } catch (error) {
      call.failed(error);
      throw error;
    } finally {
      signal.removeEventListener('abort', stopped);
      call.ended();
    }
  }
}

/** Tells the breaker what comes of one call; what is told first holds. */
class WatchedCall {
  private readonly breaker: Breaker;
  private readonly attempt: Attempt;
  private hasHeard = false;
  private heardMs = 0;
  /** More than words of progress. */
  private hasBrought = false;
  private isWhole = false;
  private isOver = false;

  /** @throws MootError `unavailable` when the peer is not to be asked. */
  constructor(
    private readonly breakers: Breakers,
    private readonly peer: OriginId,
    private readonly budgetMs: number,
    private readonly clock: Clock,
  ) {
    this.breaker = breakers.of(peer);
    this.attempt = this.breaker.begin();
  }

  heard({ kind }: AskFrame): void {
    if (kind === 'end' || kind === 'already-visited') this.isWhole = true;
    if (kind !== 'progress') this.hasBrought = true;
    if (this.hasHeard || this.isOver) return;
    this.hasHeard = true;
    this.heardMs = this.clock.monotonic();
    this.breakers.note(this.peer, 'up', '');
  }

  /** The peer has ended its stream. */
  closed(): void {
    if (!this.isWhole) this.failed(new MootError('damaged', 'ended before its end'));
  }

  /**
   * The search lets go: of a branch that was silent (`unavailable`), late (`timed_out`) or wrong (`damaged`), or of one it
   * needs no more.
   */
  stopped(reason: unknown): void {
    const code = codeOf(reason);
    if (code === 'unavailable') this.failed(reason, false);
    else if (code === 'timed_out' || code === 'damaged') this.failed(reason);
    else this.ended();
  }

  failed(error: unknown, breaks = true): void {
    if (this.isOver) return;
    this.isOver = true;
    const reason = isMootError(error) ? error.message : 'the call failed';
    switch (codeOf(error)) {
      case 'unavailable':
        // A shorter silence is no proof: it may be slow.
        if (breaks || this.hasHeard || firstWordMs(this.budgetMs) >= bounds.slowMs)
          this.breakers.failed(this.peer, this.attempt, reason, breaks);
        else this.breaker.late(this.attempt);
        return;
      case 'timed_out':
        if (this.isIdle)
          this.breakers.failed(this.peer, this.attempt, 'said that it works, and brought nothing', false);
        else this.breaker.late(this.attempt);
        return;
      case 'cancelled':
        this.breaker.dropped(this.attempt);
        return;
      case 'damaged':
        this.breakers.lied(this.peer, this.attempt, reason);
        return;
      default:
        // Whatever it says, it is there.
        this.breaker.refused();
        if (codeOf(error) !== 'full') this.breakers.note(this.peer, stateAfter(error), reason);
    }
  }

  /** It spoke, and brought nothing until its time was up, not even its own row, which waits for nobody. */
  private get isIdle(): boolean {
    return this.hasHeard && !this.hasBrought && this.clock.monotonic() - this.heardMs >= bounds.idleMs;
  }

  /** The answer came to its end, or nobody wanted more of it. */
  ended(): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.hasHeard) this.breaker.answered();
    else this.breaker.dropped(this.attempt);
  }
}
