import { v7 as uuid } from 'uuid';
import type { Clock } from '../core/clock.js';
import { MootError } from '../core/errors.js';
import type { Change, Invite, Role } from '../core/moderation.js';
import { foldName, parseName } from '../core/name.js';
import type { Author, Member, Store } from '../core/stores.js';
import { createToken, tokenHash } from '../identity/tokens.js';
import { Bans } from './bans.js';
import { Invites } from './invites.js';
import { JoinRequests } from './join-requests.js';
import { type MemberPage, type MemberPageRequest, memberPage } from './member-page.js';
import { readWhole } from './replicas/read-whole.js';
import { Roll } from './roll.js';

export type Admission = 'open' | 'invite' | 'approval';

export interface MembershipRules {
  readonly admission: Admission;
  /** undefined: no limit. */
  readonly maxMembers: number | undefined;
}

/** What came of joining. The token is shown once. */
export interface Joined {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  /** They are no member yet: the token is good from when somebody lets them in. */
  readonly isWaiting: boolean;
}

/** A member by their token. */
export type KnownMember = Author & { readonly role: Role };

/** How it stands with somebody who holds a token. */
export interface Standing {
  readonly state: 'member' | 'waiting' | 'refused' | 'unknown';
  readonly reason: string;
}

/** When members were last seen is written as often as this, at most. */
const seenMs = 10 * 60_000;

/** Who belongs to a community, how one joins it, and by which token members are known. */
export class Membership {
  /** When each was last seen, and what of it is on the disk. */
  private readonly seen = new Map<string, { atMs: number; writtenMs: number }>();

  private constructor(
    private readonly store: Pick<Store, 'members' | 'moderation'>,
    private readonly rules: MembershipRules,
    private readonly clock: Clock,
    readonly roll: Roll,
    readonly invites: Invites,
    readonly requests: JoinRequests,
    readonly bans: Bans,
  ) {}

  static async open(
    store: Pick<Store, 'members' | 'moderation'>,
    rules: MembershipRules,
    clock: Clock,
  ): Promise<Membership> {
    const { members, moderation } = store;
    const roll = new Roll(await members.all());
    const invites = new Invites(await moderation.invites(), clock);
    const requests = new JoinRequests(await moderation.requests(), clock);
    const bans = new Bans(await moderation.bans(), clock);
    return new Membership(store, rules, clock, roll, invites, requests, bans);
  }

  get count(): number {
    return this.roll.count;
  }

  /** Becomes what other replicas have made of it in the store. @throws what the store throws. */
  async reload(kind: 'members' | 'moderation'): Promise<void> {
    const { members, moderation } = this.store;
    if (kind === 'members') {
      this.roll.becomes(await readWhole(this.roll, () => members.all()));
      return;
    }
    this.invites.become(await moderation.invites());
    this.requests.become(await moderation.requests());
    this.bans.become(await moderation.bans());
  }

  /**
   * Makes a member, or leaves a request where admission is by approval. Whoever has an invitation is let in at once.
   * @param code that of an invitation; '' for none.
   * @throws MootError `invalid` or `already_exists` naming `name`, `full`, `denied` naming `name` where that is banned, or
   * `invite` where there is none, or none that can be used.
   */
  async join(name: string, code = ''): Promise<Joined> {
    parseName(name);
    this.bans.requireNone(name);
    if (code === '') return this.rules.admission === 'open' ? this.enter(name) : this.ask(name);
    const invite = this.invites.take(code);
    try {
      return invite.memberId === undefined ? await this.enter(name, invite) : await this.comeBack(name, invite);
    } catch (error) {
      this.invites.giveBack(invite);
      throw error;
    }
  }

  /** @throws MootError `full`. */
  requireRoom(): void {
    const { maxMembers } = this.rules;
    if (maxMembers !== undefined && this.count >= maxMembers)
      throw new MootError('full', `this community has ${this.count} members, and takes no more than ${maxMembers}`);
  }

  /** Adds a member together with what else changes; `write` makes all of it durable. @throws MootError, and what `write` throws. */
  async add(member: Member, write: (change: Change) => Promise<void>): Promise<void> {
    this.requireRoom();
    this.roll.reserve(member.name);
    try {
      await write({ kind: 'add-member', member });
    } catch (error) {
      this.roll.release(member.name);
      throw error;
    }
    this.roll.put(member);
  }

  /** Ends a membership: its token is refused from this moment on, its open calls are ended, its id is never used again. @throws MootError `not_found`. */
  async leave(memberId: string): Promise<void> {
    const member = this.roll.find(memberId);
    if (!member) throw new MootError('not_found', 'that member has left already');
    this.roll.end(member, 'the membership has ended');
    this.seen.delete(member.id);
    await this.store.members.remove(member.id, this.clock.now());
    this.roll.release(member.name);
  }

  /** A new token in place of the one that is used now, which is refused from this moment on. @throws MootError `not_found`. */
  async renewToken(memberId: string): Promise<string> {
    const member = this.roll.find(memberId);
    if (!member) throw new MootError('not_found', 'that member has left already');
    return this.giveToken(member, []);
  }

