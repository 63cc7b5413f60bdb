import { codeOf, MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { Channel } from '../wire/channels.js';
import { meet } from './describe.js';
import type { Directory } from './directory.js';
import type { Parts } from './parts.js';
import type { CallOptions, ServerInfo } from './types.js';

/** Where one community answers. A token goes to what `reach` gives, and to nobody else. */
export class KnownServer {
  readonly id: OriginId;
  readonly name: string;
  private at: string;
  private greeting: Promise<void> | undefined;
  private metOver: number | undefined;

  constructor(
    { id, name, address }: Pick<ServerInfo, 'id' | 'name' | 'address'>,
    private readonly parts: Parts,
    private readonly directory: Directory,
  ) {
    this.id = id;
    this.name = name;
    this.at = address;
  }

  /** HOST:PORT, or HOST:PORT#FINGERPRINT of what speaks TLS there. */
  get address(): string {
    return this.at;
  }

  /**
   * The connection, once it is certain who is at its other end.
   * @throws MootError `not_found` when another server has taken the address.
   */
  async reach(options: CallOptions): Promise<Channel> {
    // Who answers over a new connection may be another, whoever made it.
    if (this.metOver !== undefined && this.metOver !== this.channel.connection) this.doubt();
    this.greeting ??= this.greet(options);
    try {
      await this.greeting;
    } catch (error) {
      this.doubt();
      throw error;
    }
    return this.channel;
  }

  /** Asks who answers before the next call, whatever was certain so far. */
  doubt(): void {
    this.greeting = undefined;
    this.metOver = undefined;
  }

  private get channel(): Channel {
    return this.parts.connections.to(this.at);
  }

  /** A certificate that is not accepted may be an old one here, and new there: the registry has the one of today. */
  private async greet(options: CallOptions): Promise<void> {
    try {
      await this.meet(options);
    } catch (error) {
      const now = codeOf(error) === 'denied' ? await this.directory.addressOf(this.id, options) : undefined;
      if (now === undefined || now === this.at) throw error;
      this.at = now;
      await this.meet(options);
    }
  }

  private async meet(options: CallOptions): Promise<void> {
    await meet(this.parts, this.channel, this, options);
    this.metOver = this.channel.connection;
    if (this.metOver === undefined) throw new MootError('unavailable', `${this.name} hung up`);
  }
}
