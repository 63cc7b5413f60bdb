import { codeOf, MootError } from '../core/errors.js';
import { foldName, parseName } from '../core/name.js';
import { CommunityServiceService as service } from '../wire/gen/moot/v1/community.js';
import { Community } from './community.js';
import type { Directory } from './directory.js';
import { KnownServer } from './known-server.js';
import type { Membership } from './memberships.js';
import { type Parts, toWireOptions } from './parts.js';
import { quoted } from './quoted.js';
import type { CallOptions, ServerInfo } from './types.js';

export interface Wanted extends CallOptions {
  /** Our name there. */
  readonly as: string;
  readonly invite?: string | undefined;
}

interface Standing {
  readonly state: string;
  readonly reason: string;
}

/** How long a community may take to say what became of a request, where that is not what was asked for. */
const glanceMs = 1500;

/** Makes us members, and keeps that. */
export class Joining {
  constructor(
    private readonly parts: Parts,
    private readonly directory: Directory,
  ) {}

  /**
   * @param kept what is kept of that community: a request is asked about, and made anew when it says something else.
   * @throws MootError `already_exists` for a member, or a name in use; `denied` where nobody lets us in, or a request was refused.
   */
  async join(found: ServerInfo, kept: Membership | undefined, wanted: Wanted): Promise<Community> {
    const isMember = kept !== undefined && !kept.isWaiting;
    if (isMember && wanted.invite === undefined) throw memberAlready(found, kept);
    const { address, addresses } = found;
    const at = { address, addresses };
    // With an invitation one comes back whose token was revoked.
    if (isMember && (await this.standing({ ...kept, ...at }, wanted)).state !== 'unknown')
      throw memberAlready(found, kept);
    const name = parseName(wanted.as, 'as');
    if (kept?.isWaiting && wanted.invite === undefined && foldName(kept.member) === foldName(name)) {
      const now = await this.ask({ ...kept, ...at }, wanted);
      if (now) return this.member(found, now);
    }
    const server = new KnownServer(found, this.parts, this.directory);
    const channel = await server.reach(wanted);
    const { id } = found;
    const options = toWireOptions(this.parts, wanted);
    const said = await channel.unary(service.join, { name, invite: wanted.invite }, options);
    const { memberId, name: member, token, communityName, waiting: isWaiting } = said;
    const joinedAtMs = this.parts.clock.now();
    const met = { address: channel.address, ...(addresses && { addresses }) };
    const membership = { id, name: communityName, ...met, memberId, member, token, joinedAtMs, isWaiting };
    const community = this.member(membership, membership);
    await this.keep(membership, community);
    // What we asked for before is of no use now, and whoever would say yes to it would be misled.
    if (kept?.isWaiting) await channel.unary(service.withdraw, { token: kept.token }, options).catch(() => undefined);
    return community;
  }

  /** Brings up to date what is kept of requests to those of `servers` that list one. Never throws. */
  async refresh(servers: readonly ServerInfo[]): Promise<readonly ServerInfo[]> {
    if (!servers.some(({ waiting }) => waiting)) return servers;
    const kept = new Map((await this.parts.memberships.all()).map((membership) => [membership.id, membership]));
    const look = async (server: ServerInfo): Promise<ServerInfo> => {
      const request = server.waiting ? kept.get(server.id) : undefined;
      if (!request) return server;
      const timeoutMs = Math.min(this.parts.timeoutMs, glanceMs);
      const now = await this.ask({ ...request, address: server.address, addresses: server.addresses }, { timeoutMs })
        // One that was refused is forgotten; one that cannot be asked about waits.
        .catch((error: unknown) => (codeOf(error) === 'denied' ? undefined : request));
      return { ...server, joined: now !== undefined && !now.isWaiting, waiting: now?.isWaiting === true };
    };
    return Promise.all(servers.map(look));
  }

  /** How it stands with us there, once it is certain who is asked: a token is shown to nobody else. */
  private async standing({ id, name, address, addresses, token }: Membership, options: CallOptions): Promise<Standing> {
    const channel = await new KnownServer({ id, name, address, addresses }, this.parts, this.directory).reach(options);
    return channel.unary(service.joinStatus, { token }, toWireOptions(this.parts, options));
  }

  /** What became of a request, kept here as well; undefined when nobody knows of it any longer. @throws MootError `denied` when it was refused. */
  private async ask(kept: Membership, options: CallOptions): Promise<Membership | undefined> {
    const { id, name } = kept;
    const { state, reason } = await this.standing(kept, options);
    if (state === 'waiting') return kept;
    if (state === 'member') {
      const membership = { ...kept, isWaiting: false };
      await this.parts.memberships.put(membership);
      return membership;
    }
    await this.parts.memberships.remove(id);
    if (state !== 'refused') return undefined;
    const why = reason === '' ? '' : `: ${reason}`;
    throw new MootError('denied', `${name} has refused to let you in${why}`, { field: 'server' });
  }

  private member(server: Pick<ServerInfo, 'id' | 'name' | 'address' | 'addresses'>, kept: Membership): Community {
    return new Community(new KnownServer(server, this.parts, this.directory), kept, this.parts);
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

function memberAlready({ name }: ServerInfo, { member }: Membership): MootError {
  return new MootError('already_exists', `you are a member of ${name} already, as ${member}`, {
    field: 'server',
    hint: `moot leave ${quoted(name)}`,
  });
}
