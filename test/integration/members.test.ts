import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf } from '../../src/core/errors.js';
import { type Channel, openChannel } from '../../src/wire/channels.js';
import { CommunityServiceService as service } from '../../src/wire/gen/moot/v1/community.js';
import { TestNetwork } from '../support/network.js';

const network = new TestNetwork();
const count = 23;
let channel: Channel;
let token = '';

beforeAll(async () => {
  await network.start([]);
  const hamlet = await network.startServer('Hamlet');
  channel = openChannel(hamlet.address, { purpose: 'client' });
  for (let at = 1; at <= count; at += 1)
    token = (await channel.unary(service.join, { name: `m${at}`, invite: undefined })).token;
});
afterAll(async () => {
  channel.close();
  await network.stop();
});

const page = (pageSize: number, pageToken = '') =>
  channel.unary(service.listMembers, { pageSize, pageToken }, { token, deadlineMs: 5000 });

describe('S0.5 the list of members', () => {
  it('comes page by page; who joins or leaves meanwhile moves nobody else', async () => {
    const seen: string[] = [];
    let pageToken = '';
    let pages = 0;
    do {
      const answer = await page(10, pageToken);
      seen.push(...answer.members.map(({ name }) => name));
      pageToken = answer.nextPageToken;
      pages += 1;
      const late = await channel.unary(service.join, { name: `late${pages}`, invite: undefined });
      if (pages === 1) await channel.unary(service.leave, {}, { token: late.token });
    } while (pageToken !== '');
    expect(pages).toBe(3);
    expect(seen.slice(0, count)).toEqual(Array.from({ length: count }, (_, at) => `m${at + 1}`));
    expect(seen.slice(count)).toEqual(['late2']);
  });

  it('has 100 to a page by itself, at most 1000, and takes no token but its own', async () => {
    expect((await page(0)).members.length).toBeGreaterThanOrEqual(count);
    await expect(page(1001)).rejects.toMatchObject({ code: 'invalid', field: 'pageSize' });
    for (const wrong of ['x', '0', 'a'.repeat(100), 'é'])
      await expect(page(1, wrong)).rejects.toMatchObject({ code: 'invalid', field: 'pageToken' });
  });

  it('says when each joined, shows no token, and is for members only', async () => {
    const moot = await network.connect();
    const hamlet = await moot.join('Hamlet', { as: 'ada' });
    const members = [];
    for await (const member of hamlet.members()) members.push(member);
    const ada = members.find(({ name }) => name === 'ada');
    expect(ada?.joinedAtMs).toBeGreaterThan(Date.now() - 60_000);
    expect(Object.keys(ada ?? {}).sort()).toEqual(['id', 'joinedAtMs', 'name', 'role']);
    const stranger = await (await network.connect()).community('Hamlet');
    const asked = stranger.members()[Symbol.asyncIterator]().next();
    expect(codeOf(await asked.catch((error: unknown) => error))).toBe('unauthenticated');
    await moot.close();
  });
});
