import { userInfo } from 'node:os';
import { codeOf, invalid, MootError } from '../core/errors.js';
import type { LinkLoad } from '../core/load.js';
import { Community } from './community.js';
import { type Description, meet } from './describe.js';
import type { Directory } from './directory.js';
import { Joining } from './joining.js';
import { KnownServer } from './known-server.js';
import { type MapOptions, readMap } from './map.js';
import { type Membership, MemoryMemberships } from './memberships.js';
import { Moderation } from './moderation.js';
import type { NetworkMap } from './network-map.js';
import { Operator } from './operator.js';
import { findOperatorToken, type OperatorOptions } from './operator-token.js';
import type { Parts } from './parts.js';
import { quoted } from './quoted.js';
import type { ServerFilter } from './registries.js';
import type { CallOptions, Joined, RegistryInfo, ServerInfo } from './types.js';
import type { ServerEvent, WatchOptions } from './watch-servers.js';

export interface JoinOptions extends CallOptions {
  /** Our name there; default: the login name. */
  readonly as?: string | undefined;
  /** The code of an invitation. */
  readonly invite?: string | undefined;
}

/** A membership that is kept elsewhere. */
export interface Held {
  readonly server: ServerInfo;
  readonly token: string;
  /** Of a request to join, so far. */
  readonly isWaiting?: boolean | undefined;
}

/** The network, as one person sees it. `connect` gives one; a SERVER is a name, the start of an id, or HOST:PORT. */
export class Moot implements AsyncDisposable {
  private readonly joining: Joining;

  constructor(
    private readonly directory: Directory,
    private readonly parts: Parts,
    /** They belong to another, who closes them. */
    private readonly hasOthersConnections = false,
  ) {
    this.joining = new Joining(parts, directory);
  }

  /** What the registries list, by name. @throws MootError `unavailable` when none of them answers. */
  async servers(filter: ServerFilter = {}, options: CallOptions = {}): Promise<readonly ServerInfo[]> {
    return this.joining.refresh(await this.directory.list(filter, options));
  }

  /** Each registry by itself: what it lists, and how much of that nobody has signed, or why it lists nothing. */
  registries(options: CallOptions = {}): Promise<readonly RegistryInfo[]> {
    return this.directory.look(options);
  }

  /** What a listed community says of itself where it is listed. @throws MootError `not_found` when another answers there. */
  describe(
    server: Pick<ServerInfo, 'id' | 'name' | 'address' | 'addresses'>,
    options: CallOptions = {},
  ): Promise<Description> {
    return meet(this.parts, this.parts.connections.to(server.address), server, options);
  }

  /**
   * What the registries list, then what changes, for as long as it is read; it connects again by itself, and tells so. Who
   * reads slowly is told what holds then, not each change.
   */
  watchServers(options: WatchOptions = {}): AsyncIterable<ServerEvent> {
    return this.directory.watch(options);
  }

  /** Who links to whom, and what follows from it; with `walk`, what a question at that community finds on its way. */
  map(options: MapOptions = {}): Promise<NetworkMap> {
    return readMap(this, options);
  }

  /** @throws MootError `not_found`, or `invalid` listing the candidates when it is ambiguous. */
  find(server: string, options: CallOptions = {}): Promise<ServerInfo> {
    return this.directory.find(server, options);
  }

  /**
   * Makes us a member, and keeps that. Where members are admitted by approval, and there is no invitation, it asks to be let in
   * (`isWaiting`); the same again says what became of that.
   * @throws MootError `already_exists` for a member, or a name in use; `denied` where we are not let in.
   */
  async join(server: string, options: JoinOptions = {}): Promise<Community> {
    const found = await this.find(server, options);
    const wanted = { ...options, as: options.as ?? loginName() };
    return this.joining.join(found, await this.membershipOf(found), wanted);
  }

  /** A community, which for all but `describe` must have been joined: its calls say so otherwise. */
  async community(server: string, options: CallOptions = {}): Promise<Community> {
    const found = await this.find(server, options);
    const kept = await this.membershipOf(found);
    // The registry knows where it is now: kept is where it was when we joined.
    if (kept && (kept.address !== found.address || kept.addresses?.join() !== found.addresses?.join()))
      await this.parts.memberships.put({ ...kept, ...placesOf(found), name: found.name });
    return new Community(this.at(found), kept, this.parts);
  }

  /**
   * A community, to read it: as its member where we are one, else as anyone, which those let us that are readable by all.
   * Nothing is looked up.
   */
  async reader(server: ServerInfo): Promise<Community> {
    return new Community(this.at(server), await this.membershipOf(server), this.parts, true);
  }

