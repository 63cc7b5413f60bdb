import type { Clock } from '../../core/clock.js';
import type { OriginId } from '../../core/ids.js';
import type { SettingStore } from '../../core/stores.js';
import type { Mirrors } from '../../federation/mirrors/mirrors.js';
import type { WhyNotFed } from '../../federation/mirrors/shared-mirrors.js';
import { lagNow, type ToldLag } from '../../federation/mirrors/told-lag.js';
import type { Links } from '../links.js';
import type { Replicas } from './replicas.js';

export interface SharedStandingsParts {
  readonly replicas: Pick<Replicas, 'self' | 'whoLooksAfter'>;
  readonly mirrors: Pick<Mirrors, 'lagMs' | 'notFed'> & {
    readonly shared: Pick<Mirrors['shared'], 'heardLag' | 'heardNotFed'>;
  };
  readonly links: Pick<Links, 'view' | 'note'>;
  readonly settings: SettingStore;
  readonly clock: Clock;
}

/** As it is kept. */
interface Standing {
  /** Which replica follows the link, or did. */
  readonly by: string;
  readonly lagMs: number | null;
  /** Null for what each replica learns by itself: that the link is refused. */
  readonly state: 'up' | 'down' | null;
  readonly reason: string;
  /** Null while all comes that should; left out by releases that did not tell. */
  readonly notFed?: WhyNotFed | null;
  /** By its wall clock: what is told anew is known from what was read before. */
  readonly toldMs: number;
}

interface Told {
  readonly lag: ToldLag | undefined;
  readonly state: Standing['state'];
  readonly notFed: WhyNotFed | undefined;
}

interface Heard {
  readonly text: string;
  readonly standing: Standing;
  readonly lag: ToldLag | undefined;
  isNoted: boolean;
}

const keyOf = (peer: OriginId): string => `standing/${peer}`;
/** How far the others may be wrong about a lag, and what is none. */
const wrongMs = 1000;

/** How each link stands: whoever follows it tells the others, in their store, when they would take it for something else. */
export class SharedStandings {
  private readonly told = new Map<OriginId, Told>();
  private readonly heard = new Map<OriginId, Heard>();

  constructor(private readonly parts: SharedStandingsParts) {}

  /** Somebody has come who has heard nothing: all is told again. */
  anew(): void {
    this.told.clear();
  }

  /** Tells of the links that are followed here. Never rejects: what could not be told is told at the next look. */
  async tell(mine: ReadonlySet<OriginId>): Promise<void> {
    for (const peer of this.told.keys()) if (!mine.has(peer)) this.told.delete(peer);
    for (const view of this.parts.links.view()) if (mine.has(view.peer)) await this.tellOf(view);
  }

  /** Takes what was told last of links that are followed here from now on: until something comes, they fall further behind. Never rejects. */
  async takeOver(peers: readonly OriginId[]): Promise<void> {
    const { mirrors, clock } = this.parts;
    await Promise.all(
      peers.map(async (peer) => {
        const { lagMs = null, toldMs = 0 } = (await this.read(peer).catch(() => undefined))?.standing ?? {};
        const sinceMs = lagMs === 0 || lagMs === null ? 1 : Math.max(1, lagMs + clock.now() - toldMs);
        mirrors.shared.heardLag(peer, lagMs === null ? undefined : { lagMs: sinceMs, atMs: clock.monotonic() });
      }),
    );
  }

  /** Reads what is told of links that are followed elsewhere. A replica that does not follow one any more is not believed. */
  async hear(others: readonly OriginId[]): Promise<void> {
    const { replicas, mirrors, links } = this.parts;
    await Promise.all(
      others.map(async (peer) => {
        const heard = await this.read(peer);
        const isBelieved = heard?.standing.by === replicas.whoLooksAfter(peer);
        mirrors.shared.heardLag(peer, isBelieved ? heard.lag : undefined);
        mirrors.shared.heardNotFed(peer, (isBelieved && heard.standing.notFed) || undefined);
        if (!isBelieved || heard.isNoted) return;
        heard.isNoted = true;
        const { state, reason } = heard.standing;
        if (state !== null) links.note(peer, state, reason, 'feed');
      }),
    );
  }

  private async tellOf({ peer, state: seen, reason }: ReturnType<Links['view']>[number]): Promise<void> {
    const { replicas, mirrors, settings, clock } = this.parts;
    const nowMs = clock.monotonic();
    const exactMs = mirrors.lagMs(peer);
    const lagMs = exactMs !== undefined && exactMs < wrongMs ? 0 : exactMs;
    const state = seen === 'up' || seen === 'down' ? seen : null;
    const notFed = mirrors.notFed().find((link) => link.peer === peer);
    const told = this.told.get(peer);
    const isTold = told?.state === state && told.notFed?.reason === notFed?.reason;
    if (isTold && isRight(lagNow(told.lag, nowMs), lagMs)) return;
    this.told.set(peer, { lag: lagMs === undefined ? undefined : { lagMs, atMs: nowMs }, state, notFed });
    const why = notFed ? { reason: notFed.reason, sinceMs: notFed.sinceMs } : null;
    const toldMs = clock.now();
    const standing: Standing = { by: replicas.self, lagMs: lagMs ?? null, state, reason, notFed: why, toldMs };
    await settings.set(keyOf(peer), JSON.stringify(standing)).catch(() => this.told.delete(peer));
  }

  private async read(peer: OriginId): Promise<Heard | undefined> {
    const text = await this.parts.settings.get(keyOf(peer));
    const known = this.heard.get(peer);
    if (text === undefined || text === known?.text) return known;
    const standing = JSON.parse(text) as Standing;
    const { lagMs } = standing;
    const lag = lagMs === null ? undefined : { lagMs, atMs: this.parts.clock.monotonic() };
    const heard = { text, standing, lag, isNoted: false };
    this.heard.set(peer, heard);
    return heard;
  }
}

function isRight(expectedMs: number | undefined, lagMs: number | undefined): boolean {
  if (expectedMs === undefined || lagMs === undefined) return expectedMs === lagMs;
  return Math.abs(expectedMs - lagMs) <= wrongMs;
}
