import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '../../src/client/index.js';
import { choose, Menus, menu } from '../support/menu.js';
import { TestNetwork } from '../support/network.js';
import { key } from '../support/pty.js';

const network = new TestNetwork();
const menus = new Menus();

beforeAll(async () => {
  await network.start([]);
  await network.startServer('Ash', { admission: 'approval' });
  await network.startServer('Birch', { admission: 'invite' });
});
afterEach(() => menus.close());
afterAll(() => network.stop());

describe('S0.12 the menu, where not everybody may join', () => {
  it('asks to be let in, asks for an invitation, and takes another one for a wrong one', async () => {
    const moot = await connect({ registry: network.registry, home: network.home });
    const { code } = await (await moot.moderation('Birch')).invite();
    const pty = await menus.start('client', { registry: network.registry, home: `${network.folder}/ada` });
    await choose(pty, 1, 'back to the menu');
    await pty.type(key.enter, 'Your name there');
    await pty.type(`ada${key.enter}`, 'asked to join Ash as ada; waits for approval');
    await pty.until(menu.client);
    expect((await (await moot.moderation('Ash')).requests()).map(({ name }) => name)).toEqual(['ada']);
    await choose(pty, 1, '❯ Ash');
    await pty.type(key.down, '❯ Birch');
    await pty.type(key.enter, 'Your name there');
    await pty.type(`ada${key.enter}`, 'Your invitation');
    await pty.type(`guess${key.enter}`, 'look at how it is spelled');
    await pty.until('Your name there');
    await pty.type(`ada${key.enter}`, 'Your invitation');
    await pty.type(`${code}${key.enter}`, 'joined Birch as ada');
    await moot.close();
  });
});