  /**
   * The network for somebody else: over the connections of this one, which `close` leaves open, with memberships of their
   * own, held in memory: none, or the one that `token` proves.
   */
  async forAnother(held?: Held): Promise<Moot> {
    const memberships = new MemoryMemberships();
    if (held) {
      const { server, ...proof } = held;
      const { id, name, address, addresses } = server;
      const joinedAtMs = this.parts.clock.now();
      await memberships.put({ id, name, address, addresses, memberId: '', member: '', ...proof, joinedAtMs });
    }
    return new Moot(this.directory.withMemberships(memberships), { ...this.parts, memberships, home: undefined }, true);
  }

  /** The communities we are members of, wherever they and the registries may be; by name. */
  async memberships(): Promise<readonly Joined[]> {
    const kept = await this.parts.memberships.all();
    return kept
      .filter(({ isWaiting }) => !isWaiting)
      .map(({ id, name, address, member }) => ({ id, name, address, member }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Asks a community whether it still knows us as a member; what is kept here stays as it is.
   * @throws MootError `unauthenticated` when it does not, `not_found` when another community is at its address.
   */
  async checkMembership(joined: Joined, options: CallOptions = {}): Promise<void> {
    const { name, member } = joined;
    const community = new Community(this.at(joined), await this.membershipOf(joined), this.parts);
    try {
      await community.query({ ...options, scope: 'local', limit: 1 }).report;
    } catch (cause) {
      if (codeOf(cause) !== 'unauthenticated') throw cause;
      throw new MootError('unauthenticated', `${name} does not know ${member} any longer`, {
        cause,
        hint: `moot leave ${quoted(name)}; moot join ${quoted(name)} --as ${quoted(member)}`,
      });
    }
  }

  /** Ends a membership. @throws MootError `unauthenticated` when there is none. */
  async leave(server: string, options: CallOptions = {}): Promise<Community> {
    const community = await this.community(server, options);
    await community.leave(options);
    return community;
  }

  /** @throws MootError `unauthenticated` when no operator token of it is here. */
  async operator(server: string, options: OperatorOptions & CallOptions = {}): Promise<Operator> {
    const found = await this.find(server, options);
    const token = await findOperatorToken(found, options, this.parts.home);
    return new Operator(this.at(found), token, this.directory, this.parts);
  }

  /** As `community`, of one that is listed: nothing is looked up. */
  async listedCommunity(server: Pick<ServerInfo, 'id' | 'name' | 'address' | 'addresses'>): Promise<Community> {
    return new Community(this.at(server), await this.membershipOf(server), this.parts);
  }

  /**
   * How the links of a listed community stand: its members are told, and its operator, where that token is here.
   * @returns undefined when we are neither.
   */
  async linksOf(
    server: Pick<ServerInfo, 'id' | 'name' | 'address' | 'addresses'>,
    options: CallOptions = {},
  ): Promise<readonly LinkLoad[] | undefined> {
    const community = await this.listedCommunity(server);
    if (community.member !== undefined) return (await community.load(options)).links;
    const token = await findOperatorToken(server, {}, this.parts.home).catch((error: unknown) => {
      if (codeOf(error) === 'unauthenticated') return undefined;
      throw error;
    });
    if (token === undefined) return undefined;
    const peers = await new Operator(this.at(server), token, this.directory, this.parts).peers(options);
    return peers.map((peer) => ({ ...peer, id: peer.to, reason: peer.reason ?? '' }));
  }

  /**
   * A community, to look after it: with its operator's token as `operator` finds it, else with ours, which a moderator's may.
   * @throws MootError `unauthenticated` when there is neither.
   */
  async moderation(server: string, options: OperatorOptions & CallOptions = {}): Promise<Moderation> {
    const found = await this.find(server, options);
    try {
      return new Moderation(this.at(found), await findOperatorToken(found, options, this.parts.home), this.parts);
    } catch (error) {
      const kept = options.tokenFile === undefined ? await this.membershipOf(found) : undefined;
      if (codeOf(error) !== 'unauthenticated' || !kept) throw error;
      return new Moderation(this.at(found), kept.token, this.parts);
    }
  }

  /** Ends every open call. */
  async close(): Promise<void> {
    if (!this.hasOthersConnections) this.parts.connections.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private at(server: Pick<ServerInfo, 'id' | 'name' | 'address' | 'addresses'>): KnownServer {
    return new KnownServer(server, this.parts, this.directory);
  }

  private async membershipOf({ id }: Pick<ServerInfo, 'id'>): Promise<Membership | undefined> {
    return (await this.parts.memberships.all()).find((membership) => membership.id === id);
  }
}

function placesOf({ address, addresses }: ServerInfo): Pick<Membership, 'address' | 'addresses'> {
  return { address, addresses };
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch (cause) {
    throw invalid('as', `this system has no login name (${String(cause)})`, 'give a name with --as');
  }
}
