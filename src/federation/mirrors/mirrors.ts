import type { FollowFrame, FollowRequest, NotFed } from '../../core/following.js';
import type { OriginId } from '../../core/ids.js';
import type { LogPlace } from '../../core/log.js';
import { beginEpoch } from './begin-epoch.js';
import { CarriedLogs } from './carried-logs.js';
import { feedBounds } from './feed-bounds.js';
import { FeedReport, type Refused } from './feed-report.js';
import { Following } from './following.js';
import { Heads } from './heads.js';
import { each } from './housekeeping.js';
import { KeyChecker } from './key-checker.js';
import { LinkSink } from './link-sink.js';
import { type MirrorOptions, mirrorDefaults, retentionOf } from './mirror-options.js';
import type { MirrorParts } from './mirror-parts.js';
import { OwnLog } from './own-log.js';
import { Positions } from './positions.js';
import { Repairs } from './repairs.js';
import { serveFollow } from './serve-follow.js';
import { SharedMirrors } from './shared-mirrors.js';
import { ShortLogs } from './short-logs.js';
import { TakeQueue } from './take-queue.js';
import { takeRotations } from './take-rotations.js';

/** The logs that a server carries besides its own: what its links bring, checked, kept, and passed on. */
export class Mirrors {
  private readonly positions = new Positions();
  private readonly heads: Heads;
  private readonly carried: CarriedLogs;
  private readonly followings = new Map<OriginId, Following>();
  private readonly options: MirrorOptions;
  private readonly report: FeedReport;
  private readonly queue: TakeQueue;
  private readonly repairs: Repairs;
  private readonly ownLog: OwnLog;
  private readonly short: ShortLogs;
  private readonly steps: (() => void)[] = [];
  private links: readonly OriginId[] = [];
  private isStopped = false;
  /** With the other replicas of the community. */
  readonly shared: SharedMirrors;

  private constructor(private readonly parts: MirrorParts) {
    const { identity, name, logs, clock, peerName, ring, report = () => undefined } = parts;
    const { positions } = this;
    this.options = { ...mirrorDefaults, ...parts.options };
    this.report = new FeedReport(peerName, report);
    this.heads = new Heads(identity, positions, logs, clock, ring);
    this.carried = new CarriedLogs({
      self: identity.id,
      name,
      positions,
      heads: this.heads,
      links: () => this.links,
      mostOrigins: this.options.originsPerLink,
      drop: (origin) => this.drop(origin),
    });
    this.queue = new TakeQueue(logs, positions, this.carried);
    this.ownLog = new OwnLog(clock, () => {
      this.beginEpoch().catch((error: unknown) => this.report.bug(error));
    });
    this.shared = new SharedMirrors({
      ...{ identity, logs, clock, positions, heads: this.heads, carried: this.carried, ownLog: this.ownLog },
      ...{ queue: this.queue, links: () => this.links, followed: this.followings },
    });
    this.repairs = new Repairs({
      ...parts,
      queue: this.queue,
      positions,
      carriers: (origin) => this.carried.carriersOf(origin),
      links: () => this.followings.size,
      nameOf: peerName,
      onGap: (gap) => this.report.gap(gap),
      onBug: (error) => this.report.bug(error),
    });
    this.short = new ShortLogs({
      ...parts,
      carried: this.carried,
      heads: this.heads,
      positions,
      repairs: this.repairs,
      fedSinceMs: (peer) => this.followings.get(peer)?.fedSinceMs,
      nameOf: (origin) => this.nameOf(origin),
      onChange: (text) => this.report.say('warn', text),
    });
  }

  /** Reads how every log stands. Nothing is followed before `setLinks`. */
  static async open(parts: MirrorParts): Promise<Mirrors> {
    const mirrors = new Mirrors({ ...parts, checker: new KeyChecker(parts.checker, parts.ring) });
    mirrors.steps.push(parts.logs.onCommit((commit) => mirrors.positions.committed(commit)));
    for (const { origin, via } of await mirrors.shared.refresh())
      if (origin !== parts.identity.id) mirrors.carried.recall(origin, via);
    mirrors.steps.push(each(parts.clock, feedBounds.heartbeatMs, () => mirrors.short.look()));
    mirrors.steps.push(each(parts.clock, feedBounds.expireMs, () => void mirrors.expire()));
    return mirrors;
  }

