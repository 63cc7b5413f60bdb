import type { OriginId } from '../core/ids.js';
import type { Author } from '../core/stores.js';

/** Who calls, as the guard found out; nothing that a client sends is believed besides its token. */
export type Caller =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'member'; readonly member: Author }
  | { readonly kind: 'operator' }
  | { readonly kind: 'server'; readonly id: OriginId };

/** @throws TypeError when the guard's table lets others than members in: a bug. */
export function asMember(caller: Caller): Author {
  if (caller.kind !== 'member') throw new TypeError(`a ${caller.kind} reached a call for members`);
  return caller.member;
}

/** @throws TypeError when the guard's table lets others than servers in: a bug. */
export function asServer(caller: Caller): OriginId {
  if (caller.kind !== 'server') throw new TypeError(`a ${caller.kind} reached a call for servers`);
  return caller.id;
}
