import { invalid } from './errors.js';
import type { EntryId, OriginId } from './ids.js';
import { limits } from './limits.js';
import type { Author, Member } from './stores.js';
import { codePoints, requireText } from './text.js';

/** What a member may do besides what all may: a moderator looks after who is here, and what is shown. */
export type Role = 'member' | 'moderator';

/** Who looks after a community. The operator is no member: their id is '' and their name `operator`. */
export interface Moderator extends Author {
  readonly isOperator: boolean;
}

export const operator: Moderator = { memberId: '', memberName: 'operator', isOperator: true };

/** Why something is done: one line, or nothing. @throws MootError `invalid`. */
export function parseReason(reason: string): string {
  requireText('reason', reason, 'one line');
  const length = codePoints(reason);
  if (length > limits.titleCodePoints)
    throw invalid('reason', `reason has ${length} characters; the limit is ${limits.titleCodePoints}`);
  return reason;
}

/** Whoever or whatever is meant, by name or id: short enough to be said again in a refusal. @throws MootError `invalid`. */
export function parseMeant(field: string, meant: string): string {
  requireText(field, meant, 'one line');
  const length = codePoints(meant);
  if (length > limits.nameCharacters)
    throw invalid(field, `${field} has ${length} characters; the limit is ${limits.nameCharacters}`);
  return meant;
}

/** A code with which somebody may join. The code is shown once; kept is its hash. */
export interface Invite {
  readonly id: string;
  /** SHA-256 of the code. */
  readonly codeHash: Uint8Array;
  readonly madeBy: string;
  readonly madeAtMs: number;
  readonly expiresAtMs: number;
  /** How many may join with it. */
  readonly uses: number;
  readonly used: number;
  /** It gives this member a new token, and makes none; undefined for all others. */
  readonly memberId: string | undefined;
  readonly revokedAtMs: number | undefined;
}

/** Somebody who asked to join, and waits or was refused. */
export interface JoinRequest {
  /** Becomes that of the member. */
  readonly id: string;
  readonly name: string;
  readonly tokenHash: Uint8Array;
  readonly askedAtMs: number;
  /** undefined: it waits. */
  readonly refusedAtMs: number | undefined;
  /** Why it was refused. */
  readonly reason: string;
}

/** A name under which nobody can join. */
export interface Ban {
  readonly name: string;
  /** Who had it. */
  readonly memberId: string;
  readonly sinceMs: number;
  /** undefined: until it is lifted. */
  readonly untilMs: number | undefined;
  readonly reason: string;
  readonly madeBy: string;
}

export type ActKind =
  | 'invite'
  | 'revoke-invite'
  | 'admit'
  | 'refuse'
  | 'remove'
  | 'ban'
  | 'unban'
  | 'promote'
  | 'demote'
  | 'revoke-token'
  | 'retract'
  | 'hide'
  | 'approve'
  | 'silence'
  | 'deny'
  | 'unhide'
  | 'release'
  | 'refuse-article'
  | 'connect'
  | 'disconnect';

/** What somebody did who looks after the community. It never holds a token or a code. */
export interface Act {
  readonly atMs: number;
  readonly by: Author;
  readonly kind: ActKind;
  /** The id of the member, article, invitation, request or community that it is about. */
  readonly about: string;
  /** Its name; '' where it has none. */
  readonly aboutName: string;
  readonly reason: string;
}

/** An act as it was noted: numbers rise, and nothing that was noted changes. */
export interface NotedAct extends Act {
  readonly number: number;
}

/** One change to who belongs to a community, or may. */
export type Change =
  | { readonly kind: 'add-member'; readonly member: Member }
  | { readonly kind: 'remove-member'; readonly id: string; readonly atMs: number }
  | { readonly kind: 'set-role'; readonly id: string; readonly role: Role }
  /** An empty hash is no token. */
  | { readonly kind: 'set-token'; readonly id: string; readonly tokenHash: Uint8Array; readonly atMs: number }
  /** The member was last seen then. */
  | { readonly kind: 'see'; readonly id: string; readonly atMs: number }
  | { readonly kind: 'add-invite'; readonly invite: Invite }
  | { readonly kind: 'use-invite'; readonly id: string; readonly atMs: number }
  | { readonly kind: 'revoke-invite'; readonly id: string; readonly atMs: number }
  | { readonly kind: 'put-request'; readonly request: JoinRequest }
  | { readonly kind: 'remove-request'; readonly id: string }
  | { readonly kind: 'put-ban'; readonly ban: Ban }
  | { readonly kind: 'remove-ban'; readonly name: string };

/** Invitations, requests, bans, and the log of what was done. Passes test/support/moderation-contract.ts. */
export interface ModerationStore {
  /**
   * Carries out all changes, and notes the act, in one durable transaction.
   * @throws MootError `already_exists` as `MemberStore.add`, `denied` naming `invite` for one that is used up, over or
   * revoked; nothing is then kept.
   */
  change(changes: readonly Change[], act?: Act): Promise<void>;
  /** In the order in which they were made. */
  invites(): Promise<readonly Invite[]>;
  requests(): Promise<readonly JoinRequest[]>;
  bans(): Promise<readonly Ban[]>;
  /** What was done after act number `after`, and not before `sinceMs`; in order, at most `limit`. */
  acts(after: number, sinceMs: number, limit: number): Promise<readonly NotedAct[]>;
}

/** What hides an article of another community. */
export interface Hiding {
  readonly id: EntryId;
  readonly by: string;
  readonly reason: string;
  readonly atMs: number;
}

/** An article of another community whose text is not shown here. */
export interface HiddenArticle extends Hiding {
  readonly origin: OriginId;
  readonly epoch: number;
  readonly seq: number;
}
