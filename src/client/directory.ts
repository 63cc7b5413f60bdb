import { codeOf, isMootError } from '../core/errors.js';
import type { ServerEntry } from '../core/server-entry.js';
import { describe } from './describe.js';
import { idStart, isAddress, pickServer } from './lookup.js';
import type { Membership } from './memberships.js';
import type { Parts } from './parts.js';
import type { Registries, ServerFilter } from './registries.js';
import type { CallOptions, ServerInfo } from './types.js';

/** Where communities are found: the registries, an address, and what is kept of those we are members of. */
export class Directory {
  constructor(
    private readonly registries: Registries,
    private readonly parts: Parts,
  ) {}

  async list(filter: ServerFilter, options: CallOptions): Promise<readonly ServerInfo[]> {
    const [entries, kept] = await Promise.all([this.registries.list(filter, options), this.parts.memberships.all()]);
    const joined = new Set(kept.map(({ id }) => id));
    return entries.map((entry) => toServerInfo(entry, joined.has(entry.id)));
  }

  /**
   * The community that `server` means: with a `:` an address, else an exact name (case-folded), else the start of an id.
   * A community we are a member of is found while the registry is away, too.
   * @throws MootError `not_found`, `invalid` listing the candidates, or `unavailable`.
   */
  async find(server: string, options: CallOptions): Promise<ServerInfo> {
    const kept = await this.parts.memberships.all();
    if (isAddress(server)) {
      const said = await describe(this.parts, server, options);
      return { ...said, joined: kept.some(({ id }) => id === said.id) };
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

function toServerInfo(entry: ServerEntry, joined: boolean): ServerInfo {
  const { id, name, topics, articles, members, admission, peering, readable } = entry;
  const address = entry.addresses[0] ?? '';
  return { id, name, address, topics, articles, members, peers: entry.links, joined, admission, peering, readable };
}

function fromMembership({ id, name, address }: Membership): ServerInfo {
  const unknown = { topics: [], articles: 0, members: 0, peers: [], admission: '', peering: '', readable: '' };
  return { id, name, address, joined: true, ...unknown };
}
