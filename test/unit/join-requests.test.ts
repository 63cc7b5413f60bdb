import { describe, expect, it } from '@jest/globals';
import { JoinRequests } from '../../src/community/join-requests.js';
import { Membership } from '../../src/community/membership.js';
import { createIdentity } from '../../src/identity/keys.js';
import { tokenHash } from '../../src/identity/tokens.js';
import { openStore } from '../../src/store/open-store.js';
import { StepClock } from '../support/step-clock.js';

const day = 86_400_000;
const hash = (at: number) => tokenHash(`token ${at}`);

describe('requests to join', () => {
  it('are bounded, whoever asks, and those that were refused do not stand in the way', () => {
    const clock = new StepClock();
    const requests = new JoinRequests([], clock);
    for (let at = 0; at < 1000; at += 1) requests.put(requests.draft('Ada', hash(at)));
    expect(() => requests.draft('Ada', hash(1000))).toThrow(expect.objectContaining({ code: 'full' }));
    for (const request of requests.waiting()) requests.put({ ...request, refusedAtMs: clock.now(), reason: 'no' });
    expect(requests.waiting()).toEqual([]);
    expect(requests.ofToken(hash(5))).toMatchObject({ reason: 'no' });
    requests.put(requests.draft('Ada', hash(1000)));
    const [next] = requests.waiting();
    if (next) requests.put({ ...next, refusedAtMs: clock.now() });
    expect(requests.over().map(({ tokenHash: of }) => of)).toEqual([hash(0)]);
  });

  it('tell who was refused for 30 days, and are then forgotten, on the disk too', async () => {
    const clock = new StepClock();
    const store = await openStore('memory:', { identity: createIdentity(), clock });
    const membership = await Membership.open(store, { admission: 'approval', maxMembers: undefined }, clock);
    const { id, token } = await membership.join('Ada');
    const refused = { ...membership.requests.get('ada'), refusedAtMs: clock.now(), reason: 'no' };
    membership.requests.put(refused);
    await store.moderation.change([{ kind: 'put-request', request: refused }]);
    await membership.join('Bob');
    expect(membership.standingOf(tokenHash(token))).toEqual({ state: 'refused', reason: 'no' });
    await clock.advance(31 * day);
    await membership.join('Eve');
    expect(membership.standingOf(tokenHash(token)).state).toBe('unknown');
    expect((await store.moderation.requests()).map((one) => one.id)).not.toContain(id);
  });
});

describe('invitations and bans', () => {
  it('end when they say so, by the clock of the community', async () => {
    const clock = new StepClock();
    const store = await openStore('memory:', { identity: createIdentity(), clock });
    const membership = await Membership.open(store, { admission: 'invite', maxMembers: undefined }, clock);
    const { invites, bans } = membership;
    const made = invites.draft('operator', { uses: 2, expiresInMs: 5000 });
    await store.moderation.change([{ kind: 'add-invite', invite: made.invite }]);
    invites.put(made.invite);
    await clock.advance(4999);
    await membership.join('Ada', made.code);
    bans.put({ name: 'Bob', memberId: '', sinceMs: 0, untilMs: clock.now() + 1, reason: '', madeBy: 'operator' });
    await expect(membership.join('bob', made.code)).rejects.toMatchObject({ code: 'denied', field: 'name' });
    await clock.advance(1);
    bans.requireNone('bob');
    expect(bans.all()).toEqual([]);
    await expect(membership.join('bob', made.code)).rejects.toMatchObject({ message: 'this invitation is over' });
    expect(invites.get(made.invite.id).used).toBe(1);
  });

  it('are there again when the community is opened again, with what was used', async () => {
    const clock = new StepClock();
    const store = await openStore('memory:', { identity: createIdentity(), clock });
    const rules = { admission: 'invite', maxMembers: 2 } as const;
    const first = await Membership.open(store, rules, clock);
    const { invite, code } = first.invites.draft('operator', { uses: 5, expiresInMs: 5000 });
    await store.moderation.change([{ kind: 'add-invite', invite }]);
    first.invites.put(invite);
    const { token } = await first.join('Ada', code);
    const second = await Membership.open(store, rules, clock);
    expect(second.byTokenHash(tokenHash(token))).toMatchObject({ memberName: 'Ada', role: 'member' });
    await second.join('Bob', code);
    await expect(second.join('Eve', code)).rejects.toMatchObject({ code: 'full' });
    expect(second.invites.get(invite.id).used).toBe(2);
    expect((await store.moderation.invites())[0]?.used).toBe(2);
  });
});
