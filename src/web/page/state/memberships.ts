import { effect, signal } from '@preact/signals';
import type { Membership } from '../../api.js';
import { readStored, writeStored } from './stored.js';

/** A membership as it is kept on this device, with the token that proves it. */
export interface Kept {
  readonly community: string;
  readonly communityName: string;
  readonly memberId: string;
  readonly name: string;
  readonly token: string;
  readonly waiting: boolean;
  readonly role: string;
}

const key = 'moot.memberships';

export const memberships = signal<readonly Kept[]>(readStored<readonly Kept[]>(key) ?? []);

/** Keeps them, and follows what another tab of this page does to them. */
export function startMemberships(): void {
  effect(() => {
    writeStored(key, memberships.value);
  });
  addEventListener('storage', (event) => {
    if (event.key === key) memberships.value = readStored<readonly Kept[]>(key) ?? [];
  });
}

export function membershipOf(community: string): Kept | undefined {
  return memberships.value.find((kept) => kept.community === community);
}

/** What opens a community to this reader; undefined for who is not, or not yet, a member. */
export function tokenOf(community: string): string | undefined {
  const kept = membershipOf(community);
  return kept?.waiting ? undefined : kept?.token;
}

/** Keeps a membership; the token that is known is kept where the news brings none. */
export function keep(membership: Membership): void {
  const token = membership.token ?? membershipOf(membership.community)?.token;
  if (token === undefined) return;
  memberships.value = [...others(membership.community), { ...membership, token }];
}

export function forget(community: string): void {
  memberships.value = others(community);
}

function others(community: string): readonly Kept[] {
  return memberships.value.filter((kept) => kept.community !== community);
}
