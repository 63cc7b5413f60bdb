import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Operator, Report } from '../../src/client/index.js';
import { type Community, connect, type Moot } from '../../src/client/index.js';
import { createIdentity } from '../../src/identity/keys.js';
import { TestNetwork } from '../support/network.js';

const network = new TestNetwork();
let moot: Moot;
const members = new Map<string, Community>();
const names = ['Hamlet', 'Othello', 'Macbeth', 'Lear'];

// Hamlet → Othello → Macbeth: Othello carries Macbeth's log. Lear asks before it lets anybody in.
beforeAll(async () => {
  await network.start(['Hamlet', 'Othello', 'Macbeth']);
  await network.startServer('Lear', { peering: 'approval', store: undefined });
  moot = await connect({ registry: network.registry, home: network.home });
  for (const name of names) members.set(name, await moot.join(name, { as: 'ada' }));
  await (await operator('Othello')).connect('Macbeth');
});

afterAll(async () => {
  await moot.close();
  await network.stop();
});

const operator = (name: string): Promise<Operator> => moot.operator(name);

function member(name: string): Community {
  const community = members.get(name);
  if (!community) throw new Error(`nobody has joined ${name}`);
  return community;
}

/** Asks until `is` holds; the test's own time-out is the bound. */
async function until<T>(read: () => Promise<T>, is: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (is(value)) return value;
  }
}

async function linkOf(name: string, to: string) {
  return (await (await operator(name)).peers()).find((peer) => peer.name === to);
}

async function callerOf(name: string, from: string) {
  return (await (await operator(name)).callers()).find((peer) => peer.name === from);
}

const hasState = (state: string) => (link: { readonly state: string } | undefined) => link?.state === state;

async function ask(name: string): Promise<{ bodies: string[]; report: Report }> {
  const answer = member(name).query({});
  const bodies: string[] = [];
  for await (const article of answer) bodies.push(article.body);
  return { bodies: bodies.sort(), report: await answer.report };
}

const rowsOf = ({ rows }: Report) => rows.map(({ name, outcome }) => `${name} ${outcome}`);

async function restart(name: string, change: object): Promise<void> {
  await network.servers.get(name)?.stop();
  await network.startServer(name, change);
}