  /** The links, and those that are followed here: other replicas follow the rest. What no link brings any more is dropped. */
  setLinks(peers: readonly OriginId[], followed = peers): void {
    if (this.isStopped) return;
    const [links, wanted] = [new Set(peers), new Set(followed)];
    for (const peer of [...this.followings.keys()]) if (!wanted.has(peer)) this.unfollow(peer);
    for (const peer of this.links) {
      if (links.has(peer)) continue;
      this.carried.removeLink(peer);
      this.shared.forget(peer);
    }
    this.links = peers;
    for (const peer of wanted) if (!this.followings.has(peer)) this.followings.set(peer, this.follow(peer));
    this.carried.dropOrphans();
  }

  /** There is news of `peer`: it is followed again without waiting. */
  hurry(peer: OriginId): void {
    this.followings.get(peer)?.hurry();
  }

  /** What `caller` does not have of the logs that are here, then what comes. */
  serve(caller: OriginId, request: FollowRequest, signal: AbortSignal): AsyncIterable<FollowFrame> {
    const { logs, clock, identity } = this.parts;
    const { carried, heads, positions } = this;
    // Who asks is there: there is no need to wait before it is followed again.
    this.hurry(caller);
    return serveFollow({ self: identity.id, logs, clock, carried, heads, positions }, caller, request, signal);
  }

  /** The links whose articles are not arriving, or not all of them, whichever replica follows them. */
  notFed(): readonly NotFed[] {
    const silent = [...this.followings].flatMap(([peer, { notFed }]) => (notFed ? [[peer, notFed] as const] : []));
    const named = [...silent, ...this.shared.notFed()].map(([peer, { reason, sinceMs }]) => {
      return { peer, name: this.parts.peerName(peer), reason, sinceMs };
    });
    return [...named, ...this.short.links()];
  }

  /** What a link that brings frames does not bring; undefined when nothing is known to be kept back. */
  withheldBy(peer: OriginId): string | undefined {
    return this.short.links().find((link) => link.peer === peer)?.reason;
  }

  /** Why the log of `origin` is not what its origin has said it is; undefined when it is, as far as can be told. */
  withheld(origin: OriginId): string | undefined {
    return this.short.withheld(origin)?.reason;
  }

  /** The newest that is known of a community whose log is here. */
  keyOf(origin: OriginId): Uint8Array | undefined {
    return this.heads.keyOf(origin);
  }

  endOf(origin: OriginId): LogPlace {
    return this.positions.of(origin).end;
  }

  shown(origin: OriginId, beforeMs: number): LogPlace | undefined {
    return this.heads.shown(origin, beforeMs);
  }

  /** That `origin` has not been heard of for too long, though the links that carry it bring other things. */
  quiet(origin: OriginId): string | undefined {
    return this.short.quiet(origin);
  }

  /** By how many milliseconds what is here of the peer's own log is behind; undefined when nothing is known of it. */
  lagMs(peer: OriginId): number | undefined {
    const following = this.followings.get(peer);
    if (!following) return this.shared.lagMs(peer);
    const { notFed, lastFrameMs } = following;
    // Nothing has come in this run: what another replica or a kept head says of the time before, whichever is more.
    if (notFed && lastFrameMs === undefined)
      return [this.shared.lagMs(peer), this.ageMs(peer)].reduce((a, b) => (a === undefined || (b ?? 0) > a ? b : a));
    if (!(this.positions.has(peer) || this.heads.of(peer))) return undefined;
    return Math.round(notFed ? this.parts.clock.monotonic() - (lastFrameMs ?? 0) : this.heads.behindMs(peer));
  }

