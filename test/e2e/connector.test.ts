import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { listServers } from '../support/listed-servers.js';
import { choose, Menus, menu, narrow } from '../support/menu.js';
import { TestNetwork } from '../support/network.js';
import { key, type Pty } from '../support/pty.js';

const network = new TestNetwork();
const menus = new Menus();

beforeAll(async () => {
  await network.start(['Hamlet', 'Othello', 'Macbeth'], [['Hamlet', 'Macbeth']], { unproved: true });
  const moot = await network.connect();
  // A link is told to the registry right after it is made.
  for (let linked = false; !linked; ) linked = (await moot.find('Hamlet')).peers.length > 0;
  await moot.close();
});
afterEach(() => menus.close());
afterAll(() => network.stop());

function connector(home = network.home): Pty {
  return menus.begin('connector', { registry: network.registry, home });
}

/** Picks two servers by their numbers: 1 Hamlet, 2 Macbeth, 3 Othello. */
async function link(pty: Pty, a: number, b: number): Promise<string> {
  await choose(pty, 1, 'back to the menu');
  if (a > 1) await pty.type(String(a), `❯ ${String(a).padStart(3)}  `);
  await pty.type(key.enter, 'joins which Server B?');
  if (b > 1) await pty.type(String(b), `❯ ${String(b).padStart(3)}  `);
  return pty.type(key.enter, menu.connector);
}

describe('S0.11 the connector', () => {
  it('shows the servers by number with their links, joins A to B, and takes a link away', async () => {
    const pty = connector();
    expect(await pty.until(menu.connector)).toMatch(/1 {2}Hamlet +localhost:\d+ +→ Macbeth/);
    expect(await link(pty, 1, 3)).toContain('PASS: Hamlet joins Othello; what Othello has is available on Hamlet');
    expect(await link(pty, 1, 3)).toMatch(/FAIL: Hamlet joins Othello: .*(already|link)/);
    expect(await link(pty, 1, 1)).toMatch(/FAIL: Hamlet joins Hamlet: .*itself/);
    await choose(pty, 2, 'back to the menu');
    await pty.type(key.enter, 'Remove which link of Hamlet?');
    await narrow(pty, 'oth', '❯ Othello');
    expect(await pty.type(key.enter, menu.connector)).toContain('PASS: Hamlet leaves Othello');
    await choose(pty, 3, '→ ');
    await pty.until(menu.connector);
    await pty.type('4', '❯ 4.');
    expect(await pty.end(key.enter)).toBe(0);
  });

  it('says FAIL and why: no operator token is here, or the other server is dead', async () => {
    const pty = connector(`${network.folder}/nobody`);
    await pty.until(menu.connector);
    const said = await link(pty, 1, 2);
    expect(said).toContain('FAIL: Hamlet joins Macbeth: no operator token of Hamlet is here');
    expect(said).toContain('try: --operator-token-file');
    await pty.close();
    const mine = connector();
    await mine.until(menu.connector);
    await choose(mine, 1, 'back to the menu');
    await mine.type(key.enter, 'joins which Server B?');
    await mine.type('3', '❯   3  ');
    await network.servers.get('Othello')?.stop();
    await mine.until('(gone)');
    expect(await mine.type(key.enter, menu.connector)).toContain('Othello is not there any longer');
    // Dead, and listed all the same until its lease ends.
    await listServers(network.registry, 1);
    await choose(mine, 1, 'back to the menu');
    await mine.type(key.enter, 'joins which Server B?');
    await mine.until('Listed000');
    await mine.type('4', '❯   4  Listed000');
    expect(await mine.type(key.enter, menu.connector)).toMatch(/FAIL: Hamlet joins Listed000: .*cannot be reached/);
  });
});
