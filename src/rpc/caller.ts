import type { OriginId } from '../core/ids.js';
import { type Moderator, operator } from '../core/moderation.js';
import type { Author } from '../core/stores.js';

/** Who calls, as the guard found out; nothing that a client sends is believed besides its token. */
export type Caller =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'member'; readonly member: Author }
  /** A member who looks after the community, in a call that is for those alone. */
  | { readonly kind: 'moderator'; readonly member: Author }
  | { readonly kind: 'operator' }
  | { readonly kind: 'server'; readonly id: OriginId };

/** Who it is, for the log: an id, or what else is known. */
export function idOf(caller: Caller): string {
  if (caller.kind === 'member' || caller.kind === 'moderator') return caller.member.memberId;
  return caller.kind === 'server' ? caller.id : caller.kind;
}

/** @throws TypeError when the guard's table lets others than members in: a bug. */
export function asMember(caller: Caller): Author {
  if (caller.kind !== 'member') throw new TypeError(`a ${caller.kind} reached a call for members`);
  return caller.member;
}

/** The member who reads; undefined for a reader who is none. @throws TypeError when the guard's table lets others in: a bug. */
export function asReader(caller: Caller): Author | undefined {
  return caller.kind === 'anyone' ? undefined : asMember(caller);
}

/** @throws TypeError when the guard's table lets others than servers in: a bug. */
export function asServer(caller: Caller): OriginId {
  if (caller.kind !== 'server') throw new TypeError(`a ${caller.kind} reached a call for servers`);
  return caller.id;
}

/** @throws TypeError when the guard's table lets others in than those who look after the community: a bug. */
export function asModerator(caller: Caller): Moderator {
  if (caller.kind === 'operator') return operator;
  if (caller.kind !== 'moderator') throw new TypeError(`a ${caller.kind} reached a call for moderators`);
  return { ...caller.member, isOperator: false };
}
