import type { Clock } from '../core/clock.js';
import type { Follower, FollowFrame, FollowRequest } from '../core/following.js';
import type { OriginId } from '../core/ids.js';
import { readAnswer } from '../wire/check.js';
import { FollowReader, toWireFollowRequest } from '../wire/convert-follow.js';
import { FederationServiceService } from '../wire/gen/moot/v1/federation.js';
import { PeerConnections, type PeerConnectionsConfig } from './peer-connections.js';

export interface GrpcFollowerConfig extends Omit<PeerConnectionsConfig, 'purpose'> {
  readonly clock: Clock;
}

/** Follows peers over gRPC, over connections of their own: a burst of cancelled queries ends no feed. */
export class GrpcFollower implements Follower {
  private readonly connections: PeerConnections;

  constructor(config: GrpcFollowerConfig) {
    this.connections = new PeerConnections({ ...config, purpose: 'feed' });
  }

  async *follow(peer: OriginId, request: FollowRequest, signal: AbortSignal): AsyncGenerator<FollowFrame> {
    const { follow } = FederationServiceService;
    const reader = new FollowReader();
    const connection = await this.connections.to(peer);
    const open = async () => {
      const token = await this.connections.token(connection, follow.path, signal);
      return connection.channel.serverStream(follow, toWireFollowRequest(request), { signal, token });
    };
    for await (const message of connection.stream(open, signal)) {
      const frame = readAnswer(() => reader.read(message));
      if (frame) yield frame;
    }
  }

  /** Lets go of the connection to `peer`, and ends what is under way on it. */
  forget(peer: OriginId): void {
    this.connections.forget(peer);
  }

  /** Ends all that is under way. */
  close(): void {
    this.connections.close();
  }
}