  /** How long ago an origin last said how long its log is; undefined: never. */
  ageMs(origin: OriginId): number | undefined {
    const head = this.heads.of(origin);
    return head && Math.max(0, Math.round(this.parts.clock.now() - head.asOfMs));
  }

  /** The name that a community goes by, as the link that carries it says; '' where nobody has said. */
  nameOf(origin: OriginId): string {
    return this.carried.offer(origin)?.name ?? this.parts.peerName(origin);
  }

  /** What was refused of what `peer` has sent. */
  refused(peer: OriginId): Refused {
    return this.report.of(peer);
  }

  /**
   * Makes sure that the own log goes on where nobody has seen it yet. Waits a while until every link has handed back what it has
   * past the end of this copy. Where more was given out than came back, or a link has another log than is here, a new epoch
   * begins. Who publishes before that may publish at places that were taken before.
   * @param heads what registries have heard of this community, checked.
   * @param isRestored a new epoch begins whatever others say: they may not have seen all that was given out.
   */
  async settleOwnLog(heads: readonly LogPlace[] = [], isRestored = false): Promise<void> {
    for (const head of heads) this.ownLog.noteHead(head);
    await this.ownLog.settled([...this.followings.keys()], feedBounds.ownLogMs);
    const { identity, logs, clock } = this.parts;
    const past = await this.queue.alone(() => takeRotations(identity, logs, Math.round(clock.now())));
    if (past) this.ownLog.noteHead(past);
    if (isRestored || this.ownLog.isOld(this.positions.of(identity.id).end)) await this.beginEpoch(isRestored);
  }

  /** Ends all streams. What was checked is written. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (const step of this.steps) step();
    this.repairs.stop();
    await Promise.all([...this.followings.values()].map((following) => following.stop()));
    await this.queue.alone(async () => undefined);
  }

  private async beginEpoch(isRestored = false): Promise<void> {
    this.report.say(...(await this.queue.alone(() => beginEpoch(this.parts, this.ownLog, isRestored))));
  }

  private follow(peer: OriginId): Following {
    const { onLink } = this.parts;
    return new Following(peer, {
      ...this.parts,
      request: () => ({ cursor: this.positions.cursor(), origins: [], once: false }),
      open: () => this.sink(peer),
      onBug: (error) => this.report.bug(error),
      onState: (state, ...why) => {
        if (state !== 'up') this.lost(peer);
        if (this.followings.has(peer)) onLink?.(peer, state, ...why);
      },
    });
  }

  private sink(peer: OriginId): LinkSink {
    const { parts, carried, heads, ownLog, positions, queue, report, repairs } = this;
    const own = { self: parts.identity.id, carried, heads, ownLog, positions, queue, report, repairs };
    return new LinkSink(peer, { ...parts, ...own });
  }

  /** Nothing comes over this link for now: what its logs were like is kept, for their age is told from it. */
  private lost(peer: OriginId): void {
    this.ownLog.told(peer);
    this.heads.keepAll();
  }

  private unfollow(peer: OriginId): void {
    const following = this.followings.get(peer);
    this.followings.delete(peer);
    this.ownLog.told(peer);
    this.repairs.forgetPeer(peer);
    void following?.stop().then(() => this.report.forget(peer));
  }

  /** No link carries it any more. */
  private drop(origin: OriginId): void {
    if (this.shared.isHearsay) return;
    this.repairs.forget(origin);
    this.heads.forget(origin);
    const work = async (): Promise<void> => {
      if (this.carried.isCarried(origin)) return;
      await this.parts.logs.drop(origin);
      this.positions.forget(origin);
      this.parts.onDrop?.(origin);
    };
    this.queue.alone(work).catch((error: unknown) => this.report.bug(error));
  }

  private async expire(): Promise<void> {
    if (this.parts.isHousekeeper?.() === false) return void this.shared.refresh().catch(() => undefined);
    try {
      const retention = retentionOf(this.options, this.parts.clock.now());
      const changed = await this.queue.alone(() => this.parts.logs.expire(retention));
      for (const state of changed) this.positions.began(state);
    } catch (error) {
      this.report.bug(error);
    }
  }
}
