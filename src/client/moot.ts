import { userInfo } from 'node:os';
import { codeOf, invalid, MootError } from '../core/errors.js';
import { parseName } from '../core/name.js';
import { CommunityServiceService as service } from '../wire/gen/moot/v1/community.js';
import { Community, quoted } from './community.js';
import { describe } from './describe.js';
import type { Directory } from './directory.js';
import type { Membership } from './memberships.js';
import { Operator } from './operator.js';
import { findOperatorToken, type OperatorOptions } from './operator-token.js';
import { type Parts, toWireOptions } from './parts.js';
import type { ServerFilter } from './registries.js';
import type { CallOptions, Joined, ServerInfo } from './types.js';

export interface JoinOptions extends CallOptions {
  /** Our name there; default: the login name. */
  readonly as?: string | undefined;
  readonly invite?: string | undefined;
}

/** The network, as one person sees it. `connect` gives one; a SERVER is a name, the start of an id, or HOST:PORT. */
export class Moot implements AsyncDisposable {
  constructor(
    private readonly directory: Directory,
    private readonly parts: Parts,
  ) {}

  /** What the registries list, by name. @throws MootError `unavailable` when none of them answers. */
  servers(filter: ServerFilter = {}, options: CallOptions = {}): Promise<readonly ServerInfo[]> {
    return this.directory.list(filter, options);
  }

  /** @throws MootError `not_found`, or `invalid` listing the candidates when it is ambiguous. */
  find(server: string, options: CallOptions = {}): Promise<ServerInfo> {
    return this.directory.find(server, options);
  }

  /** Makes us a member, and keeps that. @throws MootError `already_exists` for a member, or a name in use. */
  async join(server: string, options: JoinOptions = {}): Promise<Community> {
    const found = await this.find(server, options);
    const kept = await this.membershipOf(found);
    if (kept)
      throw new MootError('already_exists', `you are a member of ${found.name} already, as ${kept.member}`, {
        hint: `moot leave ${quoted(found.name)}`,
      });
    const name = parseName(options.as ?? loginName(), 'as');
    const channel = this.parts.connections.to(found.address);
    const { id, address, name: there } = await describe(this.parts, found.address, options);
    if (id !== found.id) throw new MootError('not_found', `at ${address} is ${there} now, not ${found.name}`);
    const said = await channel.unary(
      service.join,
      { name, invite: options.invite },
      toWireOptions(this.parts, options),
    );
    const { memberId, name: member, token, communityName } = said;
    const joinedAtMs = this.parts.clock.now();
    const membership = { id, name: communityName, address, memberId, member, token, joinedAtMs };
    const community = new Community(id, communityName, address, membership, this.parts);
    await this.keep(membership, community);
    return community;
  }

  /** A community, which for all but `describe` must have been joined: its calls say so otherwise. */
  async community(server: string, options: CallOptions = {}): Promise<Community> {
    const found = await this.find(server, options);
    const kept = await this.membershipOf(found);
    // The registry knows where it is now: kept is where it was when we joined.
    if (kept && kept.address !== found.address)
      await this.parts.memberships.put({ ...kept, address: found.address, name: found.name });
    return new Community(found.id, found.name, found.address, kept, this.parts);
  }

  /** The communities we are members of, wherever they and the registries may be; by name. */
  async memberships(): Promise<readonly Joined[]> {
    const kept = await this.parts.memberships.all();
    return kept
      .map(({ id, name, address, member }) => ({ id, name, address, member }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
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
    return new Operator(found, token, this.directory, this.parts);
  }

  /** Ends every open call. */
  async close(): Promise<void> {
    this.parts.connections.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async membershipOf({ id }: ServerInfo): Promise<Membership | undefined> {
    return (await this.parts.memberships.all()).find((membership) => membership.id === id);
  }

  /** A token that could not be kept would hold its name for ever, so it is given back. */
  private async keep(membership: Membership, community: Community): Promise<void> {
    try {
      await this.parts.memberships.put(membership);
    } catch (cause) {
      await community.leave().catch(() => undefined);
      if (codeOf(cause) !== 'internal') throw cause;
      throw new MootError('unavailable', 'the membership cannot be kept here', { cause });
    }
  }
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch (cause) {
    throw invalid('as', `this system has no login name (${String(cause)})`, 'give a name with --as');
  }
}
