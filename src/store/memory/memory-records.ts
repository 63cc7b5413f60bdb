import { MootError } from '../../core/errors.js';
import type { Act, Ban, Change, Invite, JoinRequest, ModerationStore, NotedAct } from '../../core/moderation.js';
import { foldName } from '../../core/name.js';
import type { Member, MemberStore } from '../../core/stores.js';
import { inviteOver, nameTaken } from '../refusals.js';

/** Members, and who may become one, in lists. */
export class MemoryRecords {
  private readonly kept = new Map<string, Member>();
  private readonly given = new Set<string>();
  private readonly invites = new Map<string, Invite>();
  private readonly requests = new Map<string, JoinRequest>();
  private readonly bans = new Map<string, Ban>();
  private readonly acts: NotedAct[] = [];

  /** @param onRemoved is told of each who is a member no longer. */
  constructor(private readonly onRemoved: (memberId: string) => void) {}

  readonly members: MemberStore = {
    add: async (member) => {
      this.requireNew(member);
      this.add(member);
    },
    remove: async (id) => this.remove(id),
    all: async () => [...this.kept.values()],
    page: async (after, limit) =>
      [...this.kept.values()]
        .filter(({ id }) => id > after)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit)
        .map(({ id, name, joinedAtMs, role }) => ({ id, name, joinedAtMs, role })),
  };

  readonly moderation: ModerationStore = {
    change: async (changes, act) => {
      // What may be refused is looked at before anything is changed.
      for (const change of changes) {
        if (change.kind === 'add-member') this.requireNew(change.member);
        if (change.kind === 'use-invite') this.requireUsable(change.id, change.atMs);
      }
      for (const change of changes) this.carryOut(change);
      if (act) this.note(act);
    },
    invites: async () => [...this.invites.values()],
    requests: async () => [...this.requests.values()],
    bans: async () => [...this.bans.values()],
    acts: async (after, sinceMs, limit) =>
      this.acts.filter(({ number, atMs }) => number > after && atMs >= sinceMs).slice(0, limit),
  };

  private carryOut(change: Change): unknown {
    switch (change.kind) {
      case 'add-member':
        return this.add(change.member);
      case 'remove-member':
        return this.remove(change.id);
      case 'set-role':
        return edit(this.kept, change.id, (member) => ({ ...member, role: change.role }));
      case 'set-token':
        return edit(this.kept, change.id, (member) => {
          return { ...member, tokenHash: change.tokenHash, tokenAtMs: change.atMs, seenAtMs: undefined };
        });
      case 'see':
        return edit(this.kept, change.id, (member) => ({ ...member, seenAtMs: change.atMs }));
      case 'add-invite':
        return this.invites.set(change.invite.id, change.invite);
      case 'use-invite':
        return edit(this.invites, change.id, (invite) => ({ ...invite, used: invite.used + 1 }));
      case 'revoke-invite':
        return edit(this.invites, change.id, (invite) => ({ ...invite, revokedAtMs: change.atMs }));
      case 'put-request':
        return this.requests.set(change.request.id, change.request);
      case 'remove-request':
        return this.requests.delete(change.id);
      case 'put-ban':
        this.bans.delete(foldName(change.ban.name));
        return this.bans.set(foldName(change.ban.name), change.ban);
      case 'remove-ban':
        return this.bans.delete(foldName(change.name));
    }
  }

  private add(member: Member): void {
    this.kept.set(member.id, member);
    this.given.add(member.id);
  }

  private remove(id: string): boolean {
    this.onRemoved(id);
    return this.kept.delete(id);
  }

  private note(act: Act): void {
    this.acts.push({ ...act, number: this.acts.length + 1 });
  }

  private requireNew({ id, name }: Member): void {
    if (this.given.has(id)) throw new MootError('already_exists', 'that member id was given before', { field: 'id' });
    const folded = foldName(name);
    if ([...this.kept.values()].some((member) => foldName(member.name) === folded)) throw nameTaken(name);
  }

  private requireUsable(id: string, atMs: number): void {
    const invite = this.invites.get(id);
    const isUsable = invite && invite.used < invite.uses && !invite.revokedAtMs && invite.expiresAtMs > atMs;
    if (!isUsable) throw inviteOver();
  }
}

function edit<T>(all: Map<string, T>, id: string, change: (one: T) => T): void {
  const one = all.get(id);
  if (one !== undefined) all.set(id, change(one));
}
