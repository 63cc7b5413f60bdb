import { codeOf, isMootError } from '../core/errors.js';
import type { OriginId } from '../core/ids.js';
import { describe } from './describe.js';
import { idStart, isAddress, pickServer } from './lookup.js';
import type { Membership, Memberships } from './memberships.js';
import type { Parts } from './parts.js';
import type { Registries, ServerFilter } from './registries.js';
import { standing, toListed, toServerInfo } from './server-info.js';
import type { CallOptions, RegistryInfo, ServerInfo } from './types.js';
import { type ServerEvent, type WatchOptions, watchServers } from './watch-servers.js';

/** Where communities are found: the registries, an address, and what is kept of those we are members of. */
export class Directory {
  constructor(
    private readonly registries: Registries,
    private readonly parts: Parts,
  ) {}

  /** The same places, as somebody else knows them. */
  withMemberships(memberships: Memberships): Directory {
    return new Directory(this.registries, { ...this.parts, memberships });
  }

  async list(filter: ServerFilter, options: CallOptions): Promise<readonly ServerInfo[]> {
    const [entries, kept] = await Promise.all([this.registries.list(filter, options), this.parts.memberships.all()]);
    const keptBy = new Map(kept.map((membership) => [membership.id, membership]));
    return entries.map((entry) => toServerInfo(entry, keptBy.get(entry.id)));
  }

  /** Each registry by itself. */
  async look(options: CallOptions): Promise<readonly RegistryInfo[]> {
    const looks = await this.registries.look(options);
    return looks.map(({ entries, ...look }) => ({ ...look, servers: entries.map(toListed) }));
  }

  /** What is listed, as it changes. */
  watch({ signal, ...filter }: WatchOptions): AsyncIterable<ServerEvent> {
    const kept = async (): Promise<ReadonlyMap<string, Membership>> =>
      new Map((await this.parts.memberships.all()).map((membership) => [membership.id, membership]));
    const { clock, connections } = this.parts;
    const ended = signal ? AbortSignal.any([signal, connections.closed]) : connections.closed;
    return watchServers({ clock, registries: this.registries.watches(filter), kept }, ended);
  }

  /**
   * The community that `server` means: with a `:` an address, else an exact name (case-folded), else the start of an id.
   * A community we are a member of is found while the registry is away, too.
   * @throws MootError `not_found`, `invalid` listing the candidates, or `unavailable`.
   */
  async find(server: string, options: CallOptions): Promise<ServerInfo> {
    const kept = await this.parts.memberships.all();
    if (isAddress(server)) {
      const {
        publicKey: _,
        rotations: __,
        atMs: _at,
        ...said
      } = await describe(this.parts, this.parts.connections.named(server), options);
      return { ...said, ...standing(kept.find(({ id }) => id === said.id)) };
    }
    try {
      return pickServer(server, await this.candidates(server, options));
    } catch (error) {
      if (!isMootError(error) || !['unavailable', 'not_found'].includes(codeOf(error))) throw error;
      const membership = pickKept(server, kept);
      if (!membership) throw error;
      return fromMembership(membership);
    }
  }

  /** Where the community `id` is now by its own signed word; nowhere when no registry has it. Never rejects. */
  async addressesOf(id: OriginId, options: CallOptions): Promise<readonly string[]> {
    const listed = await this.registries.list({ idPrefix: id }, options).catch(() => []);
    return listed.find((entry) => entry.id === id)?.addresses ?? [];
  }

  /** Asks for what is meant before it asks for everything, which only serves to say what comes near. */
  private async candidates(server: string, options: CallOptions): Promise<readonly ServerInfo[]> {
    const named = await this.list({ name: server }, options);
    if (named.length > 0) return named;
    const isIdStart = server.length >= idStart && /^[0-9a-v]{1,52}$/i.test(server);
    const started = isIdStart ? await this.list({ idPrefix: server.toLowerCase() }, options) : [];
    return started.length > 0 ? started : this.list({}, options);
  }
}

function pickKept(server: string, kept: readonly Membership[]): Membership | undefined {
  try {
    return pickServer(server, kept);
  } catch (error) {
    if (codeOf(error) === 'not_found') return undefined;
    throw error;
  }
}

function fromMembership(kept: Membership): ServerInfo {
  const { id, name, address, addresses } = kept;
  const unknown = { topics: [], articles: 0, members: 0, peers: [], admission: '', peering: '', readable: '' };
  return { id, name, address, ...(addresses && { addresses }), ...standing(kept), ...unknown };
}
