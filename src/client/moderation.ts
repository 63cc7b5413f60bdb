import type { EntryId, OriginId } from '../core/ids.js';
import type { Role } from '../core/moderation.js';
import type { ServerSettings } from '../core/server-settings.js';
import type { Published } from '../core/stores.js';
import type { Channel } from '../wire/channels.js';
import { readAnswer, required } from '../wire/check.js';
import { fromWirePublished, fromWireRetracted } from '../wire/convert-draft.js';
import { fromWireHeld } from '../wire/convert-held.js';
import { fromWireMember } from '../wire/convert-member.js';
import {
  fromWireAct,
  fromWireBan,
  fromWireHidden,
  fromWireInvite,
  fromWireMembership,
  fromWireRequest,
} from '../wire/convert-moderation.js';
import { fromWireSettings } from '../wire/convert-settings.js';
import { ModerationServiceService as service } from '../wire/gen/moot/v1/moderation.js';
import type { KnownServer } from './known-server.js';
import { pages } from './pages.js';
import { type Parts, toWireOptions } from './parts.js';
import type {
  ActInfo,
  BanInfo,
  CallOptions,
  HeldInfo,
  HiddenInfo,
  InviteInfo,
  MemberInfo,
  RequestInfo,
  Retracted,
  TokenInfo,
} from './types.js';

export type Why = CallOptions & { readonly reason?: string | undefined };

/** One community, as those see it who look after it: its operator and its moderators. A member is named by name or id. */
export class Moderation {
  constructor(
    private readonly server: KnownServer,
    private readonly token: string,
    private readonly parts: Parts,
  ) {}

  get id(): OriginId {
    return this.server.id;
  }

  get name(): string {
    return this.server.name;
  }

  /** Takes back any article of this community. */
  async retract(id: EntryId, { reason = '', ...options }: Why = {}): Promise<Retracted> {
    const answer = await this.call(
      (channel, given) => channel.unary(service.retractArticle, { id, reason }, given),
      options,
    );
    return readAnswer(() => fromWireRetracted(answer));
  }

  /** Another community's article: its text is not shown here any more. */
  async hide(id: EntryId, { reason = '', ...options }: Why = {}): Promise<HiddenInfo> {
    const answer = await this.call(
      (channel, given) => channel.unary(service.hideArticle, { id, reason }, given),
      options,
    );
    return readAnswer(() => fromWireHidden(answer));
  }

  async unhide(id: EntryId, options: CallOptions = {}): Promise<HiddenInfo> {
    const answer = await this.call((channel, given) => channel.unary(service.unhideArticle, { id }, given), options);
    return readAnswer(() => fromWireHidden(answer));
  }

  /** What is not shown there: the newest 1,000, the oldest of them first. */
  async hidden(options: CallOptions = {}): Promise<readonly HiddenInfo[]> {
    const { hidden } = await this.call((channel, given) => channel.unary(service.listHidden, {}, given), options);
    return readAnswer(() => hidden.map(fromWireHidden));
  }

  /** Articles of new members that wait for approval, page after page, in the order in which they came. */
  held(options: CallOptions = {}): AsyncIterable<HeldInfo> {
    return pages(async (pageToken) => {
      const { held, nextPageToken } = await this.call(
        (channel, given) => channel.unary(service.listHeld, { pageToken }, given),
        options,
      );
      return { items: readAnswer(() => held.map(fromWireHeld)), nextPageToken };
    });
  }

  /** Publishes one of them. */
  async release(id: string, options: CallOptions = {}): Promise<Published> {
    const { published } = await this.call(
      (channel, given) => channel.unary(service.releaseArticle, { id }, given),
      options,
    );
    return readAnswer(() => fromWirePublished(required(published, 'published')));
  }

  /** It is not published; its author can read why. */
  async refuseArticle(id: string, { reason = '', ...options }: Why = {}): Promise<HeldInfo> {
    const { held } = await this.call(
      (channel, given) => channel.unary(service.refuseArticle, { id, reason }, given),
      options,
    );
    return readAnswer(() => fromWireHeld(required(held, 'held')));
  }

  /**
   * Makes an invitation.
   * @param options.uses how many may join with it; default 1. @param options.expiresInMs default a week.
   * @returns its code, which is shown once.
   */
  async invite(
    options: CallOptions & { readonly uses?: number | undefined; readonly expiresInMs?: number | undefined } = {},
  ): Promise<InviteInfo & { readonly code: string }> {
    const { uses = 0, expiresInMs = 0 } = options;
    const request = { uses, expiresInMs: BigInt(expiresInMs) };
    const { invite, code } = await this.call(
      (channel, given) => channel.unary(service.makeInvite, request, given),
      options,
    );
    return { ...readAnswer(() => fromWireInvite(required(invite, 'invite'))), code };
  }

  async invites(options: CallOptions = {}): Promise<readonly InviteInfo[]> {
    const { invites } = await this.call((channel, given) => channel.unary(service.listInvites, {}, given), options);
    return readAnswer(() => invites.map(fromWireInvite));
  }

