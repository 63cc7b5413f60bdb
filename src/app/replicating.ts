import type { Community } from '../community/community.js';
import type { Peering } from '../community/peering.js';
import { Fresh } from '../community/replicas/fresh.js';
import type { OperatorHashes } from '../community/replicas/operator-hashes.js';
import type { Replicas } from '../community/replicas/replicas.js';
import { SharedLinks } from '../community/replicas/shared-links.js';
import { inTurn } from '../community/replicas/turns.js';
import { type Clock, sleep } from '../core/clock.js';
import type { LogPlace } from '../core/log.js';
import type { RecordKind, Store } from '../core/stores.js';
import type { Mirrors } from '../federation/mirrors/mirrors.js';
import { sha256 } from '../identity/hash.js';
import type { Closing } from './closing.js';
import type { Log } from './config.js';
import { settleRestored } from './restored.js';

export interface ReplicatingParts {
  readonly store: Store;
  readonly replicas: Replicas;
  readonly mirrors: Mirrors;
  readonly links: () => readonly string[];
  readonly clock: Clock;
  readonly log: Log | undefined;
}

/** A replica that starts has settled its own log by then, or is taken for one that died. */
const startMs = 15_000;
/** What could not be read is read again after so long. */
const againMs = 1000;
/** A token that nobody knows makes the members be read again this often at most. */
const strangerMs = 500;

/** How much a replica is the one for a peer: every replica works out the same (rendezvous hashing). */
export function suits(replica: string, peer: string): number {
  return Buffer.from(sha256(Buffer.from(`${replica} ${peer}`))).readUIntBE(0, 6);
}

/** One of several replicas: what others change in the store holds here, and what one does for all is done by one. */
export class Replicating {
  private readonly sharedLinks: SharedLinks;
  private readonly strangers: Fresh;
  private isStopped = false;
  private reloads: ReadonlyMap<RecordKind, Fresh> = new Map();

  constructor(
    private readonly parts: ReplicatingParts,
    closing: Closing,
  ) {
    const { store, clock } = parts;
    this.sharedLinks = new SharedLinks({ ...parts, settings: store.settings });
    closing.owns(this.sharedLinks);
    closing.onClose(() => {
      this.isStopped = true;
    });
    this.strangers = new Fresh(clock, () => this.reloads.get('members')?.now() ?? Promise.resolve(), strangerMs);
  }

  /** Work that one replica does at a time. */
  readonly alone = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const { store, clock, replicas } = this.parts;
    return inTurn({ leases: store.leases, clock, self: replicas.self }, name, work);
  };

  /**
   * Settles where the own log goes on, one replica after the other: the first asks its peers, as a server that is alone does;
   * those that come later go on where the store says.
   */
  async begin(heads: readonly LogPlace[]): Promise<void> {
    const { store, replicas, mirrors, clock, links } = this.parts;
    const untilMs = clock.monotonic() + startMs;
    while (!(await store.leases.hold('starting', replicas.self, startMs)) && clock.monotonic() < untilMs)
      await sleep(clock, 50);
    const others = await store.leases.holders('replica/');
    if (others.length === 0) {
      mirrors.setLinks(links());
      await settleRestored(mirrors, heads, store.settings);
    }
    await mirrors.shared.shareOwnLog();
  }

  /** The server answers calls: from now on the others count on it. */
  async join(address: string, community: Community, peering: Peering, operators: OperatorHashes): Promise<void> {
    const { store, replicas } = this.parts;
    await this.hear(community, peering, operators);
    await replicas.start();
    await store.leases.release('starting', replicas.self);
    await operators.share(address, (work) => this.alone('operators', work));
    replicas.onChange(() => {
      void this.sharedLinks.share();
    });
    await this.sharedLinks.share();
  }

  /** The links have changed. */
  follow(): void {
    void this.sharedLinks.share();
  }

  /** Resolves when who has joined anywhere is known here. Never rejects. */
  async membersNow(): Promise<void> {
    await this.strangers.now().catch(() => undefined);
  }

  private async hear(
    { membership, links, hidden }: Community,
    peering: Peering,
    operators: OperatorHashes,
  ): Promise<void> {
    const { store, clock } = this.parts;
    const reading: readonly (readonly [RecordKind, () => Promise<void>])[] = [
      ['members', () => membership.reload('members')],
      ['moderation', () => membership.reload('moderation')],
      ['links', () => links.reload()],
      ['peering', () => peering.reload()],
      ['hidden', () => hidden.reload()],
      ['settings', async () => void (await Promise.all([operators.reload(), this.sharedLinks.hear()]))],
    ];
    this.reloads = new Map(reading.map(([kind, read]) => [kind, new Fresh(clock, read)]));
    store.onRecords((kind) => void this.reread(kind));
    // What has changed since each of them was read, while nobody listened.
    await Promise.all(reading.map(([kind]) => this.reread(kind)));
  }

  /** Never rejects: what cannot be read now is read again in a second. */
  private async reread(kind: RecordKind): Promise<void> {
    const { clock, log } = this.parts;
    try {
      await this.reloads.get(kind)?.now();
    } catch (error) {
      if (this.isStopped) return;
      const reason = error instanceof Error ? error.message : String(error);
      log?.({ level: 'warn', text: `what another replica changed cannot be read: ${reason}` });
      clock.after(againMs, () => void this.reread(kind));
    }
  }
}