describe('N8 peering by consent', () => {
  it('a link that must be approved is asked for, shown on both sides, left out of the search, and comes up by itself', async () => {
    await member('Lear').publish({ topic: 'news', body: 'from Lear' });
    const waits = 'the link waits for the approval of Lear’s operator';
    const asked = await (await operator('Hamlet')).connect('Lear');
    expect(asked).toMatchObject({ name: 'Lear', state: 'waiting', level: undefined, reason: waits });
    expect(await linkOf('Hamlet', 'Lear')).toMatchObject({ state: 'waiting', reason: waits });
    expect(await callerOf('Lear', 'Hamlet')).toMatchObject({ state: 'waiting', level: undefined, from: asked.from });
    const without = await ask('Hamlet');
    expect([without.report.complete, rowsOf(without.report)]).toEqual([true, ['Hamlet ANSWERED']]);
    expect((await moot.find('Hamlet')).peers).toEqual([]);
    const feed = member('Hamlet').subscribe({ topics: ['news'], from: 'beginning' });
    const approved = await (await operator('Lear')).approve('Hamlet');
    expect(approved).toMatchObject({ from: asked.from, to: asked.to, level: 'allow', name: 'Hamlet' });
    for await (const event of feed) if (event.type === 'article' && event.article.body === 'from Lear') break;
    await until(() => linkOf('Hamlet', 'Lear'), hasState('up'));
    expect(await callerOf('Lear', 'Hamlet')).toMatchObject({ state: 'up', level: 'allow' });
    const { report, bodies } = await ask('Hamlet');
    expect([report.complete, rowsOf(report), bodies]).toEqual([
      true,
      ['Hamlet ANSWERED', 'Lear ANSWERED'],
      ['from Lear'],
    ]);
    await until(
      () => moot.find('Hamlet'),
      ({ peers }) => peers.length === 1,
    );
  }, 90_000);

  it('a denial ends the open feed within a second, is shown on both sides, and holds over a restart', async () => {
    const untilMs = Date.now() + 3_600_000;
    const lear = await operator('Lear');
    const said = await lear.deny('Hamlet', { reason: 'spam', untilMs });
    const deniedMs = performance.now();
    expect(said).toMatchObject({ state: 'denied', level: 'deny', reason: 'spam', untilMs });
    const link = await until(() => linkOf('Hamlet', 'Lear'), hasState('denied'));
    expect(performance.now() - deniedMs).toBeLessThan(1_000);
    expect(link).toMatchObject({ level: 'deny', reason: expect.stringMatching(/^Lear denies .* until .* UTC: spam$/) });
    await member('Lear').publish({ topic: 'news', body: 'after the denial' });
    await member('Hamlet').publish({ topic: 'news', body: 'Hamlet goes on' });
    const arrived: string[] = [];
    for await (const event of member('Hamlet').subscribe({ topics: ['news'], from: 'beginning' })) {
      if (event.type === 'article') arrived.push(event.article.body);
      if (arrived.length === 2) break;
    }
    expect(arrived.sort()).toEqual(['Hamlet goes on', 'from Lear']);
    await restart('Lear', { peering: 'approval', store: undefined });
    expect(await callerOf('Lear', 'Hamlet')).toMatchObject({ state: 'denied', level: 'deny', reason: 'spam', untilMs });
    const { report, bodies } = await ask('Hamlet');
    expect([report.complete, rowsOf(report)]).toEqual([true, ['Hamlet ANSWERED']]);
    expect(bodies).not.toContain('after the denial');
    await expect((await operator('Hamlet')).connect('Lear')).rejects.toMatchObject({
      code: 'denied',
      refusal: 'denied',
    });
    await (await operator('Lear')).approve('Hamlet');
    // To link again asks again, without waiting for the next try.
    await (await operator('Hamlet')).connect('Lear').catch(() => undefined);
    expect((await ask('Hamlet')).bodies).toContain('after the denial');
    await (await operator('Hamlet')).disconnect('Lear');
  }, 90_000);

  it('silence lets questions through, and no feed', async () => {
    await (await operator('Hamlet')).connect('Othello');
    await member('Othello').publish({ topic: 'news', body: 'heard' });
    await member('Macbeth').publish({ topic: 'news', body: 'third' });
    const hears = async (body: string): Promise<void> => {
      for await (const event of member('Hamlet').subscribe({ topics: ['news'], from: 'beginning' }))
        if (event.type === 'article' && event.article.body === body) return;
    };
    await hears('heard');
    await hears('third');
    await (await operator('Othello')).deny('Hamlet', { silence: true, reason: 'too much at once' });
    const link = await until(() => linkOf('Hamlet', 'Othello'), hasState('silenced'));
    expect(link).toMatchObject({ level: 'silence', reason: 'Othello gives this community no feed: too much at once' });
    await member('Othello').publish({ topic: 'news', body: 'unheard' });
    const { report, bodies } = await ask('Hamlet');
    expect([report.complete, bodies]).toEqual([true, expect.arrayContaining(['heard', 'third', 'unheard'])]);
    expect(await linkOf('Hamlet', 'Othello')).toMatchObject({ state: 'silenced' });
    const mirrored = member('Hamlet').query({ fresh: 'mirrored' });
    const kept: string[] = [];
    for await (const article of mirrored) kept.push(article.body);
    expect(kept).not.toContain('unheard');
  }, 90_000);

  it('the denial of a server that carries the logs of others takes them with it, and all comes back when it ends', async () => {
    await (await operator('Othello')).deny('Hamlet', { reason: 'enough', untilMs: Date.now() + 2_000 });
    await until(() => linkOf('Hamlet', 'Othello'), hasState('denied'));
    const { report } = await ask('Hamlet');
    expect([report.complete, rowsOf(report)]).toEqual([true, ['Hamlet ANSWERED']]);
    await until(() => linkOf('Hamlet', 'Othello'), hasState('up'));
    const back = await ask('Hamlet');
    expect([back.report.complete, rowsOf(back.report)]).toEqual([
      true,
      ['Hamlet ANSWERED', 'Othello ANSWERED', 'Macbeth ANSWERED'],
    ]);
    expect(back.bodies).toEqual(['Hamlet goes on', 'heard', 'third', 'unheard']);
  }, 90_000);

  it('a closed community has no links to it, and what it is called by a stranger lets nobody in', async () => {
    await restart('Macbeth', { peering: 'closed' });
    await expect((await operator('Hamlet')).connect('Macbeth')).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('Macbeth accepts no links'),
    });
    expect(await linkOf('Hamlet', 'Macbeth')).toBeUndefined();
    const macbeth = await operator('Macbeth');
    await expect(macbeth.approve('nobody')).rejects.toMatchObject({ code: 'not_found', field: 'server' });
    const { id } = createIdentity();
    expect(await macbeth.deny(id, { reason: 'beforehand' })).toMatchObject({ from: id, state: 'denied', name: '' });
    await macbeth.approve('Hamlet');
    expect(await (await operator('Hamlet')).connect('Macbeth')).toMatchObject({ state: 'up' });
  });
});
