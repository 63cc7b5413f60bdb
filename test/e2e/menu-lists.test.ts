import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { listServers } from '../support/listed-servers.js';
import { choose, Menus, menu, narrow } from '../support/menu.js';
import { TestNetwork } from '../support/network.js';
import { key, type Pty } from '../support/pty.js';

const network = new TestNetwork();
const menus = new Menus();

// What is listed without a server stays as long as the tests.
beforeAll(() => network.start(['Hamlet', 'Othello'], [], { leaseMs: 600_000, unproved: true }), 30_000);
afterEach(() => menus.close());
afterAll(() => network.stop());

function client(): Promise<Pty> {
  return menus.start('client', { registry: network.registry, home: `${network.folder}/visitor` });
}

describe('S0.3 a list that is on the screen', () => {
  it('shows who comes and goes by itself, and leaves the mark and what is typed where they are', async () => {
    const pty = await client();
    await choose(pty, 7, '❯ Hamlet');
    await narrow(pty, 'l', 'Othello');
    await pty.type(key.down, '❯ Othello');
    const macbeth = await network.startServer('Lady Macbeth');
    // It comes in between: below the first, above the one with the mark.
    expect(await pty.until('❯ Othello')).toMatch(/topic: l\b[^❯]*Hamlet[^❯]*Lady Macbeth[^❯]*❯ Othello/s);
    await macbeth.stop();
    await pty.until('Hamlet   localhost');
    expect(await pty.until('❯ Othello')).not.toContain('Lady Macbeth');
    expect(await pty.type(key.enter, 'who may link')).toMatch(/\nOthello\r*\n/);
  });

  it('keeps the server with the mark though it dies, says so, and picks no other one in its place', async () => {
    const mortal = await network.startServer('Mortal');
    const pty = await client();
    await choose(pty, 1, 'back to the menu');
    await narrow(pty, 'mortal', '❯ Mortal');
    await mortal.stop();
    expect(await pty.until('(gone)')).toMatch(/❯ Mortal +localhost:\d+ [^\n]*\(gone\)/);
    expect(await pty.type(key.enter, menu.client)).toContain('moot: Mortal is not there any longer');
    await choose(pty, 1, 'back to the menu');
    await narrow(pty, 'mortal', 'No results found');
  });

  it('says that it is not up to date while the registry is away', async () => {
    const other = new TestNetwork();
    await other.start(['Lear']);
    const pty = await menus.start('client', { registry: other.registry, home: `${network.folder}/visitor` });
    await choose(pty, 1, '❯ Lear');
    await other.stop();
    const said = await pty.until('(not up to date: the registry localhost:');
    expect(said).not.toContain('moot: ');
    await pty.until('❯ Lear');
    await pty.type(key.escape, menu.client);
    expect(await choose(pty, 1, menu.client)).toContain('moot: cannot join: the registry localhost:');
  });

  it('finds the one that is meant among 500', async () => {
    await listServers(network.registry, 500);
    const pty = await client();
    await choose(pty, 1, '❯ Hamlet');
    const beganMs = performance.now();
    const found = await narrow(pty, 'listed499', '❯ Listed499');
    // What a person takes for at once; some tens of milliseconds on a machine with nothing else to do.
    expect(performance.now() - beganMs).toBeLessThan(5000);
    expect(found).toContain('topic-499');
    await pty.type(key.ctrlU, '❯ Hamlet');
    await narrow(pty, 'topic-317', '❯ Listed317');
    await pty.type(key.ctrlU, '❯ Hamlet');
    await narrow(pty, 'nothing like it', 'No results found');
    await pty.type(key.ctrlU, '❯ Hamlet');
    await pty.type(key.down.repeat(40), '❯ Listed039');
    await pty.type(key.escape, menu.client);
  });
});
