import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { listServers } from '../support/listed-servers.js';
import { TestNetwork } from '../support/network.js';
import { key, Pty } from '../support/pty.js';
import { Terminal } from '../support/terminal.js';

const network = new TestNetwork();
const menu = '6. Quit';
const showCursor = '\u001b[?25h';
let open: Pty | undefined;

beforeAll(() => network.start(['Hamlet']), 30_000);
afterEach(async () => {
  await open?.close();
});
afterAll(() => network.stop());

async function client(member: string): Promise<Pty> {
  open = new Pty(['client'], { registry: network.registry, home: `${network.folder}/${member}` });
  await open.until(menu);
  return open;
}

async function choose(pty: Pty, entry: number, until: string): Promise<string> {
  // The first is where the mark is already.
  if (entry > 1) await pty.type(String(entry), `❯ ${entry}.`);
  return pty.type(key.enter, until);
}

async function joined(member: string): Promise<void> {
  const { connect } = await import('../../src/client/index.js');
  const moot = await connect({ registry: network.registry, home: `${network.folder}/${member}` });
  await moot.join('Hamlet', { as: member });
  await moot.close();
}

/** What is typed, and what then comes, to arrive at each prompt of the menu. */
const prompts: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ['the menu', []],
  [
    'the list of servers',
    [
      ['5', '❯ 5.'],
      [key.enter, 'back to the menu'],
    ],
  ],
  [
    'the list of memberships',
    [
      ['2', '❯ 2.'],
      [key.enter, '❯ Hamlet'],
    ],
  ],
  [
    'a question',
    [
      ['3', '❯ 3.'],
      [key.enter, '❯ Hamlet'],
      [key.enter, 'Topic'],
    ],
  ],
  [
    'an answer refused',
    [
      ['3', '❯ 3.'],
      [key.enter, '❯ Hamlet'],
      [key.enter, 'Topic'],
      [`A${key.enter}`, 'is not'],
    ],
  ],
  [
    'the page of articles',
    [
      ['3', '❯ 3.'],
      [key.enter, '❯ Hamlet'],
      [key.enter, 'Topic'],
      [key.enter, 'Author'],
      [key.enter, 'Date'],
      [key.enter, 'Words'],
      [key.enter, 'back to the menu'],
    ],
  ],
  [
    'the text of an article',
    [
      ['4', '❯ 4.'],
      [key.enter, '❯ Hamlet'],
      [key.enter, 'Topic'],
      [`a${key.enter}`, 'Title'],
      [key.enter, 'Author'],
      [key.enter, 'single dot'],
      ['begun', 'begun'],
    ],
  ],
];

describe('S0.12 the menu when things go wrong', () => {
  it.each(prompts)(
    'Ctrl-C at %s leaves with status 130, the cursor shown, and one line',
    async (_, steps) => {
      const member = `visitor-${prompts.findIndex(([, other]) => other === steps)}`;
      await joined(member);
      const pty = await client(member);
      for (const [keys, until] of steps) await pty.type(keys, until);
      const before = pty.raw.length;
      expect(await pty.end(key.ctrlC)).toBe(130);
      const { raw } = pty;
      expect(raw.slice(before)).toMatch(/\ninterrupted\r\n$|\rinterrupted\r\n$|Ginterrupted\r\n$|hinterrupted\r\n$/);
      expect(raw.lastIndexOf(showCursor)).toBeGreaterThanOrEqual(raw.lastIndexOf('\u001b[?25l'));
    },
    30_000,
  );

  it('Escape and Ctrl-D leave what was begun, never the program', async () => {
    const pty = await client('careful');
    await choose(pty, 1, 'back to the menu');
    await pty.type(key.escape, menu);
    await choose(pty, 1, 'back to the menu');
    await pty.type(key.ctrlD, menu);
    await pty.type(key.ctrlD, menu);
    await choose(pty, 5, 'back to the menu');
  }, 30_000);

  it('a server that dies while the list is shown is a sentence, and the menu comes again', async () => {
    const mortal = await network.startServer('Mortal');
    const pty = await client('mourner');
    await choose(pty, 1, 'back to the menu');
    await pty.type('mortal', '❯ Mortal');
    await mortal.stop();
    await pty.type(key.enter, 'Your name there');
    const said = await pty.type(`m${key.enter}`, menu);
    expect(said).toMatch(/moot: cannot join: [^\n]+/);
  }, 30_000);

  it('with 500 servers, typing finds the one that is meant', async () => {
    await listServers(network.registry, 500);
    const pty = await client('seeker');
    await choose(pty, 1, '❯ Hamlet');
    const found = await pty.type('listed499', '❯ Listed499');
    expect(found).toContain('topic-499');
    await pty.type(key.ctrlU, '❯ Hamlet');
    await pty.type('topic-317', '❯ Listed317');
    await pty.type(key.ctrlU, '❯ Hamlet');
    await pty.type('nothing like it', 'No results found');
    await pty.type(key.ctrlU, '❯ Hamlet');
    await pty.type('refresh', '❯ refresh the list');
    await pty.type(key.enter, '❯ Hamlet');
    await pty.type(key.escape, menu);
  }, 30_000);

  it.each(['client', 'connector'])('moot %s without a terminal says so, with status 2', async (command) => {
    const terminal = new Terminal({ env: { MOOT_HOME: network.folder, MOOT_REGISTRY: network.registry } });
    expect(await run([command], terminal.io, '1.2.3')).toBe(2);
    expect(terminal.stderr).toMatch(new RegExp(`moot ${command} needs a terminal\ntry: moot `));
  });

  it('without a registry the menu says so, and is there', async () => {
    open = new Pty(['client'], { registry: 'localhost:1', home: `${network.folder}/alone` });
    expect(await open.until(menu)).toContain('moot: cannot list the servers: ');
    await choose(open, 1, 'moot: cannot join: ');
    await open.until(menu);
  }, 30_000);
});
