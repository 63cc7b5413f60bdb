import type { Found, Met, PeerPort } from '../community/links.js';
import type { Clock } from '../core/clock.js';
import type { OriginId } from '../core/ids.js';
import { compareAges, type ListedServer } from '../core/server-entry.js';
import type { KeyRing } from '../identity/key-ring.js';
import type { Identity } from '../identity/keys.js';
import { openChannel } from '../wire/channels.js';
import { addressesToDial, type DialRule } from './dialing.js';
import { introduceTo } from './introduce-to.js';
import type { RegistryClient } from './registry-client.js';

export interface GrpcPeersConfig {
  readonly identity: Identity;
  /** What this server calls itself. */
  readonly name: () => string;
  readonly registries: readonly RegistryClient[];
  readonly insecure: boolean;
  readonly clock: Clock;
  readonly dialRule: DialRule;
  /** What is known of keys that were replaced; default: nothing. */
  readonly ring?: KeyRing | undefined;
  /** Lets go of what is open to a peer. */
  readonly forget: (peer: OriginId) => void;
}

/** Reaches other communities over gRPC, and finds them at the registries. */
export class GrpcPeers implements PeerPort {
  constructor(private readonly config: GrpcPeersConfig) {}

  async introduce(peer: OriginId, address: string): Promise<Met> {
    const { identity, name, insecure, clock, dialRule, ring } = this.config;
    const dialled = await addressesToDial(address, dialRule);
    const channel = openChannel(address, { purpose: 'peer', insecure, clock, dialled });
    try {
      return await introduceTo(channel, identity, peer, { name: name(), clock, ring });
    } finally {
      channel.close();
    }
  }

  /** By the newest entry that any registry has; one that is away is passed over. */
  async lookUp(peer: OriginId): Promise<Found | undefined> {
    const answers = await Promise.allSettled(this.config.registries.map((registry) => registry.lookUp(peer)));
    const entries = answers.flatMap((answer) =>
      answer.status === 'fulfilled' && answer.value && this.isByCurrentKey(answer.value) ? [answer.value.entry] : [],
    );
    const newest = entries.sort((a, b) => compareAges(b, a))[0];
    const address = newest?.addresses[0];
    return newest && address !== undefined ? { name: newest.name, address, addresses: newest.addresses } : undefined;
  }

  private isByCurrentKey({ entry, signed }: ListedServer): boolean {
    return this.config.ring?.accepts(entry.id, signed.publicKey) !== false;
  }

  forget(peer: OriginId): void {
    this.config.forget(peer);
  }
}