  /** @param id of the invitation, or the start of it. */
  async revokeInvite(id: string, options: CallOptions = {}): Promise<InviteInfo> {
    const { invite } = await this.call((channel, given) => channel.unary(service.revokeInvite, { id }, given), options);
    return readAnswer(() => fromWireInvite(required(invite, 'invite')));
  }

  /** Who asked to join and waits. */
  async requests(options: CallOptions = {}): Promise<readonly RequestInfo[]> {
    const { requests } = await this.call((channel, given) => channel.unary(service.listRequests, {}, given), options);
    return readAnswer(() => requests.map(fromWireRequest));
  }

  /** @param who the name that was asked for, or the id of the request. */
  async admit(who: string, options: CallOptions = {}): Promise<MemberInfo> {
    const { member } = await this.call((channel, given) => channel.unary(service.admitMember, { who }, given), options);
    return readAnswer(() => fromWireMember(required(member, 'member')));
  }

  async refuse(who: string, { reason = '', ...options }: Why = {}): Promise<RequestInfo> {
    const { request } = await this.call(
      (channel, given) => channel.unary(service.refuseMember, { who, reason }, given),
      options,
    );
    return readAnswer(() => fromWireRequest(required(request, 'request')));
  }

  /** Ends a membership, at once. @param options.untilMs when the ban ends; default: when it is lifted. */
  async remove(
    who: string,
    options: Why & { readonly ban?: boolean | undefined; readonly untilMs?: number | undefined } = {},
  ): Promise<MemberInfo> {
    const { reason = '', ban = false, untilMs } = options;
    const request = { who, reason, ban, untilMs: untilMs === undefined ? undefined : BigInt(untilMs) };
    const { member } = await this.call(
      (channel, given) => channel.unary(service.removeMember, request, given),
      options,
    );
    return readAnswer(() => fromWireMember(required(member, 'member')));
  }

  async bans(options: CallOptions = {}): Promise<readonly BanInfo[]> {
    const { bans } = await this.call((channel, given) => channel.unary(service.listBans, {}, given), options);
    return readAnswer(() => bans.map(fromWireBan));
  }

  /** @param name that is banned, or the id of the member who had it. */
  async unban(name: string, options: CallOptions = {}): Promise<BanInfo> {
    const { ban } = await this.call((channel, given) => channel.unary(service.liftBan, { name }, given), options);
    return readAnswer(() => fromWireBan(required(ban, 'ban')));
  }

  /** The operator alone may. */
  async setRole(who: string, role: Role, options: CallOptions = {}): Promise<MemberInfo> {
    const { member } = await this.call(
      (channel, given) => channel.unary(service.setRole, { who, role }, given),
      options,
    );
    return readAnswer(() => fromWireMember(required(member, 'member')));
  }

  /** The members' tokens, page after page. */
  tokens(options: CallOptions = {}): AsyncIterable<TokenInfo> {
    return pages(async (pageToken) => {
      const { memberships, nextPageToken } = await this.call(
        (channel, given) => channel.unary(service.listTokens, { pageSize: 1000, pageToken }, given),
        options,
      );
      return { items: readAnswer(() => memberships.map(fromWireMembership)), nextPageToken };
    });
  }

  /** Ends a member's token. @returns a code with which they join again as who they are, within a week. */
  async revokeToken(
    who: string,
    options: CallOptions = {},
  ): Promise<{ readonly member: MemberInfo; readonly code: string }> {
    const { member, code } = await this.call(
      (channel, given) => channel.unary(service.revokeToken, { who }, given),
      options,
    );
    return { member: readAnswer(() => fromWireMember(required(member, 'member'))), code };
  }

  /** What was done, in order, page after page. */
  audit(options: CallOptions & { readonly sinceMs?: number | undefined } = {}): AsyncIterable<ActInfo> {
    const sinceMs = BigInt(options.sinceMs ?? 0);
    return pages(async (pageToken) => {
      const { acts, nextPageToken } = await this.call(
        (channel, given) => channel.unary(service.readAudit, { pageSize: 1000, pageToken, sinceMs }, given),
        options,
      );
      return { items: readAnswer(() => acts.map(fromWireAct)), nextPageToken };
    });
  }

  /** What is in force there. The operator alone may ask. */
  async settings(options: CallOptions = {}): Promise<ServerSettings> {
    const answer = await this.call((channel, given) => channel.unary(service.getSettings, {}, given), options);
    return readAnswer(() => fromWireSettings(answer));
  }

  /** Makes a call, once it is certain who is at the other end: a token is shown to nobody else. */
  private async call<T>(
    make: (channel: Channel, options: ReturnType<typeof toWireOptions>) => Promise<T>,
    options: CallOptions,
  ): Promise<T> {
    return make(await this.server.reach(options), toWireOptions(this.parts, options, this.token));
  }
}
