import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { connect } from '../../src/client/index.js';
import { listServers } from '../support/listed-servers.js';
import { choose, Menus, menu, narrow } from '../support/menu.js';
import { TestNetwork } from '../support/network.js';
import { key, type Pty } from '../support/pty.js';
import { Terminal } from '../support/terminal.js';

const network = new TestNetwork();
const menus = new Menus();

// What is listed without a server stays as long as the tests.
beforeAll(() => network.start(['Hamlet'], [], { leaseMs: 600_000, unproved: true }), 30_000);
afterEach(() => menus.close());
afterAll(() => network.stop());

function client(member: string): Promise<Pty> {
  return menus.start('client', { registry: network.registry, home: `${network.folder}/${member}` });
}

describe('S0.12 the menu when things go wrong', () => {
  it('Escape and Ctrl-D leave what was begun, never the program', async () => {
    const pty = await client('careful');
    await choose(pty, 1, 'back to the menu');
    await pty.type(key.escape, menu.client);
    await choose(pty, 1, 'back to the menu');
    await pty.type(key.ctrlD, menu.client);
    await pty.type(key.ctrlD, menu.client);
    await choose(pty, 7, 'back to the menu');
  });

  it('a server that is listed and dead is a sentence, and the menu comes again', async () => {
    await listServers(network.registry, 1);
    const pty = await client('mourner');
    await choose(pty, 1, 'back to the menu');
    await narrow(pty, 'listed', '❯ Listed000');
    await pty.type(key.enter, 'Your name there');
    expect(await pty.type(`m${key.enter}`, menu.client)).toMatch(/moot: cannot join: .*cannot be reached/);
  });

  it('a community that is full says so, and how many it takes', async () => {
    await network.startServer('Tiny', { maxMembers: 1 });
    const moot = await network.connect();
    await moot.join('Tiny', { as: 'first' });
    await moot.close();
    const pty = await client('late');
    await choose(pty, 1, 'back to the menu');
    await narrow(pty, 'tiny', '❯ Tiny');
    await pty.type(key.enter, 'Your name there');
    expect(await pty.type(`late${key.enter}`, menu.client)).toMatch(/moot: cannot join: .*takes no more than 1/);
  });

  it('a membership that the community no longer knows is a sentence wherever it is used; joining again is possible', async () => {
    const before = await network.startServer('Fickle');
    const home = `${network.folder}/forgotten`;
    const moot = await connect({ registry: network.registry, home });
    await moot.join('Fickle', { as: 'forgotten' });
    await moot.close();
    await before.stop();
    // Its members were in memory.
    await network.startServer('Fickle');
    const pty = await client('forgotten');
    await choose(pty, 8, '❯ Fickle');
    expect(await pty.type(key.enter, menu.client)).toContain('the token is not that of a member here');
    await choose(pty, 3, '❯ Fickle');
    for (const next of ['Topic', 'Author', 'Date', 'Words', 'Articles on a page']) await pty.type(key.enter, next);
    expect(await pty.type(key.enter, menu.client)).toContain('moot: cannot get articles: the token is not that of');
    await choose(pty, 4, '❯ Fickle');
    for (const next of ['Topic', 'Title']) await pty.type(next === 'Topic' ? key.enter : `a${key.enter}`, next);
    for (const next of ['Author', 'single dot']) await pty.type(key.enter, next);
    const refused = await pty.type(`b${key.enter}.${key.enter}`, '2. back to the menu');
    expect(refused).toContain('moot: cannot publish: the token is not that of a member here');
    await pty.type('2', '❯ 2.');
    await pty.type(key.enter, menu.client);
    await choose(pty, 2, '❯ Fickle');
    expect(await pty.type(key.enter, menu.client)).toContain('moot: cannot leave: ');
    await choose(pty, 1, 'back to the menu');
    await narrow(pty, 'fickle', '❯ Fickle');
    await pty.type(key.enter, 'Your name there');
    await pty.type(`again${key.enter}`, 'joined Fickle as again');
  });

  it.each(['client', 'connector'])('moot %s without a terminal says so, with status 2', async (command) => {
    const terminal = new Terminal({ env: { MOOT_HOME: network.folder, MOOT_REGISTRY: network.registry } });
    expect(await run([command], terminal.io, '1.2.3')).toBe(2);
    expect(terminal.stderr).toMatch(new RegExp(`moot ${command} needs a terminal\ntry: moot `));
  });

  it('without a registry the menu says so, and is there', async () => {
    const pty = menus.begin('client', { registry: 'localhost:1', home: `${network.folder}/alone` });
    expect(await pty.until(menu.client)).toContain('moot: cannot list the servers: ');
    await choose(pty, 1, 'moot: cannot join: ');
    await pty.until(menu.client);
  });
});
