import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TestNetwork } from '../support/network.js';
import { key, Pty } from '../support/pty.js';

const network = new TestNetwork();
const open: Pty[] = [];
beforeAll(async () => {
  await network.start(['Hamlet']);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((pty) => pty.close()));
});
afterAll(() => network.stop());

async function chat(name: string): Promise<Pty> {
  const pty = new Pty(['chat', 'Hamlet', 'lobby', '--as', name], {
    registry: network.registry,
    home: `${network.folder}/chat`,
  });
  open.push(pty);
  await pty.until('Ctrl-D ends it');
  return pty;
}

describe('moot chat', () => {
  it('S3.6 two talk; listening is not interrupted by typing, and what one says oneself is not said again', async () => {
    const ada = await chat('ada');
    const bea = await chat('bea');
    await ada.type('I am still typ', 'typ');
    await bea.type(`hello ada${key.enter}`, 'hello ada');
    await ada.until('bea: hello ada');
    await ada.type('ing', 'ing');
    await ada.type(key.enter, '> ');
    await bea.until('ada: I am still typing');
    await bea.type(`   ${key.enter}`, '> ');
    await bea.type(`bye${key.enter}`, '> ');
    await ada.until('bea: bye');
    const said = ada.screen.slice(1).filter((line) => line !== '>');
    expect(said).toEqual([
      expect.stringMatching(/^\d\d:\d\d bea: hello ada$/),
      '> I am still typing',
      expect.stringMatching(/^\d\d:\d\d bea: bye$/),
    ]);
    expect(await ada.end(key.ctrlD)).toBe(0);
    expect(await bea.end(key.ctrlC)).toBe(130);
  });

  it('needs a membership, or a name to join under', async () => {
    const pty = new Pty(['chat', 'Hamlet', 'lobby'], { registry: network.registry, home: `${network.folder}/none` });
    open.push(pty);
    await pty.until('you are not a member of Hamlet');
    expect(await pty.ended).toBe(1);
  });
});