  /** Who is a member now, page by page. @throws MootError `invalid` naming the field. */
  page(request: MemberPageRequest): Promise<MemberPage> {
    return memberPage(this.store.members, request);
  }

  /** The member whose token has this hash, if they still are one; they are seen now. */
  byTokenHash(hash: Uint8Array): KnownMember | undefined {
    const member = this.roll.ofToken(hash);
    if (!member) return undefined;
    this.see(member);
    return { memberId: member.id, memberName: member.name, role: member.role };
  }

  /** How it stands with whoever has the token of this hash. */
  standingOf(hash: Uint8Array): Standing {
    if (this.roll.ofToken(hash)) return { state: 'member', reason: '' };
    const request = this.requests.ofToken(hash);
    if (!request) return { state: 'unknown', reason: '' };
    return { state: request.refusedAtMs === undefined ? 'waiting' : 'refused', reason: request.reason };
  }

  /** Takes back a request, whose token it is; one that nobody knows is taken back already. */
  async withdraw(hash: Uint8Array): Promise<void> {
    const request = this.requests.ofToken(hash);
    if (!request) return;
    this.requests.remove(request.id);
    await this.store.moderation.change([{ kind: 'remove-request', id: request.id }]);
  }

  /** When a member was last seen. */
  seenAtMs({ id, seenAtMs }: Member): number | undefined {
    return this.seen.get(id)?.atMs ?? seenAtMs;
  }

  private see({ id, seenAtMs = 0 }: Member): void {
    const atMs = this.clock.now();
    const seen = this.seen.get(id) ?? { atMs, writtenMs: seenAtMs };
    this.seen.set(id, seen);
    seen.atMs = atMs;
    if (Math.abs(atMs - seen.writtenMs) < seenMs) return;
    seen.writtenMs = atMs;
    // It is worth no error of the call that they make: the next one tries again, in ten minutes.
    this.store.moderation.change([{ kind: 'see', id, atMs }]).catch(() => undefined);
  }

  private async enter(name: string, invite?: Invite): Promise<Joined> {
    const token = createToken();
    const member = newMember(uuid(), name, tokenHash(token), this.clock.now());
    await this.add(member, (change) => {
      if (!invite) return this.store.members.add(member);
      const used = { kind: 'use-invite', id: invite.id, atMs: member.joinedAtMs } as const;
      return this.store.moderation.change([used, change]);
    });
    return { id: member.id, name, token, isWaiting: false };
  }

  private async ask(name: string): Promise<Joined> {
    if (this.rules.admission === 'invite')
      throw new MootError('denied', 'this community admits members only by invitation', {
        field: 'invite',
        hint: 'ask a member for an invitation, and give it with --invite',
      });
    // Somebody who is let in later needs both, but it is better said now.
    this.roll.reserve(name);
    this.roll.release(name);
    this.requireRoom();
    const over = this.requests.over();
    for (const { id } of over) this.requests.remove(id);
    const token = createToken();
    const request = this.requests.draft(name, tokenHash(token));
    const forgotten = over.map(({ id }) => ({ kind: 'remove-request', id }) as const);
    await this.store.moderation.change([...forgotten, { kind: 'put-request', request }]);
    this.requests.put(request);
    return { id: request.id, name, token, isWaiting: true };
  }

  /** A member whose token was revoked, with the code that they were given for it. */
  private async comeBack(name: string, invite: Invite): Promise<Joined> {
    const member = this.roll.find(invite.memberId ?? '');
    if (!member) throw new MootError('denied', 'this invitation is for a member who has left', { field: 'invite' });
    if (foldName(member.name) !== foldName(name))
      throw new MootError('denied', `this invitation is for ${member.name}`, {
        field: 'name',
        hint: `--as ${member.name}`,
      });
    const used = { kind: 'use-invite', id: invite.id, atMs: this.clock.now() } as const;
    return { id: member.id, name: member.name, token: await this.giveToken(member, [used]), isWaiting: false };
  }

  private async giveToken(member: Member, changes: readonly Change[]): Promise<string> {
    const token = createToken();
    const [id, hash, atMs] = [member.id, tokenHash(token), this.clock.now()] as const;
    await this.store.moderation.change([...changes, { kind: 'set-token', id, tokenHash: hash, atMs }]);
    const now = this.roll.find(id);
    if (!now) throw new MootError('not_found', 'that member has left already');
    // Word of it may have come here by way of the store.
    if (Buffer.compare(now.tokenHash, hash) !== 0) this.roll.endCalls(now, 'the token was replaced');
    this.seen.delete(id);
    this.roll.put({ ...now, tokenHash: hash, tokenAtMs: atMs, seenAtMs: undefined });
    return token;
  }
}

/** A member as they begin. */
export function newMember(id: string, name: string, hash: Uint8Array, atMs: number): Member {
  return { id, name, tokenHash: hash, joinedAtMs: atMs, role: 'member', tokenAtMs: atMs, seenAtMs: undefined };
}
