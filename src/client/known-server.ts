import { codeOf, MootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import type { Channel } from '../wire/channels.js';
import { meet } from './describe.js';
import type { Directory } from './directory.js';
import type { Parts } from './parts.js';
import type { CallOptions, ServerInfo } from './types.js';

/** Where there are others to ask, one replica may take no longer to say who it is. */
const replicaMs = 2000;
/** The registry may take no longer to say where a server is now that is not where it was. */
const lookUpMs = 1500;

/** Where one community answers, at any of its replicas. A token goes to what `reach` gives, and to nobody else. */
export class KnownServer {
  readonly id: OriginId;
  readonly name: string;
  /** The one in use first. */
  private places: readonly string[];
  private greeting: Promise<void> | undefined;
  private metOver: number | undefined;

  constructor(
    { id, name, address, addresses = [] }: Pick<ServerInfo, 'id' | 'name' | 'address' | 'addresses'>,
    private readonly parts: Parts,
    private readonly directory: Directory,
  ) {
    this.id = id;
    this.name = name;
    this.places = addresses.length > 1 ? turned(addresses, Math.floor(Math.random() * addresses.length)) : [address];
  }

  /** HOST:PORT, or HOST:PORT#FINGERPRINT of what speaks TLS there: of the replica that is used now. */
  get address(): string {
    return this.places[0] ?? '';
  }

  get hasReplicas(): boolean {
    return this.places.length > 1;
  }

  /**
   * The connection, once it is certain who is at its other end. Where a replica does not answer, that is the next one's.
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

  /** What a call has ended with: a replica that is away, or silent, is not asked the next time, where there is another. */
  failed(error: unknown): void {
    if (this.hasReplicas && isAway(error)) this.turn();
  }

  /** The replica in use has failed: the next call is another one's, where there is one. */
  turn(): void {
    this.places = turned(this.places, 1);
    this.doubt();
  }

  private get channel(): Channel {
    return this.parts.connections.to(this.address);
  }

  private async greet(options: CallOptions): Promise<void> {
    const tried = new Set<string>();
    try {
      await this.greetAny(tried, options);
    } catch (error) {
      if (!isAway(error) && codeOf(error) !== 'denied') throw error;
      // It may have moved. A certificate that is not accepted may be an old one here, and new there.
      const now = await this.directory.addressesOf(this.id, { ...options, timeoutMs: lookUpMs });
      const fresh = now.filter((address) => !tried.has(address));
      if (fresh.length === 0) throw error;
      this.places = [...fresh, ...now.filter((address) => tried.has(address))];
      await this.greetAny(tried, options);
    }
  }

  /** Those that were not tried yet, until one answers. @throws what the first one threw. */
  private async greetAny(tried: Set<string>, options: CallOptions): Promise<void> {
    let failure: unknown;
    while (!tried.has(this.address)) {
      tried.add(this.address);
      try {
        return await this.meet(options);
      } catch (error) {
        failure ??= error;
        if (options.signal?.aborted || !(isAway(error) && this.hasReplicas)) throw error;
        this.places = turned(this.places, 1);
      }
    }
    throw failure;
  }

  private async meet(options: CallOptions): Promise<void> {
    const { timeoutMs = this.parts.timeoutMs } = options;
    const bounded = this.hasReplicas ? { ...options, timeoutMs: Math.min(timeoutMs, replicaMs) } : options;
    await meet(this.parts, this.channel, this, bounded);
    this.metOver = this.channel.connection;
    if (this.metOver === undefined) throw new MootError('unavailable', `${this.name} hung up`);
  }
}

function isAway(error: unknown): boolean {
  return ['unavailable', 'timed_out', 'not_found'].includes(codeOf(error));
}

function turned(list: readonly string[], by: number): readonly string[] {
  return [...list.slice(by), ...list.slice(0, by)];
}
