import { type Clock, sleep } from '../../core/clock.js';
import { codeOf, type ErrorCode, isMootError, MootError } from '../../core/errors.js';
import type { Follower, FollowFrame, FollowRequest } from '../../core/following.js';
import type { OriginId } from '../../core/ids.js';
import type { LinkState } from '../../core/peering.js';
import { stateAfter } from '../peer-failure.js';
import { BackOff } from './back-off.js';
import { feedBounds } from './feed-bounds.js';

export interface FollowingParts {
  readonly follower: Follower;
  readonly clock: Clock;
  readonly random: () => number;
  readonly request: () => FollowRequest;
  /** A stream begins: what takes its frames, one after the other. */
  readonly open: () => Sink;
  /** Gets what was thrown and is no refusal. */
  readonly onBug: (error: unknown) => void;
  /** How the link stands has changed. */
  readonly onState: OnState;
}

/** Why a feed is down, and the code of what ended it; undefined when the peer ended it, or a fault of ours. */
export type OnState = (state: LinkState, reason: string, code: ErrorCode | undefined) => void;

interface Ended {
  /** How the link stands. */
  readonly state: LinkState;
  readonly reason: string;
  readonly code: ErrorCode | undefined;
}

/** Takes the frames of one stream. */
export interface Sink {
  /** Resolves when there is room for the next. @throws what must end the stream. */
  accept(frame: FollowFrame): Promise<void>;
  /** The stream is over; `drop` what is in hand when the link was removed. */
  close(drop: boolean): Promise<void>;
}

/** Keeps one stream to a peer open, whatever happens to it, until it is stopped. */
export class Following {
  /** Why nothing comes, and since when; undefined while the link is fed. */
  notFed: { readonly reason: string; readonly sinceMs: number } | undefined;
  /** When the last frame came, on the monotonic clock. */
  lastFrameMs: number | undefined;
  /** Since when frames have come without a break, on the monotonic clock; undefined while the link is not fed. */
  fedSinceMs: number | undefined;
  private readonly stopping = new AbortController();
  private readonly backOff: BackOff;
  private readonly running: Promise<void>;
  private waking: AbortController | undefined;
  private hasMisbehaved = false;

  constructor(
    private readonly peer: OriginId,
    private readonly parts: FollowingParts,
  ) {
    this.notFed = { reason: 'not connected yet', sinceMs: parts.clock.now() };
    this.backOff = new BackOff(parts.random);
    this.running = this.run();
  }

  /** Ends the stream; resolves when nothing more comes of it. */
  async stop(): Promise<void> {
    this.stopping.abort(new MootError('cancelled', 'the link is not followed any more'));
    this.waking?.abort();
    await this.running;
  }

  /** The peer shows signs of life: the next try is made at once, unless it was there, and misbehaved. */
  hurry(): void {
    if (!this.hasMisbehaved) this.waking?.abort();
  }

  private async run(): Promise<void> {
    const { clock } = this.parts;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const startedMs = clock.monotonic();
      const { state, reason, code } = await this.stream();
      if (signal.aborted) return;
      if (clock.monotonic() - startedMs >= feedBounds.steadyMs) this.backOff.reset();
      this.hasMisbehaved = code === 'damaged';
      this.fedSinceMs = undefined;
      this.notFed = { reason, sinceMs: this.notFed?.sinceMs ?? clock.now() };
      this.parts.onState(state, reason, code);
      this.waking = new AbortController();
      const leastMs = this.hasMisbehaved ? feedBounds.misbehavedMs : 0;
      if (!signal.aborted) await sleep(clock, leastMs + this.backOff.next(), this.waking.signal);
      this.waking = undefined;
    }
  }

  /** One stream from its beginning to its end. @returns why it ended, and how the link stands. */
  private async stream(): Promise<Ended> {
    const { follower, request } = this.parts;
    const ending = new AbortController();
    const abort = (): void => ending.abort(this.stopping.signal.reason);
    this.stopping.signal.addEventListener('abort', abort, { once: true });
    const sink = this.parts.open();
    try {
      const frames = follower.follow(this.peer, request(), ending.signal)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await this.next(frames, ending);
          // What came while the link was being removed is of no link.
          if (ending.signal.aborted) throw ending.signal.reason;
          if (next.done) return { state: 'down', reason: 'the peer ended the stream', code: undefined };
          this.fed();
          await sink.accept(next.value);
        }
      } finally {
        // Not waited for: a stream that hangs does not return before what it waits for comes.
        frames.return?.().then(undefined, () => undefined);
      }
    } catch (error) {
      if (isMootError(error) && codeOf(error) !== 'internal')
        return { state: stateAfter(error), reason: error.message, code: error.code };
      this.parts.onBug(error);
      return { state: 'down', reason: 'the feed failed here', code: undefined };
    } finally {
      this.stopping.signal.removeEventListener('abort', abort);
      await sink.close(this.stopping.signal.aborted);
    }
  }

  /** The next frame. Silence counts only while we wait for it: who keeps a frame back is not silent. */
  private next(frames: AsyncIterator<FollowFrame>, ending: AbortController): Promise<IteratorResult<FollowFrame>> {
    return new Promise((resolve, reject) => {
      const silent = (): void =>
        ending.abort(new MootError('timed_out', `nothing came for ${feedBounds.silenceMs / 1000} s`));
      const cancel = this.parts.clock.after(feedBounds.silenceMs, silent);
      const abort = (): void => reject(ending.signal.reason);
      ending.signal.addEventListener('abort', abort, { once: true });
      if (ending.signal.aborted) abort();
      frames
        .next()
        .then(resolve, reject)
        .finally(() => {
          cancel();
          ending.signal.removeEventListener('abort', abort);
        });
    });
  }

  private fed(): void {
    this.lastFrameMs = this.parts.clock.monotonic();
    if (!this.notFed) return;
    this.fedSinceMs = this.lastFrameMs;
    this.notFed = undefined;
    this.parts.onState('up', '', undefined);
  }
}
