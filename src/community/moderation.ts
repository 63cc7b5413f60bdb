import type { Clock } from '../core/clock.js';
import { invalid, MootError } from '../core/errors.js';
import {
  type Ban,
  type Invite,
  type JoinRequest,
  type ModerationStore,
  type Moderator,
  parseMeant,
  parseReason,
  type Role,
} from '../core/moderation.js';
import type { Member } from '../core/stores.js';
import type { Audit } from './audit.js';
import type { InviteTerms } from './invites.js';
import { type Membership, newMember } from './membership.js';

/** How a membership is ended by others. */
export interface Removal {
  readonly reason: string;
  /** Nobody may join under that name again. */
  readonly ban: boolean;
  /** When the ban ends; undefined: when it is lifted. */
  readonly untilMs: number | undefined;
}

/** Revoked tokens are made good again within a week. */
const comeBackMs = 7 * 86_400_000;

/** What its operator and its moderators do about who belongs to a community. Each act is noted together with what it changes. */
export class Moderation {
  constructor(
    private readonly membership: Membership,
    private readonly store: ModerationStore,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Makes an invitation. @returns its code, which is shown once. @throws MootError `invalid` naming the field, `full`. */
  async invite(by: Moderator, terms: InviteTerms): Promise<{ readonly invite: Invite; readonly code: string }> {
    const { invites } = this.membership;
    const made = invites.draft(by.memberName, terms);
    const { invite } = made;
    await this.store.change([{ kind: 'add-invite', invite }], this.audit.act(by, 'invite', { id: invite.id }));
    invites.put(invite);
    return made;
  }

  /** Nobody joins with it from now on. @throws MootError `not_found`. */
  async revokeInvite(by: Moderator, id: string): Promise<Invite> {
    const { invites } = this.membership;
    const atMs = this.clock.now();
    const found = invites.get(id);
    if (found.revokedAtMs !== undefined) return found;
    invites.put({ ...found, revokedAtMs: atMs });
    const act = this.audit.act(by, 'revoke-invite', { id: found.id });
    await this.store.change([{ kind: 'revoke-invite', id: found.id, atMs }], act);
    return invites.get(found.id);
  }

  /** Lets in who asked. @param who a name, or the id of the request. @throws MootError as `Membership.join`. */
  async admit(by: Moderator, who: string): Promise<Member> {
    const { requests, bans } = this.membership;
    const { id, name, tokenHash } = requests.get(who);
    bans.requireNone(name);
    const member = newMember(id, name, tokenHash, this.clock.now());
    const act = this.audit.act(by, 'admit', { id, name });
    await this.membership.add(member, (change) => this.store.change([{ kind: 'remove-request', id }, change], act));
    requests.remove(id);
    return member;
  }

  /** @param who a name, or the id of the request. @throws MootError `not_found`, `invalid`. */
  async refuse(by: Moderator, who: string, reason: string): Promise<JoinRequest> {
    const { requests } = this.membership;
    const request = { ...requests.get(who), refusedAtMs: this.clock.now(), reason: parseReason(reason) };
    const { id, name } = request;
    requests.put(request);
    await this.store.change([{ kind: 'put-request', request }], this.audit.act(by, 'refuse', { id, name, reason }));
    return request;
  }

  /** Ends a membership, its token and all that it has open. @throws MootError `not_found`, `denied`, `invalid`. */
  async remove(by: Moderator, who: string, { reason, ban, untilMs }: Removal): Promise<Member> {
    const { roll, bans } = this.membership;
    const member = this.find(by, who);
    const { id, name } = member;
    const atMs = this.clock.now();
    if (untilMs !== undefined && !ban) throw invalid('until', 'only a ban has an end', '--ban');
    if (untilMs !== undefined && untilMs <= atMs) throw invalid('until', 'until lies in the past');
    const act = this.audit.act(by, ban ? 'ban' : 'remove', { id, name, reason });
    const banned: Ban | undefined = ban
      ? { name, memberId: id, sinceMs: atMs, untilMs, reason, madeBy: by.memberName }
      : undefined;
    roll.end(member, reason === '' ? 'you were removed' : `you were removed: ${reason}`);
    if (banned) bans.put(banned);
    await this.store.change(
      [{ kind: 'remove-member', id, atMs }, ...(banned ? [{ kind: 'put-ban', ban: banned } as const] : [])],
      act,
    );
    roll.release(name);
    return member;
  }

  /** @param who a name, or the id of the member who had it. @throws MootError `not_found`. */
  async unban(by: Moderator, who: string): Promise<Ban> {
    const { bans } = this.membership;
    const ban = bans.get(who);
    const act = this.audit.act(by, 'unban', { id: ban.memberId, name: ban.name });
    await this.store.change([{ kind: 'remove-ban', name: ban.name }], act);
    bans.lift(ban.name);
    return ban;
  }

  /** @throws MootError `not_found`; `already_exists` for who is that already. */
  async setRole(by: Moderator, who: string, role: Role): Promise<Member> {
    const member = this.find(by, who);
    const { id, name } = member;
    if (member.role === role) throw new MootError('already_exists', `${name} is a ${role} already`, { field: 'who' });
    const act = this.audit.act(by, role === 'moderator' ? 'promote' : 'demote', { id, name });
    await this.store.change([{ kind: 'set-role', id, role }], act);
    return this.changed(member, { role });
  }

  /**
   * The member's token is refused from now on, and what they have open ends; they stay a member.
   * @returns a code that gives them a new one, within a week. @throws MootError `not_found`, `denied`.
   */
  async revokeToken(by: Moderator, who: string): Promise<{ readonly member: Member; readonly code: string }> {
    const { roll, invites } = this.membership;
    const member = this.find(by, who);
    const { id, name } = member;
    const atMs = this.clock.now();
    const { invite, code } = invites.draft(by.memberName, { uses: 1, expiresInMs: comeBackMs, memberId: id });
    const act = this.audit.act(by, 'revoke-token', { id, name });
    roll.endCalls(member, 'the token was revoked');
    const tokenHash = new Uint8Array(0);
    await this.store.change(
      [
        { kind: 'set-token', id, tokenHash, atMs },
        { kind: 'add-invite', invite },
      ],
      act,
    );
    invites.put(invite);
    return { member: this.changed(member, { tokenHash, tokenAtMs: atMs }), code };
  }

  /** A member that `by` may do something about. @throws MootError `not_found`; `denied` for one moderator about another. */
  private find(by: Moderator, who: string): Member {
    const member = this.membership.roll.find(parseMeant('who', who));
    if (!member)
      throw new MootError('not_found', `there is no member ${who} here`, { field: 'who', hint: 'moot members SERVER' });
    if (!by.isOperator && member.role === 'moderator' && member.id !== by.memberId)
      throw new MootError('denied', `${member.name} is a moderator; only the operator may do that`, { field: 'who' });
    return member;
  }

  /** Who left in the meantime stays away. */
  private changed({ id }: Member, change: Partial<Member>): Member {
    const { roll } = this.membership;
    const now = roll.find(id);
    if (!now) throw new MootError('not_found', 'that member has left already');
    const changed = { ...now, ...change };
    roll.put(changed);
    return changed;
  }
}
