import type { PeerPort } from '../community/links.js';
import type { Clock } from '../core/clock.js';
import type { OriginId } from '../core/ids.js';
import type { Identity } from '../identity/keys.js';
import { openChannel } from '../wire/channels.js';
import { introduceTo } from './introduce-to.js';
import type { RegistryClient } from './registry-client.js';

export interface GrpcPeersConfig {
  readonly identity: Identity;
  readonly registries: readonly RegistryClient[];
  readonly insecure: boolean;
  readonly clock: Clock;
  /** Lets go of what is open to a peer. */
  readonly forget: (peer: OriginId) => void;
}

/** Reaches other communities over gRPC, and finds them at the registries. */
export class GrpcPeers implements PeerPort {
  constructor(private readonly config: GrpcPeersConfig) {}

  async introduce(peer: OriginId, address: string): Promise<{ name: string }> {
    const { identity, insecure, clock } = this.config;
    const channel = openChannel(address, { purpose: 'peer', insecure, clock });
    try {
      return await introduceTo(channel, identity, peer, { clock });
    } finally {
      channel.close();
    }
  }

  /** By the newest entry that any registry has; one that is away is passed over. */
  async lookUp(peer: OriginId): Promise<{ name: string; address: string } | undefined> {
    const answers = await Promise.allSettled(this.config.registries.map((registry) => registry.lookUp(peer)));
    const entries = answers.flatMap((answer) =>
      answer.status === 'fulfilled' && answer.value ? [answer.value.entry] : [],
    );
    const newest = entries.sort((a, b) => b.counter - a.counter)[0];
    const address = newest?.addresses[0];
    return newest && address !== undefined ? { name: newest.name, address } : undefined;
  }

  forget(peer: OriginId): void {
    this.config.forget(peer);
  }
}
