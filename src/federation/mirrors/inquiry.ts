import { isMootError } from '../../core/errors.js';
import type { CommitChecker, Follower } from '../../core/following.js';
import type { OriginId } from '../../core/ids.js';
import type { Commit, LogPlace } from '../../core/log.js';
import { feedBounds } from './feed-bounds.js';
import type { TakeQueue } from './take-queue.js';
import { untilAborted } from './until-aborted.js';

export interface InquiryParts {
  readonly follower: Follower;
  readonly checker: CommitChecker;
  readonly queue: TakeQueue;
}

/** What a peer has shown of a log past its end here. */
export type Shown = 'more' | 'a gap' | 'nothing';

/** The first sound commit past what is missing, or the next, with texts missing from it. */
export interface Beyond {
  readonly peer: OriginId;
  readonly commit: Commit;
  /** Why what lies before it is missing. */
  readonly reason: string;
}

/** One peer is asked for one log; what goes on with it is taken. */
export class Inquiry {
  beyond: Beyond | undefined;
  private shown: Shown = 'nothing';
  /** How the peer accounts for what is missing. */
  private reason = '';
  private broken = 0;
  /** Frames since something was taken. */
  private idle = 0;

  /** `fault` is what was wrong with what the peer has sent before. */
  constructor(
    private readonly parts: InquiryParts,
    private readonly peer: { readonly id: OriginId; readonly name: string },
    private readonly origin: OriginId,
    private fault: string,
    /** Takes what has lost texts: nobody else has them. */
    private readonly isLenient: boolean,
  ) {}

  /** Asks for what follows `end`. Resolves when the peer has sent it all, or something past a gap, or cannot be asked. */
  async ask(end: LogPlace, signal: AbortSignal): Promise<Shown> {
    const { origin, parts } = this;
    const request = { cursor: new Map([[origin, end]]), origins: [origin], once: true };
    try {
      for await (const frame of untilAborted(parts.follower.follow(this.peer.id, request, signal), signal)) {
        if (frame.kind === 'gap' && frame.gap.origin === origin) this.reason = frame.gap.reason;
        if (frame.kind === 'gap') this.shown = 'a gap';
        if (frame.kind === 'commits') await this.offer(frame.commits.filter(({ seal }) => seal.origin === origin));
        this.idle += 1;
        if (this.beyond || this.broken >= feedBounds.brokenCommits || this.idle >= feedBounds.idleFrames) break;
      }
    } catch (error) {
      if (!isMootError(error)) throw error;
    }
    return this.shown;
  }

  private async offer(commits: readonly Commit[]): Promise<void> {
    const { checker, queue } = this.parts;
    const faults = await checker.check(commits);
    const good = commits.filter((_, at) => faults[at] === undefined);
    const outcomes = await queue.offer(this.peer.id, good, this.isLenient);
    for (const [at, commit] of commits.entries()) {
      const outcome = outcomes[good.indexOf(commit)];
      if (outcome === undefined || outcome === 'fork')
        this.isBroken(faults[at] ?? 'its origin sealed two different logs');
      if (outcome === 'taken') {
        this.shown = 'more';
        this.idle = 0;
      }
      if (outcome !== 'hole' && outcome !== 'jump' && outcome !== 'stripped') continue;
      this.shown = 'a gap';
      this.beyond = { peer: this.peer.id, commit, reason: this.reason || this.blame() };
      return;
    }
  }

  private isBroken(fault: string): void {
    this.broken += 1;
    this.fault = fault;
  }

  private blame(): string {
    const { name } = this.peer;
    return this.fault === '' ? `${name} did not send it` : `${name} sent it broken: ${this.fault}`;
  }
}
