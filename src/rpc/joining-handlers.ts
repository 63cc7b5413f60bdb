import type { Community } from '../community/community.js';
import { MootError } from '../core/errors.js';
import { tokenHash } from '../identity/tokens.js';
import { toWireMembership } from '../wire/convert-moderation.js';
import type { CommunityServiceServer } from '../wire/gen/moot/v1/community.js';
import { asMember } from './caller.js';
import type { Handlers } from './handler.js';

type Joining = Pick<
  CommunityServiceServer,
  'join' | 'leave' | 'joinStatus' | 'withdraw' | 'showMembership' | 'renewToken'
>;

/** The part of CommunityService that is about being a member. */
export function joiningHandlers(community: Community, on: Handlers): Joining {
  const { membership, audience } = community;
  return {
    join: on.unary(async ({ name: wanted, invite }) => {
      const { id: memberId, name, token, isWaiting: waiting } = await membership.join(wanted, invite);
      const who = { memberId, memberName: name };
      if (waiting) audience.asked(who);
      else audience.joined(who);
      const { id: communityId, name: communityName } = community;
      return { memberId, name, token, communityId, communityName, waiting };
    }),
    leave: on.unary(async (_, { caller }) => {
      const member = asMember(caller);
      const { memberId, memberName: name } = member;
      await membership.leave(memberId);
      audience.left(member);
      return { memberId, name };
    }),
    joinStatus: on.unary(async ({ token }) => membership.standingOf(tokenHash(token))),
    withdraw: on.unary(async ({ token }) => {
      await membership.withdraw(tokenHash(token));
      return {};
    }),
    showMembership: on.unary(async (_, { caller }) => {
      const member = membership.roll.find(asMember(caller).memberId);
      if (!member) throw new MootError('not_found', 'that member has left already');
      return { membership: toWireMembership(member, membership.seenAtMs(member)) };
    }),
    renewToken: on.unary(async (_, { caller }) => ({ token: await membership.renewToken(asMember(caller).memberId) })),
  };
}
