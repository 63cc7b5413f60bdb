import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Membership, Operated, Page, Problem, Published } from '../../src/web/api.js';
import { TestNetwork } from '../support/network.js';
import { TestWeb } from '../support/web.js';

const network = new TestNetwork();
let web: TestWeb;
let ada: Membership;

beforeAll(async () => {
  await network.start([]);
  await network.startServer('Agora');
  await network.startServer('Asking', { admission: 'approval' });
  await network.startServer('Far');
  await network.startServer('Careful', { holdFirst: 1 });
  web = await TestWeb.start(network);
}, 30_000);
afterAll(async () => {
  await web.stop();
  await network.stop();
});

const of = (name: string, path: string): string => `/api/communities/${name}/${path}`;
const operatorOf = (name: string): string =>
  readFileSync(join(network.home, 'operators', network.servers.get(name)?.id ?? ''), 'utf8').trim();
const tokenOf = ({ token }: Membership): string => token ?? '';

async function refusalOf(path: string, body: unknown, token?: string): Promise<readonly [number, Problem]> {
  const { status, text } = await web.post(path, body, { token });
  return [status, JSON.parse(text) as Problem];
}

describe('N11 taking part in a browser', () => {
  it('makes a member, whose token is shown once and is theirs alone', async () => {
    ada = await web.json<Membership>(of('Agora', 'join'), { body: { name: 'ada' } });
    expect(ada).toMatchObject({ communityName: 'Agora', name: 'ada', waiting: false, role: 'member' });
    const { token, ...rest } = ada;
    expect(await web.json(of('Agora', 'membership'), { token: tokenOf(ada) })).toEqual({ ...rest, token: null });
    expect((await web.get(of('Agora', 'membership'))).status).toBe(401);
    expect((await web.get(of('Agora', 'membership'), { token: 'wrong' })).status).toBe(401);
    const bea = await web.json<Membership>(of('Agora', 'join'), { body: { name: 'bea' } });
    expect(bea.token).not.toBe(token);
    expect(await refusalOf(of('Agora', 'join'), { name: 'ADA' })).toMatchObject([
      409,
      { code: 'already_exists', field: 'name' },
    ]);
    expect(await refusalOf(of('Agora', 'join'), { name: 'a:b' })).toMatchObject([400, { field: 'as' }]);
    expect(await refusalOf(of('Agora', 'join'), {})).toMatchObject([400, { field: 'name' }]);
  });

  it('publishes once for a key, answers, and takes back', async () => {
    const token = tokenOf(ada);
    const first = { topic: 'chess', title: 'Opening', body: 'e4', key: 'k1' };
    const published = await web.json<Published>(of('Agora', 'articles'), { token, body: first });
    expect(published).toMatchObject({ seq: '1', duplicate: false });
    expect(await web.json(of('Agora', 'articles'), { token, body: first })).toEqual({ ...published, duplicate: true });
    const answer = { topic: 'chess', body: 'e5', replyTo: published.id, key: 'k2', title: null };
    await web.json(of('Agora', 'articles'), { token, body: answer });
    const { articles } = await web.json<Page>(of('Agora', 'articles'), { token });
    expect(articles.map(({ title, replyTo }) => [title, replyTo])).toEqual([
      [null, published.id],
      ['Opening', null],
    ]);
    await web.json(of('Agora', `articles/${published.id}/retract`), { token, body: { reason: 'wrong' } });
    expect((await web.json<Page>(of('Agora', 'articles'), { token })).articles).toHaveLength(1);
    expect(await refusalOf(of('Agora', 'articles'), { ...first, topic: 'Not one' }, token)).toMatchObject([
      400,
      { field: 'topic' },
    ]);
    expect(await refusalOf(of('Agora', 'articles'), { topic: 'chess', body: 'x' }, token)).toMatchObject([
      400,
      { field: 'key' },
    ]);
    expect(await refusalOf(of('Agora', 'articles'), first)).toMatchObject([401, { code: 'unauthenticated' }]);
  });

  it('asks to be let in, waits, and is let in or refused', async () => {
    const [cy, dee] = [
      await web.json<Membership>(of('Asking', 'join'), { body: { name: 'cy' } }),
      await web.json<Membership>(of('Asking', 'join'), { body: { name: 'dee' } }),
    ];
    expect(cy).toMatchObject({ waiting: true, token: expect.any(String) });
    expect(await web.json(of('Asking', 'membership'), { token: tokenOf(cy) })).toMatchObject({ waiting: true });
    const token = operatorOf('Asking');
    const { requests } = await web.json<Operated>(of('Asking', 'operate'), { token });
    expect(requests.map(({ name }) => name)).toEqual(['cy', 'dee']);
    await web.json(of('Asking', 'operate/admit'), { token, body: { id: requests[0]?.id } });
    await web.json(of('Asking', 'operate/refuse'), { token, body: { id: 'dee', reason: 'no room' } });
    expect(await web.json(of('Asking', 'membership'), { token: tokenOf(cy) })).toMatchObject({
      name: 'cy',
      waiting: false,
    });
    const { status, text } = await web.get(of('Asking', 'membership'), { token: tokenOf(dee) });
    expect([status, text]).toEqual([403, expect.stringContaining('no room')]);
    const eve = await web.json<Membership>(of('Asking', 'join'), { body: { name: 'eve' } });
    await web.json(of('Asking', 'leave'), { token: tokenOf(eve), body: {} });
    expect((await web.json<Operated>(of('Asking', 'operate'), { token })).requests).toEqual([]);
  });

  it('leaves, and the token is worth nothing from then on', async () => {
    const fay = await web.json<Membership>(of('Agora', 'join'), { body: { name: 'fay' } });
    const token = tokenOf(fay);
    expect((await web.get(of('Agora', 'articles'), { token })).status).toBe(200);
    await web.json(of('Agora', 'leave'), { token, body: {} });
    expect((await web.get(of('Agora', 'articles'), { token })).status).toBe(401);
    expect((await refusalOf(of('Agora', 'leave'), {}, token))[0]).toBe(401);
  });

  it('shows the operator links, members and what was done, and does what they say', async () => {
    const moot = await network.connectAtHome();
    await (await moot.operator('Far')).connect('Agora');
    await moot.close();
    const token = operatorOf('Agora');
    const far = network.servers.get('Far')?.id ?? '';
    const before = await web.json<Operated>(of('Agora', 'operate'), { token });
    expect(before.callers).toMatchObject([{ id: far, name: 'Far' }]);
    expect(before.members.map(({ name }) => name).sort()).toEqual(['ada', 'bea']);
    const until = '2100-01-01T00:00:00.000Z';
    await web.json(of('Agora', 'operate/deny'), { token, body: { id: far, reason: 'spam', until } });
    const denied = await web.json<Operated>(of('Agora', 'operate'), { token });
    expect(denied.callers).toMatchObject([{ id: far, level: 'deny', reason: 'spam', until }]);
    await web.json(of('Agora', 'operate/approve'), { token, body: { id: far } });
    await web.json(of('Agora', 'operate/remove'), { token, body: { id: 'bea', reason: 'asked for it' } });
    const after = await web.json<Operated>(of('Agora', 'operate'), { token });
    expect(after.callers[0]?.level).toBe('allow');
    expect(after.members.map(({ name }) => name)).toEqual(['ada']);
    expect(after.audit[0]).toMatchObject({ about: 'bea', reason: 'asked for it' });
    const { articles } = await web.json<Page>(of('Agora', 'articles'), { token: tokenOf(ada) });
    await web.json(of('Agora', 'operate/retract'), { token, body: { id: articles[0]?.id, reason: 'spam' } });
    expect((await web.json<Page>(of('Agora', 'articles'), { token: tokenOf(ada) })).articles).toEqual([]);
  });

  it('shows who looks after a community what waits to be let in, and publishes or refuses it', async () => {
    const { token } = await web.json<Membership>(of('Careful', 'join'), { body: { name: 'gil' } });
    const publish = (body: string): Promise<unknown> =>
      web.post(of('Careful', 'articles'), { topic: 'tea', body, key: body }, { token: token ?? '' });
    await publish('hello');
    await publish('buy this');
    const operator = operatorOf('Careful');
    const operated = (): Promise<Operated> => web.json(of('Careful', 'operate'), { token: operator });
    const { held } = await operated();
    expect(held).toMatchObject([
      { member: 'gil', topic: 'tea', title: null, body: 'hello', replyTo: null, heldAt: expect.stringMatching(/Z$/) },
      { member: 'gil', body: 'buy this' },
    ]);
    const refusal = { id: held[1]?.id, reason: 'advertising' };
    await web.json(of('Careful', 'operate/refuseArticle'), { token: operator, body: refusal });
    await web.json(of('Careful', 'operate/release'), { token: operator, body: { id: held[0]?.id } });
    expect((await operated()).held).toEqual([]);
    const { articles } = await web.json<Page>(of('Careful', 'articles'), { token: token ?? '' });
    expect(articles.map(({ body }) => body)).toEqual(['hello']);
    expect(await refusalOf(of('Careful', 'operate/release'), { id: held[0]?.id }, operator)).toMatchObject([404, {}]);
    expect((await refusalOf(of('Careful', 'operate/release'), { id: held[0]?.id }, token ?? ''))[0]).toBe(403);
  });

  it('gives nobody a hand in what is the operator’s, and dials no address for them', async () => {
    const body = { id: network.servers.get('Far')?.id, reason: 'x' };
    for (const token of [undefined, 'wrong', tokenOf(ada), operatorOf('Far')]) {
      const [status] = await refusalOf(of('Agora', 'operate/deny'), body, token);
      expect([401, 403]).toContain(status);
      expect([401, 403]).toContain((await web.get(of('Agora', 'operate'), { token })).status);
    }
    const token = operatorOf('Agora');
    const { address } = network.servers.get('Far') ?? {};
    expect(await refusalOf(of('Agora', 'operate/approve'), { id: address }, token)).toMatchObject([
      400,
      { field: 'id' },
    ]);
    expect(await refusalOf(of('Agora', 'operate/explode'), body, token)).toMatchObject([404, { field: 'act' }]);
    expect(await refusalOf(of('Agora', 'operate/constructor'), body, token)).toMatchObject([404, { field: 'act' }]);
  });

  it('met no fault of its own in all that', () => expect(web.bugs).toEqual([]));
});
