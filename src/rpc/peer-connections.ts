import type { Clock } from '../core/clock.js';
import { codeOf, MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { KeyRing } from '../identity/key-ring.js';
import type { Identity } from '../identity/keys.js';
import type { Purpose } from '../wire/channel-options.js';
import { addressesToDial, type DialRule } from './dialing.js';
import { PeerConnection } from './peer-connection.js';
import { ServerTokens } from './server-token.js';

export interface PeerConnectionsConfig {
  readonly identity: Identity;
  /** What this server calls itself; default: it does not say. */
  readonly name?: (() => string) | undefined;
  /** Where a peer is now, HOST:PORT; undefined: nobody knows. */
  addressOf(peer: OriginId): Promise<string | undefined>;
  /** Lets server tokens go over plaintext to other machines. */
  readonly insecure?: boolean | undefined;
  readonly clock: Clock;
  /** Told when another answers where `peer` was, or it does not accept this server. */
  readonly onRefused?: ((peer: OriginId, error: MootError) => void) | undefined;
  readonly purpose: Purpose;
  /** Default: the public internet, and this machine. */
  readonly dialRule?: DialRule | undefined;
  /** What is known of keys that were replaced; default: nothing. */
  readonly ring?: KeyRing | undefined;
}

/** A host may have moved: it is looked up again after so long. */
const lookAgainMs = 30_000;
const loopbackToo: DialRule = { allowLoopback: true, allowPrivate: false };

interface Open {
  readonly connection: PeerConnection;
  readonly targets: string;
  lookedAtMs: number;
}

/** One connection to each peer, for one purpose. A peer that has moved gets a new one. */
export class PeerConnections {
  private readonly connections = new Map<OriginId, Open>();
  private readonly tokens: ServerTokens;
  private closed = false;

  constructor(private readonly config: PeerConnectionsConfig) {
    this.tokens = new ServerTokens(config.identity);
  }

  /** @throws MootError `unavailable` when no address is known; `denied` for one that is not to be dialled. */
  async to(peer: OriginId): Promise<PeerConnection> {
    const address = await this.config.addressOf(peer);
    this.requireOpen();
    if (address === undefined) throw new MootError('unavailable', 'no address of that community is known');
    const known = this.connections.get(peer);
    const nowMs = this.config.clock.monotonic();
    if (known?.connection.address === address && nowMs - known.lookedAtMs < lookAgainMs) return known.connection;
    const found = await this.lookUp(address, known);
    this.requireOpen();
    const [open, targets] = [this.connections.get(peer), found.join()];
    if (open?.connection.address === address && open.targets === targets) {
      open.lookedAtMs = nowMs;
      return open.connection;
    }
    open?.connection.close();
    const { identity, name = () => '', insecure, clock, purpose, onRefused, ring } = this.config;
    const settings = { insecure: insecure === true, name, clock, purpose, ring, dialled: found };
    const refused = onRefused && ((error: MootError) => onRefused(peer, error));
    const connection = new PeerConnection(identity, peer, address, settings, refused);
    this.connections.set(peer, { connection, targets, lookedAtMs: nowMs });
    return connection;
  }

  /** A token for one call of `method`. */
  token(connection: PeerConnection, method: string, signal: AbortSignal): Promise<string> {
    return connection.token(method, this.tokens, signal);
  }

  /** Lets go of the connection to `peer`, and ends what is under way on it. */
  forget(peer: OriginId): void {
    this.connections.get(peer)?.connection.close();
    this.connections.delete(peer);
  }

  /** The next call dials anew; what is under way goes on. */
  renew(peer: OriginId): void {
    this.connections.get(peer)?.connection.retire();
    this.connections.delete(peer);
  }

  /** Ends all that is under way. */
  close(): void {
    this.closed = true;
    for (const { connection } of this.connections.values()) connection.close();
    this.connections.clear();
  }

  /** Who cannot be looked up for now is dialled where they were. */
  private async lookUp(address: string, known: Open | undefined): Promise<readonly string[]> {
    try {
      return await addressesToDial(address, this.config.dialRule ?? loopbackToo);
    } catch (error) {
      if (codeOf(error) !== 'unavailable' || known?.connection.address !== address) throw error;
      return known.targets.split(',');
    }
  }

  private requireOpen(): void {
    if (this.closed) throw new MootError('unavailable', 'this server is stopping');
  }
}
