import type { Clock } from '../core/clock.js';
import { invalid, type MootError } from '../core/errors.js';
import { fromId, type OriginId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import { parseName } from '../core/name.js';
import type { Level, PeeringStore, PeerLevel, Refusal } from '../core/peering.js';
import { codePoints, isBlank, requireText } from '../core/text.js';
import { LinkRequests } from './link-requests.js';
import { type PeeringPolicy, refusalOf } from './policy.js';
import { readWhole } from './replicas/read-whole.js';

export interface PeeringParts {
  readonly self: OriginId;
  readonly name: () => string;
  readonly policy: PeeringPolicy;
  readonly store: PeeringStore;
  readonly clock: Clock;
}

/** A server that links here, would, or must not. */
export interface CallerView {
  readonly peer: OriginId;
  /** '' where nobody has said. */
  readonly name: string;
  /** `up`: its feed is open. */
  readonly state: 'up' | 'down' | Refusal;
  readonly sinceMs: number;
  readonly untilMs: number | undefined;
  /** undefined: its operator has said nothing. */
  readonly level: Level | undefined;
  /** As the operator gave it. */
  readonly reason: string;
}

export type LevelChange = Pick<PeerLevel, 'peer' | 'name' | 'level' | 'reason' | 'untilMs'>;

/** What a caller wants: one answer, or all that comes. */
export type Wish = 'answer' | 'feed';

interface Feed {
  open: number;
  readonly name: string;
  readonly sinceMs: number;
}

/** Long waits are cut: the date may jump, and timers hold 31 bits of milliseconds. */
const lookMs = 60_000;

/** Who may link to a community: what its operator has said of each server, and its policy for all others. */
export class Peering {
  private readonly levels = new Map<OriginId, PeerLevel>();
  private readonly feeds = new Map<OriginId, Feed>();
  private readonly changing = new Set<(peer: OriginId) => void>();
  /** Rises with each level that is given. */
  version = 0;
  private cancel = (): void => undefined;

  private constructor(
    private readonly parts: PeeringParts,
    private readonly requests: LinkRequests,
  ) {}

  static async open(parts: PeeringParts): Promise<Peering> {
    const peering = new Peering(parts, await LinkRequests.open(parts.store, parts.clock));
    for (const level of await parts.store.levels()) peering.levels.set(level.peer, level);
    peering.watchEnds();
    return peering;
  }

  /** Becomes what other replicas have made of it in the store. */
  async reload(): Promise<void> {
    const levels = await readWhole(this, () => this.parts.store.levels());
    const now = new Map(levels.map((level) => [level.peer, level]));
    const peers = [...new Set([...this.levels.keys(), ...now.keys()])];
    const changed = peers.filter((peer) => JSON.stringify(this.levels.get(peer)) !== JSON.stringify(now.get(peer)));
    for (const peer of changed) {
      const level = now.get(peer);
      if (level) this.levels.set(peer, level);
      else this.levels.delete(peer);
    }
    await this.requests.reload();
    if (changed.length > 0) this.watchEnds();
    for (const peer of changed) this.changed(peer);
  }

  /** Why `peer` does not get what it wishes; undefined when it does. */
  refusal(peer: OriginId, wish: Wish): MootError | undefined {
    const refused = refusalOf(this.parts.name(), this.parts.policy, this.levelOf(peer));
    return refused?.refusal === 'silenced' && wish === 'answer' ? undefined : refused;
  }

  /** @throws MootError `denied`, with a sentence for the operator of the other side. */
  require(peer: OriginId, wish: Wish): void {
    const refused = this.refusal(peer, wish);
    if (refused) throw refused;
  }

  /**
   * `peer` has proved its key, and goes by `name` ('' where it does not say). Where the operator is to be asked, that is kept.
   * @throws MootError as `require` does.
   */
  introduced(peer: OriginId, name: string): void {
    const refused = this.refusal(peer, 'answer');
    if (refused?.refusal === 'waiting') this.requests.note(peer, name);
    if (refused) throw refused;
  }

  /** `peer`, which goes by `name`, has a feed open. @returns what says that it has ended. */
  feeding(peer: OriginId, name: string): () => void {
    const feed = this.feeds.get(peer) ?? { open: 0, name, sinceMs: this.parts.clock.now() };
    this.feeds.set(peer, feed);
    feed.open += 1;
    return () => {
      feed.open -= 1;
      if (feed.open === 0) this.feeds.delete(peer);
    };
  }

  /**
   * From now on `peer` is held so, once that is on the disk.
   * @throws MootError `invalid` naming the field: this community itself, no reason, an end that has passed.
   */
  async hold(change: LevelChange): Promise<CallerView> {
    const { self, store, clock } = this.parts;
    const { peer, level, reason, untilMs } = change;
    fromId(peer);
    if (peer === self) throw invalid('id', 'a community does not link to itself');
    requireText('reason', reason, 'one line');
    if (codePoints(reason) > limits.textCharacters)
      throw invalid('reason', `reason has ${codePoints(reason)} characters; the limit is ${limits.textCharacters}`);
    if (level !== 'allow' && isBlank(reason)) throw invalid('reason', 'a reason is required: both operators see it');
    if (untilMs !== undefined && untilMs <= clock.now()) throw invalid('until', 'that end has passed already');
    const name = change.name === '' ? this.nameOf(peer) : parseName(change.name);
    const held = { peer, name, level, reason, sinceMs: clock.now(), untilMs };
    await store.putLevel(held);
    this.levels.set(peer, held);
    this.version += 1;
    this.requests.remove(peer);
    this.watchEnds();
    this.changed(peer);
    return this.viewOf(peer);
  }

  /** Who links here, would, or must not, now. */
  view(): readonly CallerView[] {
    const waiting = this.requests.all().map(({ peer }) => peer);
    const held = [...this.levels.keys()].filter((peer) => this.levelOf(peer));
    return [...new Set([...held, ...this.feeds.keys(), ...waiting])].map((peer) => this.viewOf(peer));
  }

  /** Calls `tell` with each server of which something else holds from now on. */
  onChange(tell: (peer: OriginId) => void): void {
    this.changing.add(tell);
  }

  async close(): Promise<void> {
    this.cancel();
    await this.requests.keep();
  }

  private viewOf(peer: OriginId): CallerView {
    const level = this.levelOf(peer);
    const [feed, request] = [this.feeds.get(peer), this.requests.of(peer)];
    const state = this.refusal(peer, 'feed')?.refusal ?? (feed ? 'up' : 'down');
    const sinceMs = level?.sinceMs ?? feed?.sinceMs ?? request?.firstMs ?? this.parts.clock.now();
    const { reason = '', untilMs } = level ?? {};
    return { peer, name: this.nameOf(peer), state, sinceMs, untilMs, level: level?.level, reason };
  }

  private nameOf(peer: OriginId): string {
    return this.feeds.get(peer)?.name || this.levels.get(peer)?.name || this.requests.of(peer)?.name || '';
  }

  private levelOf(peer: OriginId): PeerLevel | undefined {
    const level = this.levels.get(peer);
    return level?.untilMs !== undefined && level.untilMs <= this.parts.clock.now() ? undefined : level;
  }

  /** Tells of each level that ends, when it does. */
  private watchEnds(): void {
    const { clock } = this.parts;
    this.cancel();
    const due = [...this.levels.values()].flatMap(({ untilMs }) => untilMs ?? []);
    if (due.length === 0) return;
    this.cancel = clock.after(Math.min(lookMs, Math.max(0, Math.min(...due) - clock.now())), () => {
      for (const peer of [...this.levels.keys()]) {
        if (this.levelOf(peer)) continue;
        this.levels.delete(peer);
        this.changed(peer);
      }
      this.watchEnds();
    });
  }

  private changed(peer: OriginId): void {
    for (const tell of this.changing) tell(peer);
  }
}
