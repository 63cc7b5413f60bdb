import type { Clock } from '../../core/clock.js';
import type { NotFed } from '../../core/following.js';
import type { OriginId } from '../../core/ids.js';
import { comparePlaces, type LogState, type LogStore } from '../../core/log.js';
import type { Identity } from '../../identity/keys.js';
import type { CarriedLogs } from './carried-logs.js';
import type { Heads } from './heads.js';
import type { OwnLog } from './own-log.js';
import type { Positions } from './positions.js';
import type { TakeQueue } from './take-queue.js';
import { takeRotations } from './take-rotations.js';
import { lagNow, type ToldLag } from './told-lag.js';
import type { ToldWays } from './told-ways.js';

export interface SharedMirrorsParts {
  readonly identity: Identity;
  readonly logs: LogStore;
  readonly clock: Clock;
  readonly positions: Positions;
  readonly heads: Heads;
  readonly carried: CarriedLogs;
  readonly ownLog: OwnLog;
  readonly queue: TakeQueue;
  readonly links: () => readonly OriginId[];
  readonly followed: Pick<ReadonlyMap<OriginId, unknown>, 'has'>;
}

export type WhyNotFed = Pick<NotFed, 'reason' | 'sinceMs'>;

/** What the replicas of one community tell each other of the logs that they carry: each follows some of the links. */
export class SharedMirrors {
  /** What is being heard was told by another replica, which drops what is to be dropped. */
  private hearing = false;
  private readonly lags = new Map<OriginId, ToldLag>();
  private readonly unfed = new Map<OriginId, WhyNotFed>();

  constructor(private readonly parts: SharedMirrorsParts) {}

  get isHearsay(): boolean {
    return this.hearing;
  }

  /** Reads again how every log stands: another replica may have written them. */
  async refresh(): Promise<readonly LogState[]> {
    const { logs, positions, heads } = this.parts;
    const states = await logs.states();
    for (const state of states) {
      if (comparePlaces(state.end, positions.of(state.origin).end) >= 0) positions.note(state);
      if (state.head) heads.recall(state.head);
    }
    return states;
  }

  /** What another replica has been told of the link that it follows. */
  heard(peer: OriginId, told: ToldWays): void {
    const { links, followed, carried } = this.parts;
    if (!links().includes(peer) || followed.has(peer)) return;
    this.hearing = true;
    carried.hear(peer, told);
    this.hearing = false;
  }

  /** By how much the replica that follows a link, or did before this one, says it is behind; undefined: nobody says. */
  heardLag(peer: OriginId, told: ToldLag | undefined): void {
    if (told && this.parts.links().includes(peer)) this.lags.set(peer, told);
    else this.lags.delete(peer);
  }

  /** By how many milliseconds a link is behind, as another replica has told, to within two seconds or so. */
  lagMs(peer: OriginId): number | undefined {
    const nowMs = lagNow(this.lags.get(peer), this.parts.clock.monotonic());
    return nowMs === undefined ? undefined : Math.round(nowMs);
  }

  /** That a link brings nothing, or not all that it should, the replica that follows it says; undefined: it does. */
  heardNotFed(peer: OriginId, why: WhyNotFed | undefined): void {
    if (why && this.parts.links().includes(peer)) this.unfed.set(peer, why);
    else this.unfed.delete(peer);
  }

  /** As other replicas have told. */
  notFed(): readonly (readonly [OriginId, WhyNotFed])[] {
    return [...this.unfed].filter(([peer]) => !this.parts.followed.has(peer));
  }

  /** A link is there no more. */
  forget(peer: OriginId): void {
    this.lags.delete(peer);
    this.unfed.delete(peer);
  }

  /** What was told here of a link that is followed; undefined while nothing was. */
  told(peer: OriginId): ToldWays | undefined {
    return this.parts.followed.has(peer) ? this.parts.carried.told(peer) : undefined;
  }

  /** Calls `listener` when what a link carries has changed. @returns takes it back. */
  onCarried(listener: () => void): () => void {
    return this.parts.carried.onChange(listener);
  }

  /** Other replicas write the own log as well: what peers have of it that is not here yet is no sign of an old copy. */
  async shareOwnLog(): Promise<void> {
    const { identity, logs, clock, ownLog, queue } = this.parts;
    ownLog.share();
    // Another may have been faster.
    await queue.alone(() => takeRotations(identity, logs, Math.round(clock.now()))).catch(() => undefined);
  }
}
