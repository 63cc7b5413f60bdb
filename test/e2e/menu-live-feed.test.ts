import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Community, connect } from '../../src/client/index.js';
import { choose, Menus, menu } from '../support/menu.js';
import { TestNetwork } from '../support/network.js';
import { key, type Pty } from '../support/pty.js';

const network = new TestNetwork();
const menus = new Menus();
let ada: Community;

beforeAll(async () => {
  await network.start(['Hamlet']);
  const moot = await connect({ registry: network.registry, home: `${network.folder}/ada` });
  ada = await moot.join('Hamlet', { as: 'ada' });
});
afterEach(() => menus.close());
afterAll(() => network.stop());

async function liveFeed(topic: string): Promise<Pty> {
  const pty = await menus.start('client', { registry: network.registry, home: `${network.folder}/ada` });
  await choose(pty, 5, '❯ Hamlet');
  await pty.type(key.enter, 'Topic (blank: all)');
  await pty.type(`${topic}${key.enter}`, 'caught up; what follows is new');
  return pty;
}

describe('S0.12 the live feed of the menu', () => {
  it('shows articles of the topic as they come; Escape goes back to the menu, and nothing more is shown', async () => {
    const pty = await liveFeed('sky');
    await ada.publish({ topic: 'town', body: 'not asked for' });
    await ada.publish({ topic: 'sky.eclipses', title: 'Two minutes', body: 'It went dark.' });
    expect(await pty.until('It went dark.')).toMatch(/Two minutes\r\nHamlet · sky\.eclipses · ada · /);
    await pty.type(key.escape, menu.client);
    await ada.publish({ topic: 'sky', body: 'unseen' });
    await choose(pty, 8, 'Hamlet');
    expect(pty.raw).not.toContain('not asked for');
    expect(pty.raw).not.toContain('unseen');
  });

  it('ends with the program at Ctrl-C, with 130', async () => {
    const pty = await liveFeed('');
    await ada.publish({ topic: 'any.topic', body: 'of everything' });
    await pty.until('of everything');
    expect(await pty.end(key.ctrlC)).toBe(130);
  });
});
