import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Community, Moderation, Moot } from '../../src/client/index.js';
import { connect } from '../../src/client/index.js';
import { codeOf } from '../../src/core/errors.js';
import { TestNetwork } from '../support/network.js';

const network = new TestNetwork();
const opened: Moot[] = [];
let operator: Moot;
let hamlet: Moderation;
let ash: Moderation;

async function someone(): Promise<Moot> {
  const moot = await network.connect();
  opened.push(moot);
  return moot;
}
const join = async (name: string, as: string, invite?: string): Promise<Community> =>
  (await someone()).join(name, { as, invite });
const list = async <T>(all: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of all) items.push(item);
  return items;
};
const acts = async (of: Moderation): Promise<string[]> =>
  (await list(of.audit())).map(({ by, kind, aboutName, reason }) => `${by.memberName} ${kind} ${aboutName} ${reason}`);

beforeAll(async () => {
  await network.start([]);
  await network.startServer('Hamlet', { admission: 'invite' });
  await network.startServer('Ash', { admission: 'approval' });
  operator = await connect({ registry: network.registry, home: network.home });
  opened.push(operator);
  hamlet = await operator.moderation('Hamlet');
  ash = await operator.moderation('Ash');
});
afterAll(async () => {
  for (const moot of opened) await moot.close();
  await network.stop();
});

