import type { Community } from '../community/community.js';
import { invalid } from '../core/errors.js';
import type { Role } from '../core/moderation.js';
import type { ServerSettings } from '../core/server-settings.js';
import { toDateMs, toNumber } from '../wire/check.js';
import { toWirePublished, toWireRetracted } from '../wire/convert-draft.js';
import { toWireHeld } from '../wire/convert-held.js';
import { toWireMember } from '../wire/convert-member.js';
import {
  toWireAct,
  toWireBan,
  toWireHidden,
  toWireInvite,
  toWireMembership,
  toWireRequest,
} from '../wire/convert-moderation.js';
import { toWireSettings } from '../wire/convert-settings.js';
import { type ModerationServiceServer, ModerationServiceService } from '../wire/gen/moot/v1/moderation.js';
import { asModerator } from './caller.js';
import type { Handlers } from './handler.js';
import { type Service, service } from './requests.js';

const weekMs = 7 * 86_400_000;
/** What one answer lists of what has no pages; an entry takes 700 bytes at most. */
const mostListed = 1000;

/** ModerationService over a community; the guard lets in who looks after it. */
export function moderationService(community: Community, settings: ServerSettings, on: Handlers): Service {
  const { moderation, membership, publishing, hidden, held, audit, audience } = community;
  const implementation: ModerationServiceServer = {
    retractArticle: on.unary(async (request, { caller }) => {
      const by = asModerator(caller);
      const retracted = await publishing.retract(by, request, 'any');
      if (!retracted.duplicate) await audit.note(by, 'retract', request);
      return toWireRetracted(retracted);
    }),
    hideArticle: on.unary(async (request, { caller }) => toWireHidden(await hidden.hide(asModerator(caller), request))),
    unhideArticle: on.unary(async ({ id }, { caller }) => toWireHidden(await hidden.unhide(asModerator(caller), id))),
    listHidden: on.unary(async () => ({ hidden: (await hidden.all()).slice(-mostListed).map(toWireHidden) })),
    listHeld: on.unary(async ({ pageToken }) => {
      const { articles, nextPageToken } = await held.page(pageToken);
      return { held: articles.map(toWireHeld), nextPageToken };
    }),
    releaseArticle: on.unary(async ({ id }, { caller }) => ({
      published: toWirePublished(await held.release(asModerator(caller), id)),
    })),
    refuseArticle: on.unary(async ({ id, reason }, { caller }) => ({
      held: toWireHeld(await held.refuse(asModerator(caller), id, reason)),
    })),
    makeInvite: on.unary(async ({ uses, expiresInMs }, { caller }) => {
      const expires = toNumber(expiresInMs, 'expires');
      const terms = { uses: uses === 0 ? 1 : uses, expiresInMs: expires === 0 ? weekMs : expires };
      const { invite, code } = await moderation.invite(asModerator(caller), terms);
      return { invite: toWireInvite(invite), code };
    }),
    listInvites: on.unary(async () => ({ invites: membership.invites.all().slice(-mostListed).map(toWireInvite) })),
    revokeInvite: on.unary(async ({ id }, { caller }) => ({
      invite: toWireInvite(await moderation.revokeInvite(asModerator(caller), id)),
    })),
    listRequests: on.unary(async () => ({ requests: membership.requests.waiting().map(toWireRequest) })),
    admitMember: on.unary(async ({ who }, { caller }) => {
      const member = await moderation.admit(asModerator(caller), who);
      audience.joined({ memberId: member.id, memberName: member.name });
      return { member: toWireMember(member) };
    }),
    refuseMember: on.unary(async ({ who, reason }, { caller }) => ({
      request: toWireRequest(await moderation.refuse(asModerator(caller), who, reason)),
    })),
    removeMember: on.unary(async ({ who, reason, ban, untilMs: until }, { caller }) => {
      const untilMs = until === undefined ? undefined : toDateMs(until, 'until');
      const member = await moderation.remove(asModerator(caller), who, { reason, ban, untilMs });
      audience.removed({ memberId: member.id, memberName: member.name });
      return { member: toWireMember(member) };
    }),
    listBans: on.unary(async () => ({ bans: membership.bans.all().slice(-mostListed).map(toWireBan) })),
    liftBan: on.unary(async ({ name }, { caller }) => ({
      ban: toWireBan(await moderation.unban(asModerator(caller), name)),
    })),
    setRole: on.unary(async ({ who, role }, { caller }) => ({
      member: toWireMember(await moderation.setRole(asModerator(caller), who, parseRole(role))),
    })),
    listTokens: on.unary(async (request) => {
      const { members, nextPageToken } = await membership.page(request);
      const found = members.flatMap(({ id }) => membership.roll.find(id) ?? []);
      return { memberships: found.map((one) => toWireMembership(one, membership.seenAtMs(one))), nextPageToken };
    }),
    revokeToken: on.unary(async ({ who }, { caller }) => {
      const { member, code } = await moderation.revokeToken(asModerator(caller), who);
      return { member: toWireMember(member), code };
    }),
    readAudit: on.unary(async ({ pageSize, pageToken, sinceMs: since }) => {
      const { acts, nextPageToken } = await audit.page({ pageSize, pageToken, sinceMs: toDateMs(since, 'since') });
      return { acts: acts.map(toWireAct), nextPageToken };
    }),
    getSettings: on.unary(async () => toWireSettings(settings)),
  };
  return service(ModerationServiceService, implementation);
}

function parseRole(role: string): Role {
  if (role === 'member' || role === 'moderator') return role;
  throw invalid('role', 'role is none; there are member and moderator');
}
