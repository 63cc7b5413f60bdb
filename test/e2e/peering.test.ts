import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { choose, Menus, menu } from '../support/menu.js';
import { type Daemon, Processes } from '../support/processes.js';
import { key } from '../support/pty.js';

const network = new Processes();
const menus = new Menus();
let registry: Daemon;
let hamlet: Daemon;
let othello: Daemon;

beforeAll(async () => {
  registry = await network.startRegistry();
  hamlet = await network.startServer('Hamlet');
  othello = await network.startServer('Othello', '--peering', 'approval');
});
afterAll(async () => {
  await menus.close();
  await network.close();
});

async function refused(status: number, ...args: string[]): Promise<string> {
  const done = await network.here(args);
  expect({ status: done.status, stdout: done.stdout }).toEqual({ status, stdout: '' });
  return done.stderr;
}

/** Asks A for its links until `is` holds of the first; the test's own time-out is the bound. */
async function peer(server: string, is: (link: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
  for (;;) {
    const [link] = await network.ok('peers', server);
    if (link && is(link)) return link;
  }
}

describe('N8 peering, as operators and scripts use it', () => {
  it('a link that waits is no failure and no PASS, and both operators see it with the keys that every link has', async () => {
    const asked = await network.here(['connect', 'Hamlet', 'Othello']);
    expect(asked).toMatchObject({
      status: 0,
      stdout: "Hamlet → Othello: asked; waits for Othello's operator: moot approve Othello Hamlet\n",
    });
    const link = { from: hamlet.ready.id, to: othello.ready.id, state: 'waiting', lagMs: null, level: null };
    expect(await network.ok('peers', 'Hamlet')).toMatchObject([
      { ...link, reason: 'the link waits for the approval of Othello’s operator' },
    ]);
    const [caller = {}] = await network.ok('peers', 'Othello');
    expect(caller).toMatchObject({ ...link, reason: null });
    expect(Object.keys(caller).join()).toBe('from,to,state,since,lagMs,mirroredTo,length,level,reason,until');
    const pty = await menus.start('connector', { registry: registry.address, home: network.home });
    await choose(pty, 1, 'back to the menu');
    await pty.type(key.enter, 'joins which Server B?');
    await pty.type('2', '❯   2  ');
    expect(await pty.type(key.enter, menu.connector)).toContain('ASKED: Hamlet joins Othello; it waits for Othello');
    await pty.close();
  });

  it('approve lets it come up, deny takes it away and says until when, silence leaves it to ask', async () => {
    expect(await network.ok('approve', 'Othello', 'hamlet')).toMatchObject([{ from: hamlet.ready.id, level: 'allow' }]);
    await peer('Hamlet', ({ state }) => state === 'up');
    const spam = ['--reason', 'spam in every topic', '--until', '2096-12-31'];
    expect((await network.here(['deny', 'Othello', 'Hamlet', ...spam])).stdout).toMatch(
      /^Hamlet is denied by Othello until 2096-12-31 .*: spam in every topic\n$/,
    );
    const said = 'Othello denies this community until 2096-12-31 00:00 UTC: spam in every topic';
    expect(await peer('Hamlet', ({ state }) => state === 'denied')).toMatchObject({ level: 'deny', reason: said });
    expect((await network.here(['peers', 'Othello'])).stdout).toMatch(/← +Hamlet .* deny +2096-12-31 .* spam in/);
    expect(await refused(1, 'connect', 'Hamlet', 'Othello')).toContain(said);
    expect((await network.ok('peers', 'Othello'))[0]).toMatchObject({ until: '2096-12-31T00:00:00.000Z' });
    await network.ok('deny', 'Othello', String(hamlet.ready.id).slice(0, 8), '--silence', '--reason', 'too much');
    expect(await peer('Hamlet', ({ state }) => state === 'silenced')).toMatchObject({ level: 'silence' });
  }, 90_000);

  it('a deny list goes from one community to another, and says what became of each line', async () => {
    const file = `${network.folder}/denied.ndjson`;
    const [known, other] = [String(hamlet.ready.id), '0'.repeat(52)];
    expect((await network.here(['denied', 'Othello'])).stdout).toMatch(
      /^NAME +LEVEL .*\nHamlet +silence +– +too much +/,
    );
    expect((await network.here(['denied', 'Othello', '--export', file])).stdout).toBe(`1 exported to ${file}\n`);
    const line = { id: known, name: 'Hamlet', level: 'silence', reason: 'too much', until: null };
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(line);
    const more = [
      { ...line, id: other, name: null, level: 'deny' },
      { ...line, level: 'allow' },
      { ...line, id: 'x' },
    ];
    writeFileSync(file, [line, ...more, { ...line, until: '2020-01-01' }].map((one) => JSON.stringify(one)).join('\n'));
    const done = await network.here(['deny', 'Othello', '--import', file]);
    expect(done).toMatchObject({ status: 1, stdout: '1 added, 1 there already, 3 refused\n' });
    for (const said of [':3: level is', ':4: id is not an id', ':5: that end has passed'])
      expect(done.stderr).toContain(said);
    expect(await network.ok('denied', 'Othello')).toHaveLength(2);
    expect(await refused(2, 'deny', 'Othello', 'Hamlet', '--import', file)).toContain('no other is named');
    expect(await refused(2, 'deny', 'Othello')).toContain('no community to refuse is named');
  });

  it('what is typed wrong is refused, and says what to do', async () => {
    expect(await refused(2, 'deny', 'Othello', 'Hamlet')).toContain('--reason is required: both operators see it');
    expect(await refused(2, 'deny', 'Othello', 'Hamlet', '--reason', 'r', '--until', 'soon')).toContain('not a date');
    expect(await refused(1, 'deny', 'Othello', 'Hamlet', '--reason', 'r', '--until', '2020-01-01')).toContain('passed');
    expect(await refused(1, 'approve', 'Othello', 'Hamlt')).toContain('did you mean Hamlet?');
    expect(await refused(1, 'approve', 'Othello', 'Othello')).toContain('does not link to itself');
    expect(await refused(1, 'approve', 'Othello', 'Hamlet', '--home', `${network.folder}/nobody`)).toContain(
      'no operator token of Othello',
    );
  });

  it('a caller that no registry knows is approved by its id, not by what it calls itself', async () => {
    const ghost = await network.startServer('Ghost', '--registry', 'localhost:1');
    const connected = await network.ok('connect', ghost.address, othello.address);
    expect(connected).toMatchObject([{ from: ghost.ready.id, state: 'waiting' }]);
    const why = await refused(1, 'approve', 'Othello', 'Ghost');
    expect(why).toContain('no registry knows "Ghost"');
    expect(why).toContain(`${ghost.ready.id}`);
    await network.ok('approve', 'Othello', String(ghost.ready.id).slice(0, 9));
    await peer(ghost.address, ({ state }) => state === 'up');
  }, 90_000);
});
