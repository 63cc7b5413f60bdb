import { LRUCache } from 'lru-cache';
import { MootError } from '../core/errors.js';
import { foldName } from '../core/name.js';
import type { Member } from '../core/stores.js';
import { hashKey } from '../identity/tokens.js';

/** Tokens that ended, whose holders are told why. */
const mostEnded = 10_000;

/** Who belongs to a community now, in memory, so that a check is a look-up. What is on the disk is its caller's business. */
export class Roll {
  private readonly byId = new Map<string, Member>();
  private readonly byHash = new Map<string, Member>();
  /** Of members and of those who are about to be one; '' while there is no id. */
  private readonly names = new Map<string, string>();
  /** By the hash of a token. */
  private readonly ended = new LRUCache<string, string>({ max: mostEnded });
  private readonly ending = new Set<(memberId: string, reason: string) => void>();

  private changes = 0;

  constructor(members: readonly Member[]) {
    for (const member of members) this.put(member);
  }

  get count(): number {
    return this.names.size;
  }

  /** Rises with each change. */
  get version(): number {
    return this.changes;
  }

  /** Becomes what another replica has made of it; a token that has ended here does not come back. */
  becomes(members: readonly Member[]): void {
    const now = new Map(members.map((member) => [member.id, member]));
    for (const member of this.all()) {
      if (now.has(member.id)) continue;
      this.end(member, 'the membership has ended');
      this.release(member.name);
    }
    for (const member of members) {
      const before = this.byId.get(member.id);
      if (member.tokenHash.length > 0 && this.whyEnded(member.tokenHash) !== undefined) continue;
      const isSame = before && Buffer.compare(before.tokenHash, member.tokenHash) === 0;
      if (before && !isSame) this.endCalls(before, 'the token was replaced or revoked');
      if (!isSame || before?.role !== member.role) this.put(member);
    }
  }

  /** In the order in which they joined. */
  all(): readonly Member[] {
    return [...this.byId.values()];
  }

  /** By id, or by name in any case. */
  find(who: string): Member | undefined {
    return this.byId.get(who) ?? this.byId.get(this.names.get(foldName(who)) ?? '');
  }

  ofToken(hash: Uint8Array): Member | undefined {
    return this.byHash.get(hashKey(hash));
  }

  /** Takes a name before the disk is asked, so that two who join at once do not share one. @throws MootError `already_exists`. */
  reserve(name: string): void {
    if (this.names.has(foldName(name)))
      throw new MootError('already_exists', `the name ${name} is in use here`, {
        field: 'name',
        hint: 'choose another name with --as',
      });
    this.names.set(foldName(name), '');
  }

  release(name: string): void {
    this.names.delete(foldName(name));
  }

  /** A new member, or one of whom something has changed. */
  put(member: Member): void {
    this.changes += 1;
    const before = this.byId.get(member.id);
    if (before) this.byHash.delete(hashKey(before.tokenHash));
    this.byId.set(member.id, member);
    if (member.tokenHash.length > 0) this.byHash.set(hashKey(member.tokenHash), member);
    this.names.set(foldName(member.name), member.id);
  }

  /** From now on the member's token is none, and what they have open is ended; the name is theirs until `release`. */
  end(member: Member, reason: string): void {
    this.byId.delete(member.id);
    this.endCalls(member, reason);
  }

  /** The same, but they are still a member, and may be given another token. */
  endCalls(member: Member, reason: string): void {
    this.changes += 1;
    this.byHash.delete(hashKey(member.tokenHash));
    this.ended.set(hashKey(member.tokenHash), reason);
    for (const tell of this.ending) tell(member.id, reason);
  }

  /** Why a token is none any longer, as far as that is remembered: it is not over a restart. */
  whyEnded(hash: Uint8Array): string | undefined {
    return this.ended.get(hashKey(hash));
  }

  /** Calls `tell` with the id of each member whose token ends, at once, and with why. */
  onEnd(tell: (memberId: string, reason: string) => void): void {
    this.ending.add(tell);
  }
}
