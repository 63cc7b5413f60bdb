import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { suits } from '../../src/app/replicating.js';
import { Membership } from '../../src/community/membership.js';
import { Fresh } from '../../src/community/replicas/fresh.js';
import { OperatorHashes } from '../../src/community/replicas/operator-hashes.js';
import { Replicas } from '../../src/community/replicas/replicas.js';
import { inTurn } from '../../src/community/replicas/turns.js';
import { RisingCounter } from '../../src/community/rising-counter.js';
import { systemClock } from '../../src/core/clock.js';
import { defaultLimits } from '../../src/core/server-limits.js';
import { createIdentity } from '../../src/identity/keys.js';
import { tokenHash } from '../../src/identity/tokens.js';
import { Rates } from '../../src/rpc/rates.js';
import { LocalLeases } from '../../src/store/local-leases.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { settingsInMemory } from '../support/settings.js';
import { StepClock } from '../support/step-clock.js';

function three(clock: StepClock): readonly Replicas[] {
  const leases = new LocalLeases(clock);
  return ['a', 'b', 'c'].map((self) => new Replicas({ self, leases, clock, suits }));
}

function start(replica: Replicas): Promise<void> {
  return replica.start(() => `localhost:${replica.self.charCodeAt(0)}`);
}

describe('the replicas of a community', () => {
  it('N10 know of each other within a second, and of one that left as soon', async () => {
    const clock = new StepClock();
    const [a, b, c] = three(clock) as [Replicas, Replicas, Replicas];
    for (const one of [a, b, c]) await start(one);
    await clock.advance(1000);
    for (const one of [a, b, c]) expect(one.addresses()).toEqual(['localhost:97', 'localhost:98', 'localhost:99']);
    let changes = 0;
    a.onChange(() => {
      changes += 1;
    });
    await c.stop();
    await clock.advance(1000);
    expect(a.addresses()).toEqual(['localhost:97', 'localhost:98']);
    expect(b.othersAddresses()).toEqual(['localhost:97']);
    expect(changes).toBe(1);
  });

  it('N10 one that is killed is gone within two and a half seconds', async () => {
    const clock = new StepClock();
    const leases = new LocalLeases(clock);
    await leases.hold('replica/dead', 'localhost:1', 2000);
    const alive = new Replicas({ self: 'alive', leases, clock, suits });
    await alive.start(() => 'localhost:2');
    expect(alive.addresses()).toEqual(['localhost:2', 'localhost:1']);
    await clock.advance(2500);
    expect(alive.addresses()).toEqual(['localhost:2']);
    expect(alive.isAlone).toBe(true);
  });

  it('N10 each link is looked after by one of them, and only those of one that left move', async () => {
    const clock = new StepClock();
    const all = three(clock) as [Replicas, Replicas, Replicas];
    for (const one of all) await start(one);
    await clock.advance(1000);
    const peers = Array.from({ length: 300 }, (_, at) => `peer${at}`);
    const who = (live: readonly Replicas[]) =>
      new Map(peers.map((peer) => [peer, live.filter((one) => one.looksAfter(peer)).map(({ self }) => self)]));
    const before = who(all);
    for (const holders of before.values()) expect(holders).toHaveLength(1);
    for (const { self } of all)
      expect([...before.values()].filter(([holder]) => holder === self).length).toBeGreaterThan(50);
    await all[2].stop();
    await clock.advance(1000);
    const after = who([all[0], all[1]]);
    for (const [peer, holders] of after) {
      expect(holders).toHaveLength(1);
      if (before.get(peer)?.[0] !== 'c') expect(holders).toEqual(before.get(peer));
    }
  });

  it('N10 number their registration so that no number comes twice and each is above all before it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 30 }), async (order) => {
        const leases = new LocalLeases(systemClock);
        const settings = settingsInMemory();
        const counters = ['a', 'b', 'c'].map(
          (self) =>
            new RisingCounter(settings, new StepClock(self.charCodeAt(0) * 1000), (work) =>
              inTurn({ leases, clock: systemClock, self }, 'registration', work),
            ),
        );
        const given: number[] = [];
        for (const at of order) given.push((await counters[at]?.next()) ?? 0);
        for (const [at, number] of given.entries()) if (at > 0) expect(number).toBeGreaterThan(given[at - 1] ?? 0);
      }),
      { numRuns: 50 },
    );
    const leases = new LocalLeases(systemClock);
    const settings = settingsInMemory();
    const counters = ['a', 'b', 'c'].map(
      (self) =>
        new RisingCounter(settings, new StepClock(), (work) =>
          inTurn({ leases, clock: systemClock, self }, 'registration', work),
        ),
    );
    const atOnce = await Promise.all(counters.flatMap((one) => [one.next(), one.next(), one.next()]));
    expect(new Set(atOnce).size).toBe(9);
  });

  it('N10 what one of them did to a member holds at the others: joined, left, revoked, made a moderator, banned', async () => {
    const clock = new StepClock();
    const store = new MemoryStore(createIdentity(), clock);
    const rules = { admission: 'open', maxMembers: undefined } as const;
    const [here, there] = [await Membership.open(store, rules, clock), await Membership.open(store, rules, clock)];
    const joined = await there.join('Ada');
    const hash = tokenHash(joined.token);
    expect(here.byTokenHash(hash)).toBeUndefined();
    await here.reload('members');
    expect(here.byTokenHash(hash)?.memberName).toBe('Ada');
    await store.moderation.change([{ kind: 'set-role', id: joined.id, role: 'moderator' }]);
    await here.reload('members');
    expect(here.byTokenHash(hash)?.role).toBe('moderator');
    const ended: string[] = [];
    here.roll.onEnd((id) => ended.push(id));
    const renewed = await there.renewToken(joined.id);
    await here.reload('members');
    expect(here.byTokenHash(hash)).toBeUndefined();
    expect(here.byTokenHash(tokenHash(renewed))?.memberName).toBe('Ada');
    await there.leave(joined.id);
    await here.reload('members');
    expect(here.byTokenHash(tokenHash(renewed))).toBeUndefined();
    expect(ended).toEqual([joined.id, joined.id]);
    expect(here.count).toBe(0);
    const ban = { name: 'Ada', memberId: joined.id, sinceMs: 0, untilMs: undefined, reason: '', madeBy: 'operator' };
    await store.moderation.change([{ kind: 'put-ban', ban }]);
    await here.reload('moderation');
    await expect(here.join('Ada')).rejects.toMatchObject({ code: 'denied', field: 'name' });
  });

  it('N10 a token that ended here does not come back with an older word from the store', async () => {
    const clock = new StepClock();
    const store = new MemoryStore(createIdentity(), clock);
    const here = await Membership.open(store, { admission: 'open', maxMembers: undefined }, clock);
    const joined = await here.join('Ada');
    const old = await store.members.all();
    await here.leave(joined.id);
    here.roll.becomes(old);
    expect(here.byTokenHash(tokenHash(joined.token))).toBeUndefined();
  });

  it('N10 the operator’s token of each is good at all, and a new one of an address takes the place of the old', async () => {
    const settings = settingsInMemory();
    const [a, b, again] = ['a', 'b', 'a2'].map((token) => tokenHash(token)) as [Buffer, Buffer, Buffer];
    const alone = <T>(work: () => Promise<T>): Promise<T> => work();
    const [one, two] = [new OperatorHashes(a, settings), new OperatorHashes(b, settings)];
    await one.share('localhost:1', alone);
    await two.share('localhost:2', alone);
    await one.reload();
    for (const operators of [one, two]) for (const hash of [a, b]) expect(operators.includes(hash)).toBe(true);
    await new OperatorHashes(again, settings).share('localhost:1', alone);
    await two.reload();
    expect([two.includes(a), two.includes(again), two.includes(tokenHash('x'))]).toEqual([false, true, false]);
  });

  it('N10 what a caller spent at one counts at the others', async () => {
    const limits = { ...defaultLimits, memberRate: 10 };
    const [here, there] = [new Rates(limits), new Rates(limits)];
    const caller = { kind: 'member', member: { memberId: 'm', memberName: 'Ada' } } as const;
    const takeSpent = there.share();
    for (let calls = 0; calls < 6; calls += 1) await there.spend(caller, '');
    await here.heard(takeSpent());
    expect(takeSpent()).toEqual([]);
    for (let calls = 0; calls < 4; calls += 1) await here.spend(caller, '');
    await expect(here.spend(caller, '')).rejects.toMatchObject({ code: 'full' });
  });

  it('reads again what others changed, once for all who ask meanwhile, and after the last of them asked', async () => {
    let value = 0;
    const seen: number[] = [];
    const fresh = new Fresh(systemClock, async () => {
      const now = value;
      await Promise.resolve();
      seen.push(now);
    });
    value = 1;
    const first = fresh.now();
    await Promise.resolve();
    value = 2;
    await Promise.all([first, fresh.now(), fresh.now()]);
    expect(seen.at(-1)).toBe(2);
    expect(seen.length).toBeLessThanOrEqual(2);
  });
});