describe('a community that admits by invitation', () => {
  it('lets nobody in without one, and names the field of a wrong one', async () => {
    await expect(join('Hamlet', 'ada')).rejects.toMatchObject({ code: 'denied', field: 'invite' });
    await expect(join('Hamlet', 'ada', 'guess')).rejects.toMatchObject({ code: 'denied', field: 'invite' });
    await expect(hamlet.invite({ uses: 10_001 })).rejects.toMatchObject({ code: 'invalid', field: 'uses' });
    await expect(hamlet.invite({ expiresInMs: 1 })).rejects.toMatchObject({ code: 'invalid', field: 'expires' });
  });

  it('counts exactly under 50 who join at once with the last uses', async () => {
    const { code, id } = await hamlet.invite({ uses: 3 });
    const moot = await someone();
    const { address } = await moot.find('Hamlet');
    const all = await Promise.all(Array.from({ length: 50 }, () => connect({ registry: network.registry })));
    opened.push(...all);
    const tries = await Promise.allSettled(
      all.map((one, at) => one.join(address, { as: `member ${at}`, invite: code, timeoutMs: 30_000 })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    const refused = tries.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    for (const error of refused)
      expect(error).toMatchObject({ code: 'denied', field: 'invite', message: 'this invitation is used up' });
    expect((await hamlet.invites()).find((one) => one.id === id)).toMatchObject({ uses: 3, used: 3 });
    expect(await list(hamlet.tokens())).toHaveLength(3);
  });

  it('takes a code in any case and with spaces around it, gives a use back when the name is refused, and revokes', async () => {
    const { code, id } = await hamlet.invite({ uses: 2 });
    await expect(join('Hamlet', 'a/b', code)).rejects.toMatchObject({ code: 'invalid', field: 'as' });
    const before = (await hamlet.invites()).find((one) => one.id === id)?.used ?? 0;
    const taken = (await list(hamlet.tokens()))[0]?.name ?? '';
    await expect(join('Hamlet', taken, code)).rejects.toMatchObject({ code: 'already_exists', field: 'name' });
    expect((await hamlet.invites()).find((one) => one.id === id)?.used).toBe(before);
    await join('Hamlet', 'eve', ` ${code.toUpperCase()} `);
    expect(await hamlet.revokeInvite(id)).toMatchObject({ id, revokedAtMs: expect.any(Number) });
    await expect(join('Hamlet', 'zoe', code)).rejects.toMatchObject({ message: 'this invitation was revoked' });
    await expect(hamlet.revokeInvite('nothing')).rejects.toMatchObject({ code: 'not_found', field: 'id' });
  });
});

describe('a community that admits by approval', () => {
  it('keeps who asks waiting, and the same again says that they were let in', async () => {
    const ada = await someone();
    expect((await ada.join('Ash', { as: 'ada' })).isWaiting).toBe(true);
    expect((await ada.join('Ash', { as: 'Ada' })).isWaiting).toBe(true);
    expect(await ada.servers({ name: 'Ash' })).toMatchObject([{ joined: false, waiting: true }]);
    expect(await ada.memberships()).toEqual([]);
    const refused = (await ada.community('Ash')).publish({ topic: 'a', body: 'b' });
    await expect(refused).rejects.toMatchObject({
      code: 'denied',
      message: 'you asked to join Ash, and wait for approval',
    });
    const [request, ...others] = await ash.requests();
    expect(others).toEqual([]);
    const { id } = await ash.admit('ADA');
    expect(request).toMatchObject({ id, name: 'ada' });
    expect(await ada.servers({ name: 'Ash' })).toMatchObject([{ joined: true, waiting: false }]);
    await (await ada.community('Ash')).publish({ topic: 'a', body: 'b' });
    await expect(ada.join('Ash', { as: 'ada' })).rejects.toMatchObject({ code: 'already_exists', field: 'server' });
    expect(await ash.requests()).toEqual([]);
    await expect(ash.admit('ada')).rejects.toMatchObject({ code: 'not_found', field: 'who' });
  });

  it('says why it refused, once, and takes another request; who has an invitation waits for nobody', async () => {
    const bob = await someone();
    await bob.join('Ash', { as: 'bob' });
    await ash.refuse('bob', { reason: 'not today' });
    await expect(bob.join('Ash', { as: 'bob' })).rejects.toMatchObject({
      code: 'denied',
      message: 'Ash has refused to let you in: not today',
    });
    expect((await bob.join('Ash', { as: 'bob' })).isWaiting).toBe(true);
    const { code } = await ash.invite();
    expect((await bob.join('Ash', { as: 'bob', invite: code })).isWaiting).toBe(false);
    expect(await ash.requests()).toEqual([]);
    const eve = await someone();
    await eve.join('Ash', { as: 'eve' });
    await eve.leave('Ash');
    expect(await ash.requests()).toEqual([]);
    await eve.join('Ash', { as: 'eve' });
    await ash.admit('eve');
    await eve.leave('Ash');
    expect((await list(ash.tokens())).map(({ name }) => name)).not.toContain('eve');
  });

  it('asks which is meant when two ask under one name, and lets in only one of them', async () => {
    await join('Ash', 'kim');
    await join('Ash', 'Kim');
    await expect(ash.admit('kim')).rejects.toMatchObject({ code: 'invalid', field: 'who' });
    const [first, second] = await ash.requests();
    await ash.admit(first?.id ?? '');
    await expect(ash.admit(second?.id ?? '')).rejects.toMatchObject({ code: 'already_exists', field: 'name' });
    await ash.refuse(second?.id ?? '');
  });
});

describe('moderators', () => {
  it('do what the operator does about members, but not about each other', async () => {
    const [mo, max] = [await someone(), await someone()];
    for (const [moot, as] of [[mo, 'mo'] as const, [max, 'max'] as const])
      await moot.join('Ash', { as, invite: (await ash.invite()).code });
    const asMo = await mo.moderation('Ash');
    await expect(asMo.invites()).rejects.toMatchObject({ code: 'denied' });
    expect(await ash.setRole('mo', 'moderator')).toMatchObject({ name: 'mo', role: 'moderator' });
    await expect(ash.setRole('mo', 'moderator')).rejects.toMatchObject({ code: 'already_exists' });
    await ash.setRole('max', 'moderator');
    await expect(asMo.setRole('ada', 'moderator')).rejects.toMatchObject({ code: 'denied' });
    for (const act of [asMo.remove('max'), asMo.revokeToken('max')])
      await expect(act).rejects.toMatchObject({ code: 'denied', field: 'who' });
    const { code } = await asMo.invite();
    const pat = await join('Ash', 'pat', code);
    const { id } = await pat.publish({ topic: 'a', body: 'spam' });
    expect((await asMo.retract(id, { reason: 'spam' })).duplicate).toBe(false);
    await asMo.remove('pat', { reason: 'spam' });
    await ash.setRole('max', 'member');
    await expect((await max.moderation('Ash')).requests()).rejects.toMatchObject({ code: 'denied' });
    expect((await acts(ash)).filter((act) => act.startsWith('mo '))).toEqual([
      'mo invite  ',
      'mo retract  spam',
      'mo remove pat spam',
    ]);
  });
});

describe('who is removed', () => {
  it('is refused at once, is told why, and under a ban until it ends or is lifted', async () => {
    const [gus, other] = [await someone(), await someone()];
    const invited = async (moot: Moot, as: string) => moot.join('Ash', { as, invite: (await ash.invite()).code });
    const there = await invited(gus, 'gus');
    const feed = there.subscribe({ from: 'now' })[Symbol.asyncIterator]();
    expect((await feed.next()).value).toMatchObject({ type: 'accepted' });
    expect((await feed.next()).value).toMatchObject({ type: 'caughtUp' });
    await expect(ash.remove('gus', { untilMs: Date.now() + 9e6 })).rejects.toMatchObject({ field: 'until' });
    await expect(ash.remove('gus', { ban: true, untilMs: 5 })).rejects.toMatchObject({ field: 'until' });
    const untilMs = Date.now() + 3_600_000;
    await ash.remove('gus', { ban: true, untilMs, reason: 'spam' });
    await expect(feed.next()).rejects.toMatchObject({ code: 'unauthenticated', message: 'you were removed: spam' });
    await expect(there.publish({ topic: 'a', body: 'b' })).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(codeOf(await gus.leave('Ash').catch((error: unknown) => error))).toBe('unauthenticated');
    for (const moot of [gus, other])
      await expect(invited(moot, 'GUS')).rejects.toMatchObject({
        code: 'denied',
        field: 'name',
        message: expect.stringMatching(/banned here until 20.*: spam$/),
      });
    expect(await ash.bans()).toMatchObject([{ name: 'gus', untilMs, reason: 'spam', madeBy: 'operator' }]);
    await ash.unban('Gus');
    await expect(ash.unban('gus')).rejects.toMatchObject({ code: 'not_found', field: 'name' });
    expect((await invited(gus, 'gus')).member).toBe('gus');
    await expect(ash.remove('nobody')).rejects.toMatchObject({ code: 'not_found', field: 'who' });
    // What is refused is not said again at any length: a status is a header.
    const long = 'x'.repeat(70_000);
    for (const act of [ash.remove(long), ash.admit(long), ash.revokeToken(long)])
      await expect(act).rejects.toMatchObject({ code: 'invalid', field: 'who' });
    await expect(ash.revokeInvite(long)).rejects.toMatchObject({ code: 'invalid', field: 'id' });
    await expect(ash.unban(long)).rejects.toMatchObject({ code: 'invalid', field: 'name' });
  });
});

describe('a member’s token', () => {
  it('is renewed by the member: the old one is refused, and what it had opened ends', async () => {
    const liz = await someone();
    const old = await liz.join('Ash', { as: 'liz', invite: (await ash.invite()).code });
    const feed = old.subscribe({ from: 'now' })[Symbol.asyncIterator]();
    await feed.next();
    await feed.next();
    const before = await old.membershipThere();
    const now = await old.renewToken();
    await expect(feed.next()).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(old.membershipThere()).rejects.toMatchObject({
      code: 'unauthenticated',
      message: 'the token was replaced',
    });
    const after = await now.membershipThere();
    expect(after).toMatchObject({ name: 'liz', id: before.id, tokenId: expect.stringMatching(/^[0-9a-f]{8}$/) });
    expect(after.tokenId).not.toBe(before.tokenId);
    await (await liz.community('Ash')).publish({ topic: 'a', body: 'b' });
  });

  it('is revoked: they stay who they are, and come back by the code, under their own name alone', async () => {
    const ned = await someone();
    const { id } = await (await ned.join('Ash', { as: 'ned', invite: (await ash.invite()).code })).membershipThere();
    const { code } = await ash.revokeToken('ned');
    await expect(ned.join('Ash', { as: 'ned' })).rejects.toMatchObject({ code: 'already_exists', field: 'server' });
    expect((await list(ash.tokens())).find((token) => token.id === id)).toMatchObject({ tokenId: undefined });
    await expect(join('Ash', 'ned')).rejects.toMatchObject({ code: 'already_exists', field: 'name' });
    await expect(join('Ash', 'thief', code)).rejects.toMatchObject({ code: 'denied', field: 'name' });
    const back = await ned.join('Ash', { as: 'ned', invite: code });
    expect(await back.membershipThere()).toMatchObject({ id, name: 'ned', tokenId: expect.any(String) });
    await expect(join('Ash', 'ned', code)).rejects.toMatchObject({ message: 'this invitation is used up' });
  });
});
