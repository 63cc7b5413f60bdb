import { v7 as uuid } from 'uuid';
import type { Clock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import { foldName, parseName } from '../core/name.js';
import type { Author, Member, MemberStore } from '../core/stores.js';
import { createToken, tokenHash } from '../identity/tokens.js';

export type Admission = 'open' | 'invite' | 'approval';

export interface MembershipRules {
  readonly admission: Admission;
  /** undefined: no limit. */
  readonly maxMembers: number | undefined;
}

/** Who belongs to a community, and by which token they are known. All members are held in memory, so a check is a look-up. */
export class Membership {
  private readonly byHash = new Map<string, Member>();
  private readonly byId = new Map<string, Member>();
  private readonly names = new Set<string>();
  private readonly leaving = new Set<(memberId: string) => void>();

  private constructor(
    private readonly store: MemberStore,
    private readonly rules: MembershipRules,
    private readonly clock: Clock,
  ) {}

  static async open(store: MemberStore, rules: MembershipRules, clock: Clock): Promise<Membership> {
    const membership = new Membership(store, rules, clock);
    for (const member of await store.all()) membership.remember(member);
    return membership;
  }

  get count(): number {
    return this.names.size;
  }

  /**
   * Makes a member. The token is returned once and kept nowhere: the community stores its SHA-256.
   * @throws MootError `invalid` or `already_exists` naming `name`, `full`, or `denied` where admission is not open.
   */
  async join(name: string): Promise<{ member: Member; token: string }> {
    parseName(name);
    if (this.rules.admission !== 'open') throw closedTo(this.rules.admission);
    const folded = foldName(name);
    if (this.names.has(folded)) throw inUse(name);
    const { maxMembers } = this.rules;
    if (maxMembers !== undefined && this.count >= maxMembers)
      throw new MootError('full', `this community has ${this.count} members, and takes no more than ${maxMembers}`);
    const token = createToken();
    const member = { id: uuid(), name, tokenHash: tokenHash(token), joinedAtMs: this.clock.now() };
    // The place is taken before the disk is asked, so that two who join at once do not share one.
    this.names.add(folded);
    try {
      await this.store.add(member);
    } catch (error) {
      this.names.delete(folded);
      throw error;
    }
    this.remember(member);
    return { member, token };
  }

  /** Ends a membership: its token is refused from this moment on, its open calls are ended, its id is never used again. @throws MootError `not_found`. */
  async leave(memberId: string): Promise<void> {
    const member = this.byId.get(memberId);
    if (!member) throw new MootError('not_found', 'that member has left already');
    this.byId.delete(memberId);
    this.byHash.delete(keyOf(member.tokenHash));
    for (const tell of this.leaving) tell(member.id);
    await this.store.remove(member.id, this.clock.now());
    this.names.delete(foldName(member.name));
  }

  /** The member whose token has this hash, if they still are one. */
  byTokenHash(hash: Uint8Array): Author | undefined {
    const member = this.byHash.get(keyOf(hash));
    return member && { memberId: member.id, memberName: member.name };
  }

  /** Calls `tell` with the id of each member who leaves, at once. */
  onLeave(tell: (memberId: string) => void): void {
    this.leaving.add(tell);
  }

  private remember(member: Member): void {
    this.byHash.set(keyOf(member.tokenHash), member);
    this.byId.set(member.id, member);
    this.names.add(foldName(member.name));
  }
}

function keyOf(hash: Uint8Array): string {
  return Buffer.from(hash).toString('base64');
}

function inUse(name: string): MootError {
  return new MootError('already_exists', `the name ${name} is in use here`, {
    field: 'name',
    hint: 'choose another name with --as',
  });
}

function closedTo(admission: 'invite' | 'approval'): MootError {
  const how = admission === 'invite' ? 'by invitation' : 'after its operator has approved them';
  return new MootError('denied', `this community admits members only ${how}`);
}
