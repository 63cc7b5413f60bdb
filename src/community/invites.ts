import { v7 as uuid } from 'uuid';
import type { Clock } from '../core/clock.js';
import { invalid, MootError } from '../core/errors.js';
import { type Invite, parseMeant } from '../core/moderation.js';
import { createCode, hashKey, tokenHash } from '../identity/tokens.js';

export interface InviteTerms {
  /** How many may join with it: 1 to 10,000. */
  readonly uses: number;
  /** A second to a year. */
  readonly expiresInMs: number;
  /** It gives this member a new token, and makes none. */
  readonly memberId?: string | undefined;
}

const mostUses = 10_000;
const yearMs = 366 * 86_400_000;
/** That can be used, at the same time. */
const mostInvites = 10_000;

/** The invitations of a community. They are counted here before the disk is asked, and there as well. */
export class Invites {
  private readonly byId = new Map<string, Invite>();
  private readonly byHash = new Map<string, string>();

  constructor(
    invites: readonly Invite[],
    private readonly clock: Clock,
  ) {
    for (const invite of invites) this.put(invite);
  }

  /** What another replica has made of them. */
  become(invites: readonly Invite[]): void {
    this.byId.clear();
    this.byHash.clear();
    for (const invite of invites) this.put(invite);
  }

  /** In the order in which they were made. */
  all(): readonly Invite[] {
    return [...this.byId.values()];
  }

  /** @returns one that is kept nowhere yet, and its code, which never is. @throws MootError `invalid` naming the field, `full`. */
  draft(
    madeBy: string,
    { uses, expiresInMs, memberId }: InviteTerms,
  ): { readonly invite: Invite; readonly code: string } {
    if (!(Number.isSafeInteger(uses) && uses >= 1 && uses <= mostUses))
      throw invalid('uses', `uses is ${uses}; it goes from 1 to ${mostUses}`);
    if (!(expiresInMs >= 1000 && expiresInMs <= yearMs))
      throw invalid('expires', 'an invitation holds for a second at least, and a year at most');
    if (this.all().filter((invite) => this.isUsable(invite)).length >= mostInvites)
      throw new MootError('full', `there are ${mostInvites} invitations already`, { hint: 'revoke some' });
    const code = createCode();
    const madeAtMs = this.clock.now();
    const invite = {
      id: uuid(),
      codeHash: tokenHash(code),
      madeBy,
      madeAtMs,
      expiresAtMs: madeAtMs + expiresInMs,
      uses,
      used: 0,
      memberId,
      revokedAtMs: undefined,
    };
    return { invite, code };
  }

  put(invite: Invite): void {
    this.byId.set(invite.id, invite);
    this.byHash.set(hashKey(invite.codeHash), invite.id);
  }

  /** By its id, or the start of it that only one has. @throws MootError `not_found`, `invalid`. */
  get(id: string): Invite {
    parseMeant('id', id);
    const meant = this.byId.get(id) ?? (id.length < 6 ? undefined : this.all().filter((one) => one.id.startsWith(id)));
    const [only, another] = Array.isArray(meant) ? (meant as readonly Invite[]) : [meant as Invite | undefined];
    if (another) throw invalid('id', `more than one invitation begins with ${id}`);
    if (!only)
      throw new MootError('not_found', `there is no invitation ${id} here`, {
        field: 'id',
        hint: 'moot invites SERVER',
      });
    return only;
  }

  /** Takes one use of it; `giveBack` when nothing came of that. @throws MootError `denied` naming `invite`, and why. */
  take(code: string): Invite {
    const invite = this.byId.get(this.byHash.get(hashKey(tokenHash(code.trim().toLowerCase()))) ?? '');
    if (!invite) throw refused('this invitation is none of this community’s', 'look at how it is spelled');
    const another = 'ask who invited you for another one';
    if (invite.revokedAtMs !== undefined) throw refused('this invitation was revoked', another);
    if (invite.expiresAtMs <= this.clock.now()) throw refused('this invitation is over', another);
    if (invite.used >= invite.uses) throw refused('this invitation is used up', another);
    this.byId.set(invite.id, { ...invite, used: invite.used + 1 });
    return invite;
  }

  giveBack({ id }: Invite): void {
    const invite = this.byId.get(id);
    if (invite) this.byId.set(id, { ...invite, used: invite.used - 1 });
  }

  private isUsable({ revokedAtMs, expiresAtMs, used, uses }: Invite): boolean {
    return revokedAtMs === undefined && expiresAtMs > this.clock.now() && used < uses;
  }
}

function refused(message: string, hint: string): MootError {
  return new MootError('denied', message, { field: 'invite', hint });
}
