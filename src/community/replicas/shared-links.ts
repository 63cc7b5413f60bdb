import type { Clock } from '../../core/clock.js';
import type { OriginId } from '../../core/ids.js';
import type { SettingStore } from '../../core/stores.js';
import type { Mirrors } from '../../federation/mirrors/mirrors.js';
import type { ToldWays } from '../../federation/mirrors/told-ways.js';
import type { Links } from '../links.js';
import { Fresh } from './fresh.js';
import type { Replicas } from './replicas.js';
import { SharedStandings } from './shared-standings.js';

export interface SharedLinksParts {
  readonly replicas: Replicas;
  readonly mirrors: Pick<Mirrors, 'setLinks' | 'shared' | 'lagMs' | 'notFed'>;
  readonly settings: SettingStore;
  readonly links: Pick<Links, 'all' | 'view' | 'note'>;
  readonly clock: Clock;
}

const keyOf = (peer: OriginId): string => `carried/${peer}`;
/** What a link carries changes in bursts. */
const tellMs = 250;
const hearMs = 1000;
/** Each link is looked at this often for how it stands. */
const lookMs = 1000;

/** Each link is followed by one replica, which tells the others what it carries and how it stands; when that one dies, another follows it. */
export class SharedLinks {
  private readonly applying: Fresh;
  private readonly hearing: Fresh;
  private readonly lastTold = new Map<OriginId, string>();
  private mine: ReadonlySet<OriginId> = new Set();
  private telling: (() => void) | undefined;
  private looking: (() => void) | undefined;
  private readonly standings: SharedStandings;
  private isStopped = false;
  private readonly unhook: () => void;

  constructor(private readonly parts: SharedLinksParts) {
    const { clock, mirrors } = parts;
    this.applying = new Fresh(clock, () => this.apply());
    this.hearing = new Fresh(clock, () => this.hearAll(), hearMs);
    this.standings = new SharedStandings(parts);
    this.unhook = mirrors.shared.onCarried(() => this.tellSoon());
  }

  /** Follows what is this replica's to follow, as things stand now. Never rejects: the next change tries again. */
  async share(): Promise<void> {
    await this.applying.now().catch(() => undefined);
    // Who has come knows nothing yet.
    this.standings.anew();
    this.tellSoon();
    this.looking ??= this.parts.clock.after(lookMs, () => void this.look());
  }

  /** Another replica has told something. Never rejects. */
  async hear(): Promise<void> {
    await this.hearing.now().catch(() => undefined);
  }

  close(): void {
    this.isStopped = true;
    this.unhook();
    this.telling?.();
    this.looking?.();
  }

  private async apply(): Promise<void> {
    if (this.isStopped) return;
    const { replicas, mirrors, links } = this.parts;
    const mine = links.all().filter((peer) => replicas.looksAfter(peer));
    // What the one before has taken is not asked for again.
    const taken = mine.filter((peer) => !this.mine.has(peer));
    if (taken.length > 0) await mirrors.shared.refresh();
    if (this.isStopped) return;
    this.mine = new Set(mine);
    mirrors.setLinks(links.all(), mine);
    await this.standings.takeOver(taken);
    await this.hearAll();
  }

  private async look(): Promise<void> {
    await this.standings.tell(this.mine);
    this.looking = this.isStopped ? undefined : this.parts.clock.after(lookMs, () => void this.look());
  }

  private async hearAll(): Promise<void> {
    const others = this.parts.links.all().filter((peer) => !this.mine.has(peer));
    await this.standings.hear(others);
    await Promise.all(
      others.map(async (peer) => {
        const told = await this.parts.settings.get(keyOf(peer));
        if (told !== undefined) this.parts.mirrors.shared.heard(peer, JSON.parse(told) as ToldWays);
      }),
    );
  }

  private tellSoon(): void {
    if (this.isStopped || this.parts.replicas.isAlone) return;
    this.telling ??= this.parts.clock.after(tellMs, () => {
      this.telling = undefined;
      void this.tell();
    });
  }

  private async tell(): Promise<void> {
    const { mirrors, settings } = this.parts;
    for (const peer of this.mine) {
      const told = mirrors.shared.told(peer);
      const text = told?.isAll ? JSON.stringify(told) : undefined;
      if (text === undefined || text === this.lastTold.get(peer)) continue;
      this.lastTold.set(peer, text);
      await settings.set(keyOf(peer), text).catch(() => this.lastTold.delete(peer));
    }
  }
}
