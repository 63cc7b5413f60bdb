import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { entry, follow, leavesCleanly, Menus, menu, type Step } from '../support/menu.js';
import { type Daemon, Processes } from '../support/processes.js';
import { key, type Pty } from '../support/pty.js';

const network = new Processes();
const menus = new Menus();
let registry: Daemon;
let hamlet: Daemon;

beforeAll(async () => {
  // A server that is stopped does not renew: its lease must outlast the tests.
  registry = await network.startRegistry('--lease', '10m');
  hamlet = await network.startServer('Hamlet');
  await network.startServer('Othello');
  await network.ok('connect', 'Hamlet', 'Othello');
  await network.ok('join', 'Hamlet', '--as', 'ada');
});
afterEach(async () => {
  for (const daemon of [registry, hamlet]) daemon.child.kill('SIGCONT');
  await menus.close();
});
afterAll(() => network.close());

/** No call ends by its time being up before the test does. */
function start(program: 'client' | 'connector', home = network.home): Promise<Pty> {
  return menus.start(program, { registry: registry.address, home, timeout: '60s' });
}

const enter = (until: string): Step => [key.enter, until];
const written: Step[] = [
  ...entry(4, '❯ Hamlet'),
  enter('Topic'),
  [`a${key.enter}`, 'Title'],
  enter('Author'),
  enter('dot'),
];
const blank = ['Author', 'Date', 'Words', 'Articles on a page'].map(enter);
const asking = 'asking Hamlet …';

/** The steps up to a call that is never answered: those before Hamlet is stopped, and those after. */
const slowCalls = [
  ['client', 'Join Server', [...entry(1, '❯ Hamlet'), enter('Your name')], [[`bob${key.enter}`, asking]]],
  ['client', 'Leave Server', entry(2, '❯ Hamlet'), [enter(asking)]],
  ['client', 'Get Articles', [...entry(3, '❯ Hamlet'), enter('Topic'), ...blank], [enter(asking)]],
  ['client', 'Publish Article, at its beginning', entry(4, '❯ Hamlet'), [enter(asking)]],
  ['client', 'Publish Article, at its end', written, [[`text${key.enter}.${key.enter}`, 'publishing in Hamlet …']]],
  ['client', 'Members', entry(8, '❯ Hamlet'), [enter(asking)]],
  [
    'connector',
    'a link',
    [...entry(1, 'Server A'), ['1', '❯   1'], enter('Server B?'), ['2', '❯   2']],
    [enter(asking)],
  ],
  ['connector', 'a link taken away', entry(2, 'back to the menu'), [enter(asking)]],
] as const satisfies readonly (readonly [string, string, readonly Step[], readonly Step[]])[];

describe('S0.12 while a call is slow', () => {
  it.each(slowCalls)(
    'moot %s, %s: it says what is asked, and Ctrl-C leaves at once',
    async (program, what, before, after) => {
      const home = what === 'Join Server' ? `${network.folder}/another` : network.home;
      const pty = await start(program, home);
      await follow(pty, before);
      hamlet.child.kill('SIGSTOP');
      await follow(pty, after);
      const beganMs = performance.now();
      await leavesCleanly(pty);
      expect(performance.now() - beganMs).toBeLessThan(3000);
    },
  );

  it.each(['client', 'connector'] as const)('moot %s at its start: Ctrl-C leaves at once', async (program) => {
    registry.child.kill('SIGSTOP');
    const pty = menus.begin(program, { registry: registry.address, home: network.home, timeout: '60s' });
    await pty.until('asking the registry …');
    await leavesCleanly(pty);
  });

  it('the word goes when the answer comes, and keys that were pressed meanwhile are nobody’s answer', async () => {
    const pty = await start('client');
    await follow(pty, entry(8, '❯ Hamlet'));
    hamlet.child.kill('SIGSTOP');
    await pty.type(key.enter, asking);
    const before = pty.raw.length;
    pty.press('xyz');
    hamlet.child.kill('SIGCONT');
    await pty.until('❯ ada');
    const [cleared = '', list = ''] = pty.raw.slice(before).split('\r\u001b[2K');
    expect(cleared).toBe('');
    expect(list).toContain('Members of Hamlet');
    expect(pty.raw.slice(before)).not.toContain('xyz');
  });

  it('Escape gives up waiting, and the menu comes again', async () => {
    const pty = await start('client');
    await follow(pty, entry(8, '❯ Hamlet'));
    hamlet.child.kill('SIGSTOP');
    await pty.type(key.enter, asking);
    expect(await pty.type(key.escape, menu.client)).toContain('asking Hamlet: not waited for any longer');
  });

  it('a server that dies in the middle of a call is a sentence; what was written is kept, and can be sent again', async () => {
    const mortal = await network.startServer('Mortal');
    await network.ok('join', 'Mortal', '--as', 'ada');
    const pty = await menus.start('client', { registry: registry.address, home: network.home, timeout: '2s' });
    await follow(pty, [['4', '❯ 4.'], enter('back to'), ['mortal', '❯ Mortal'], enter('Topic')]);
    await follow(pty, [[`a${key.enter}`, 'Title'], enter('Author'), enter('dot')]);
    mortal.child.kill('SIGSTOP');
    await pty.type(`text${key.enter}.${key.enter}`, 'publishing in Mortal …');
    await mortal.end('SIGKILL');
    const said = await pty.until('2. back to the menu, without it');
    expect(said).toMatch(/moot: cannot publish: [^\n]+/);
    const port = mortal.address.split(':').at(-1) ?? '';
    await network.start('server', port, '--data', `${network.folder}/Mortal`);
    await pty.type(key.enter, 'published: ');
    await leavesCleanly(pty);
  });
});
