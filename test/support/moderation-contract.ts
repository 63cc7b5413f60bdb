import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newMember } from '../../src/community/membership.js';
import type { Act, Invite, JoinRequest } from '../../src/core/moderation.js';
import type { Store } from '../../src/core/stores.js';
import { createIdentity } from '../../src/identity/keys.js';
import { openStore } from '../../src/store/open-store.js';

const identity = createIdentity();
const member = (id: string, name = `of ${id}`) => newMember(id, name, Uint8Array.of(1, 2), 5);
const act = (atMs: number, more: Partial<Act> = {}): Act => {
  const by = { memberId: '', memberName: 'operator' };
  return { atMs, by, kind: 'invite', about: 'i', aboutName: '', reason: '', ...more };
};
const invite = (id: string, more: Partial<Invite> = {}): Invite => ({
  id,
  codeHash: Uint8Array.from(Buffer.from(id)),
  madeBy: 'operator',
  madeAtMs: 1,
  expiresAtMs: 100,
  uses: 2,
  used: 0,
  memberId: undefined,
  revokedAtMs: undefined,
  ...more,
});
const plain = <T extends object>(all: readonly T[]): unknown[] =>
  all.map((one) =>
    Object.fromEntries(
      Object.entries(one).map(([key, value]) => [key, value instanceof Uint8Array ? [...value] : value]),
    ),
  );

/** What every implementation of `ModerationStore` promises. `url` gives an empty store each time. */
export function describeModeration(name: string, url: () => string): void {
  describe(`who may join, and what was done, in ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await openStore(url(), { identity });
    });
    afterEach(() => store.close());

    it('counts an invitation exactly, and keeps nothing of a change that it does not allow', async () => {
      const { moderation, members } = store;
      await moderation.change([{ kind: 'add-invite', invite: invite('i') }], act(1));
      const joins = Array.from({ length: 20 }, (_, at) =>
        moderation.change(
          [
            { kind: 'add-member', member: member(`${at}`) },
            { kind: 'use-invite', id: 'i', atMs: 50 },
          ],
          act(2),
        ),
      );
      const results = await Promise.allSettled(joins);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'denied', field: 'invite' });
      expect(await members.all()).toHaveLength(2);
      expect(plain(await moderation.invites())).toEqual(plain([invite('i', { used: 2 })]));
      expect(await moderation.acts(0, 0, 100)).toHaveLength(3);
    });

    it('lets nobody in by an invitation that is over or revoked', async () => {
      const { moderation } = store;
      await moderation.change([{ kind: 'add-invite', invite: invite('i') }]);
      await moderation.change([{ kind: 'add-invite', invite: invite('j', { memberId: 'm' }) }]);
      const using = (id: string, atMs: number) => moderation.change([{ kind: 'use-invite', id, atMs }]);
      await expect(using('i', 100)).rejects.toMatchObject({ code: 'denied', field: 'invite' });
      await expect(using('none', 1)).rejects.toMatchObject({ code: 'denied' });
      await moderation.change([{ kind: 'revoke-invite', id: 'j', atMs: 7 }]);
      await expect(using('j', 50)).rejects.toMatchObject({ code: 'denied' });
      await using('i', 99);
      expect(plain(await moderation.invites())).toEqual(
        plain([invite('i', { used: 1 }), invite('j', { memberId: 'm', revokedAtMs: 7 })]),
      );
    });

    it('changes a member’s role and token, and knows when they were seen', async () => {
      const { moderation, members } = store;
      await moderation.change([{ kind: 'add-member', member: member('1', 'Ada') }]);
      await expect(moderation.change([{ kind: 'add-member', member: member('2', 'ada') }])).rejects.toMatchObject({
        code: 'already_exists',
        field: 'name',
      });
      await moderation.change([
        { kind: 'set-role', id: '1', role: 'moderator' },
        { kind: 'see', id: '1', atMs: 9 },
      ]);
      expect(plain(await members.all())).toEqual(
        plain([{ ...member('1', 'Ada'), role: 'moderator' as const, seenAtMs: 9 }]),
      );
      await moderation.change([{ kind: 'set-token', id: '1', tokenHash: Uint8Array.of(), atMs: 11 }]);
      const [now] = plain(await members.all());
      expect(now).toMatchObject({ role: 'moderator', tokenHash: [], tokenAtMs: 11, seenAtMs: undefined });
      expect(await members.page('', 5)).toEqual([{ id: '1', name: 'Ada', joinedAtMs: 5, role: 'moderator' }]);
      await moderation.change([{ kind: 'remove-member', id: '1', atMs: 12 }]);
      expect(await members.all()).toEqual([]);
      await expect(moderation.change([{ kind: 'add-member', member: member('1') }])).rejects.toMatchObject({
        code: 'already_exists',
        field: 'id',
      });
    });

    it('keeps requests until they are settled, and bans until they are lifted, one a name', async () => {
      const { moderation } = store;
      const request = (id: string): JoinRequest => {
        return { id, name: 'Ada', tokenHash: Uint8Array.of(3), askedAtMs: 4, refusedAtMs: undefined, reason: '' };
      };
      const [first, second] = [request('b'), request('a')];
      await moderation.change([first, second].map((one) => ({ kind: 'put-request', request: one }) as const));
      const refused = { ...first, refusedAtMs: 8, reason: 'no' };
      await moderation.change([{ kind: 'put-request', request: refused }]);
      expect(plain(await moderation.requests())).toEqual(plain([refused, second]));
      await moderation.change([{ kind: 'remove-request', id: 'b' }]);
      expect(plain(await moderation.requests())).toEqual(plain([second]));
      const ban = { name: 'Ada', memberId: '1', sinceMs: 3, untilMs: undefined, reason: 'spam', madeBy: 'operator' };
      const other = { ...ban, name: 'Bob', untilMs: 9 };
      await moderation.change([ban, other, { ...ban, name: 'ADA' }].map((one) => ({ kind: 'put-ban', ban: one })));
      expect(await moderation.bans()).toEqual([other, { ...ban, name: 'ADA' }]);
      await moderation.change([{ kind: 'remove-ban', name: 'ada' }]);
      expect(await moderation.bans()).toEqual([other]);
    });

    it('gives what was done page by page, in order, from a moment on', async () => {
      const { moderation } = store;
      for (let at = 1; at <= 5; at += 1) await moderation.change([], act(at * 10, { about: `a${at}`, reason: 'so' }));
      const page = await moderation.acts(0, 20, 3);
      expect(page).toEqual(
        [2, 3, 4].map((number) => ({ ...act(number * 10, { about: `a${number}`, reason: 'so' }), number })),
      );
      expect((await moderation.acts(4, 0, 3)).map(({ about }) => about)).toEqual(['a5']);
    });
  });
}
