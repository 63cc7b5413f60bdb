import type { Community } from '../community/community.js';
import type { Links } from '../community/links.js';
import type { Peering } from '../community/peering.js';
import { Fresh } from '../community/replicas/fresh.js';
import type { OperatorHashes } from '../community/replicas/operator-hashes.js';
import type { Replicas } from '../community/replicas/replicas.js';
import { SharedLinks } from '../community/replicas/shared-links.js';
import { inTurn } from '../community/replicas/turns.js';
import { type Clock, sleep } from '../core/clock.js';
import { replicaLeases, startingLease, startingMs } from '../core/leases.js';
import type { LogPlace } from '../core/log.js';
import type { RecordKind, Store } from '../core/stores.js';
import type { Mirrors } from '../federation/mirrors/mirrors.js';
import { sha256 } from '../identity/hash.js';
import type { Identity } from '../identity/keys.js';
import type { Closing } from './closing.js';
import type { Log } from './config.js';
import { requireNewestKey } from './newest-key.js';
import { settleRestored } from './restored.js';

export interface ReplicatingParts {
  readonly identity: Identity;
  readonly store: Store;
  readonly replicas: Replicas;
  readonly mirrors: Mirrors;
  readonly links: Pick<Links, 'all' | 'view' | 'note'>;
  readonly clock: Clock;
  readonly log: Log | undefined;
}

/** What could not be read is read again after so long. */
const againMs = 1000;
/** A token that nobody knows makes the members and the operators be read again this often at most. */
const strangerMs = 500;

/** How much a replica is the one for a peer: every replica works out the same (rendezvous hashing). */
export function suits(replica: string, peer: string): number {
  return Buffer.from(sha256(Buffer.from(`${replica} ${peer}`))).readUIntBE(0, 6);
}

/** One of several replicas: what others change in the store holds here, and what one does for all is done by one. */
export class Replicating {
  private readonly sharedLinks: SharedLinks;
  private readonly strangers: Fresh;
  private isStarting = false;
  private isStopped = false;
  private reloads: ReadonlyMap<RecordKind, Fresh> = new Map();

  constructor(
    private readonly parts: ReplicatingParts,
    closing: Closing,
  ) {
    const { store, clock } = parts;
    this.sharedLinks = new SharedLinks({ ...parts, settings: store.settings });
    closing.owns(this.sharedLinks);
    closing.onClose(() => this.stop());
    this.strangers = new Fresh(clock, () => this.rereadHolders(), strangerMs);
  }

  get replicas(): Replicas {
    return this.parts.replicas;
  }

  /** Work that one replica does at a time. */
  readonly alone = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const { store, clock, replicas } = this.parts;
    return inTurn({ leases: store.leases, clock, self: replicas.self }, name, work);
  };

  /**
   * Settles where the own log goes on, one replica after the other: the first asks its peers, as a server that is alone does;
   * those that come later go on where the store says.
   * @throws MootError `denied` when the key was replaced, as it may have been since the identity was read.
   */
  async begin(heads: readonly LogPlace[]): Promise<void> {
    const { store, replicas, clock } = this.parts;
    const untilMs = clock.monotonic() + startingMs;
    while (!(await store.leases.hold(startingLease, replicas.self, startingMs)) && clock.monotonic() < untilMs)
      await sleep(clock, 50);
    this.isStarting = true;
    await this.settle(heads);
  }

  /** The server answers calls: from now on the others count on it. */
  async join(address: () => string, community: Community, peering: Peering, operators: OperatorHashes): Promise<void> {
    const { replicas } = this.parts;
    await this.hear(community, peering, operators);
    await replicas.start(address);
    await this.started();
    await operators.share(address(), (work) => this.alone('operators', work));
    replicas.onChange(() => {
      void this.sharedLinks.share();
    });
    await this.sharedLinks.share();
  }

  /** The links have changed. */
  follow(): void {
    void this.sharedLinks.share();
  }

  /** Resolves when who has joined anywhere, and each replica's operator, is known here. Never rejects. */
  async strangersNow(): Promise<void> {
    await this.strangers.now().catch(() => undefined);
  }

  private async rereadHolders(): Promise<void> {
    await Promise.all([this.reloads.get('members')?.now(), this.reloads.get('settings')?.now()]);
  }

  private async settle(heads: readonly LogPlace[]): Promise<void> {
    const { identity, store, mirrors, links } = this.parts;
    await requireNewestKey(identity, store.logs);
    const others = await store.leases.holders(replicaLeases);
    if (others.length === 0) {
      mirrors.setLinks(links.all());
      await settleRestored(mirrors, heads, store.settings);
    }
    await mirrors.shared.shareOwnLog();
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

  /** Others may start. */
  private async started(): Promise<void> {
    const { store, replicas } = this.parts;
    this.isStarting = false;
    await store.leases.release(startingLease, replicas.self);
  }

  /** Never rejects: the lease of a start that failed ends by itself, only later. */
  private async stop(): Promise<void> {
    this.isStopped = true;
    if (this.isStarting) await this.started().catch(() => undefined);
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
