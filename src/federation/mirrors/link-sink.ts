import type { Clock } from '../../core/clock.js';
import type { Head } from '../../core/entry.js';
import { MootError } from '../../core/errors.js';
import type { Carried, CommitChecker, FollowFrame } from '../../core/following.js';
import type { OriginId } from '../../core/ids.js';
import type { Commit } from '../../core/log.js';
import type { KeyRing } from '../../identity/key-ring.js';
import { isHeadValid } from '../../identity/seal.js';
import type { CarriedLogs } from './carried-logs.js';
import { feedBounds } from './feed-bounds.js';
import type { FeedReport } from './feed-report.js';
import type { Sink } from './following.js';
import type { Heads } from './heads.js';
import { IdleFrames } from './idle-frames.js';
import { LinkIntake } from './link-intake.js';
import type { OwnLog } from './own-log.js';
import type { Positions } from './positions.js';
import type { Repairs } from './repairs.js';
import type { TakeQueue } from './take-queue.js';

export interface LinkSinkParts {
  readonly self: OriginId;
  readonly clock: Clock;
  readonly checker: CommitChecker;
  readonly carried: CarriedLogs;
  readonly heads: Heads;
  readonly ring: KeyRing;
  readonly ownLog: OwnLog;
  readonly positions: Positions;
  readonly queue: TakeQueue;
  readonly report: FeedReport;
  readonly repairs: Repairs;
  readonly peerName: (peer: OriginId) => string;
}

/** What the frames of one stream mean here. */
export class LinkSink implements Sink {
  private readonly intake: LinkIntake;
  private readonly idle: IdleFrames;
  /** When the link's word on the head of a log was last checked. */
  private readonly headsAtMs = new Map<OriginId, number>();

  constructor(
    private readonly peer: OriginId,
    private readonly parts: LinkSinkParts,
  ) {
    this.idle = new IdleFrames(parts.clock);
    this.intake = new LinkIntake(peer, {
      ...parts,
      isWanted: (via, origin) => parts.carried.isWanted(via, origin),
      missing: (...claim) => this.missing(...claim),
    });
  }

  async accept(frame: FollowFrame): Promise<void> {
    switch (frame.kind) {
      case 'carrying':
        return this.announced(frame.carried);
      case 'stopped':
        this.idle.idle(feedBounds.doubtfulCost);
        await this.intake.idle();
        return this.parts.carried.withdraw(this.peer, frame.origin);
      case 'commits':
        await this.came(this.wanted(frame.commits));
        return;
      case 'heads':
        this.idle.idle();
        await this.hasTold();
        for (const head of frame.heads) this.noteHead(head);
        return;
      case 'gap':
        // The commit past it will show it. Who says so without one may say what they like.
        this.idle.idle(feedBounds.doubtfulCost);
        return;
    }
  }

  async close(drop: boolean): Promise<void> {
    if (drop) this.intake.stop();
    await this.intake.idle();
    this.parts.repairs.forgetPeer(this.peer);
  }

  private async came(commits: readonly Commit[]): Promise<void> {
    if (commits.length > 0) this.idle.came(commits, await this.intake.accept(commits));
  }

  /** What a peer has of a log that several replicas write is in their store. */
  private wanted(commits: readonly Commit[]): readonly Commit[] {
    const { self, ownLog } = this.parts;
    return ownLog.isShared ? commits.filter(({ seal }) => seal.origin !== self) : commits;
  }

  private announced(carried: Carried): void {
    const { peer, parts } = this;
    const { origin, head } = carried;
    this.idle.announced(origin);
    if (origin !== parts.self) {
      const announced = parts.carried.announce(peer, carried);
      if (announced === 'malformed') throw new MootError('damaged', 'the peer names a path that is none');
      if (announced === 'too many') parts.report.refuse(peer, 'unwanted', peer, 'carries more logs than its share');
      if (announced !== 'carried') return;
    }
    if (head?.origin === origin) this.noteHead(head);
  }

  /** The first heads of a stream come when all that is carried has been announced, and the own log handed back. */
  private async hasTold(): Promise<void> {
    const { carried, ownLog } = this.parts;
    if (ownLog.isWaitingFor(this.peer)) await this.intake.idle();
    ownLog.told(this.peer);
    carried.hasTold(this.peer);
  }

  private noteHead(head: Head): void {
    const { self, carried, clock, heads, ownLog, report } = this.parts;
    const { origin } = head;
    const checkedMs = this.headsAtMs.get(origin) ?? Number.NEGATIVE_INFINITY;
    if (origin === self) {
      if (ownLog.isShared) return;
      if (isHeadValid(head) && this.parts.ring.acceptsHead(head)) ownLog.noteHead(head);
      return;
    }
    if (!carried.isWanted(this.peer, origin)) return;
    if (clock.monotonic() - checkedMs < feedBounds.headMs) return;
    this.headsAtMs.set(origin, clock.monotonic());
    if (!heads.note(head))
      report.refuse(
        this.peer,
        'heads',
        origin,
        'sends a head that its origin did not sign, or with a key that was replaced',
      );
  }

  private missing(...claim: Parameters<Repairs['need']>): void {
    const { self, ownLog, peerName, repairs, report } = this.parts;
    if (claim[0] !== self) repairs.need(...claim);
    else if (ownLog.forked())
      report.say('error', `${peerName(this.peer)} has another log of this community than is here: this is an old copy`);
  }
}
