import { isMootError, MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { readAnswer, required, toDateMs, toNumber } from '../wire/check.js';
import { type Peer, PeerServiceService as service } from '../wire/gen/moot/v1/peer.js';
import type { Directory } from './directory.js';
import { isAddress, pickServer } from './lookup.js';
import { type Parts, toWireOptions } from './parts.js';
import type { CallOptions, PeerInfo, ServerInfo } from './types.js';

/** One community, as its operator sees it. */
export class Operator {
  constructor(
    private readonly server: Pick<ServerInfo, 'id' | 'name' | 'address'>,
    private readonly token: string,
    private readonly directory: Directory,
    private readonly parts: Parts,
  ) {}

  get id(): OriginId {
    return this.server.id;
  }

  get name(): string {
    return this.server.name;
  }

  /** The communities it links to. */
  async peers(options: CallOptions = {}): Promise<readonly PeerInfo[]> {
    const { peers } = await this.channel().unary(service.listPeers, {}, this.wireOptions(options));
    return peers.map((peer) => this.toPeer(peer));
  }

  /** Links it to `other`, a name, the start of an id, or an address: from then on `other`'s articles are available there. */
  async connect(other: string, options: CallOptions = {}): Promise<PeerInfo> {
    const { id, address } = await this.directory.find(other, options);
    const { peer } = await this.channel().unary(service.connect, { id, address }, this.wireOptions(options));
    return this.toPeer(peer);
  }

  /** Takes the link to `other` away; `other` may be gone from the registry. */
  async disconnect(other: string, options: CallOptions = {}): Promise<PeerInfo> {
    const id = await this.linked(other, options);
    const { peer } = await this.channel().unary(service.disconnect, { id }, this.wireOptions(options));
    return this.toPeer(peer);
  }

  private async linked(other: string, options: CallOptions): Promise<OriginId> {
    const peers = (await this.peers(options)).map(({ to, name, address }) => ({ id: to, name, address }));
    const at = isAddress(other) ? peers.find(({ address }) => address === other) : undefined;
    if (at) return at.id;
    try {
      return isAddress(other) ? (await this.directory.find(other, options)).id : pickServer(other, peers).id;
    } catch (error) {
      if (!isMootError(error) || error.code !== 'not_found') throw error;
      throw new MootError('not_found', `${this.name} has no link to "${other}"`, { cause: error, hint: 'moot peers' });
    }
  }

  private channel(): ReturnType<Parts['connections']['to']> {
    return this.parts.connections.to(this.server.address);
  }

  private wireOptions(options: CallOptions): ReturnType<typeof toWireOptions> {
    return toWireOptions(this.parts, options, this.token);
  }

  private toPeer(answered: Peer | undefined): PeerInfo {
    return readAnswer(() => {
      const peer = required(answered, 'peer');
      return {
        from: this.id,
        to: peer.id,
        name: peer.name,
        address: peer.address,
        state: peer.state,
        sinceMs: toDateMs(peer.sinceMs, 'since'),
        lagMs: peer.lagMs === undefined ? undefined : toNumber(peer.lagMs, 'lag'),
        level: peer.level,
        reason: peer.reason === '' ? undefined : peer.reason,
      };
    });
  }
}
