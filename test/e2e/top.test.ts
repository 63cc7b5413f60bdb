import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startRegistry } from '../../src/app/start-registry.js';
import { type Community, connect, type Moot } from '../../src/client/index.js';
import { leavesCleanly } from '../support/menu.js';
import { TestNetwork } from '../support/network.js';
import { type Finished, Processes } from '../support/processes.js';
import { key, Pty } from '../support/pty.js';

const network = new TestNetwork();
let moot: Moot;
let hamlet: Community;
let processes: Processes;
const open: Pty[] = [];

beforeAll(async () => {
  await network.start(['Hamlet', 'Othello'], [['Hamlet', 'Othello']]);
  moot = await connect({ registry: network.registry, home: network.home });
  hamlet = await moot.join('Hamlet', { as: 'ada' });
  processes = new Processes(network.registry);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((pty) => pty.close()));
});
afterAll(async () => {
  await moot.close();
  await network.stop();
  await processes.close();
});

function top(registry = network.registry): Pty {
  const pty = new Pty(['top'], { registry, home: network.home });
  open.push(pty);
  return pty;
}

describe('N9 moot top on a terminal', () => {
  it('shows the network and what changes in it, sorts, and leaves the terminal as it was at q, with status 0', async () => {
    const pty = top();
    await pty.until('Othello');
    await pty.until('2 servers, 1 link');
    await hamlet.publish({ topic: 'a', body: 'b' });
    await pty.until('1 article, ');
    const macbeth = await network.startServer('Macbeth');
    await pty.until('Macbeth');
    expect(pty.screen[0]).toMatch(/^\d\d:\d\d:\d\d {2}3 servers, 1 link, 1 article, /);
    expect(pty.screen[3]).toMatch(/^Hamlet +localhost:\d+ +1 /);
    await macbeth.stop();
    await pty.until('2 servers');
    expect(pty.screen.join('\n')).not.toContain('Macbeth');
    await pty.type('n', '[n name]');
    expect(pty.screen.slice(3, 5).map((line) => line.split(' ')[0])).toEqual(['Hamlet', 'Othello']);
    await pty.type('n', '[n name ↑]');
    expect(pty.screen.slice(3, 5).map((line) => line.split(' ')[0])).toEqual(['Othello', 'Hamlet']);
    expect(await pty.end('q')).toBe(0);
    const modes = pty.raw.split('\u001b[').flatMap((part) => /^\?(?:1049|25)[hl]/.exec(part) ?? []);
    expect(modes).toEqual(['?1049h', '?25l', '?25h', '?1049l']);
    expect(pty.afterwards).toMatch(/\sisig icanon /);
    expect(pty.afterwards).toMatch(/\secho /);
    // What stood there before comes back, and nothing is left below it.
    expect(pty.raw.split('\u001b[?1049l')[1]).toMatch(/^\r?\nafterwards: /);
  });

  it('ends at Ctrl-C with status 130 and one word', async () => {
    const pty = top();
    await pty.until('Othello');
    await leavesCleanly(pty);
  });

  it('says that the registry is away, keeps what was last known, and goes on when it is back', async () => {
    const other = new TestNetwork();
    const registry = await startRegistry({ host: '127.0.0.1', port: 0 });
    await other.startServer('Lear', { registries: [registry.address] });
    const pty = top(registry.address);
    await pty.until('Lear');
    await registry.stop();
    await pty.until(`registry ${registry.address} is away: `);
    await pty.until('Lear');
    const port = Number(registry.address.split(':')[1]);
    const again = await startRegistry({ host: '127.0.0.1', port });
    await pty.until(`\nregistry ${registry.address}`);
    await pty.until('Lear');
    expect(await pty.end('q')).toBe(0);
    await other.stop();
    await again.stop();
  });

  it('scrolls where there are more servers than lines, and stops at the ends', async () => {
    const pty = top();
    await pty.until('Othello');
    await pty.type(key.down, 'Hamlet');
    expect(pty.screen[3]).toMatch(/^Hamlet/);
    await pty.type(key.up, 'Hamlet');
    expect(await pty.end('q')).toBe(0);
  });
});

describe('N9 moot top for scripts', () => {
  const run = (...args: string[]): Promise<Finished> => processes.run(['top', ...args]);

  it('prints an object each second, as many as were asked for', async () => {
    const { status, lines, stderr } = await run('--json', '--count', '2');
    expect([status, stderr, lines.length]).toEqual([0, '', 2]);
    expect(lines[0]).toMatchObject({
      at: expect.stringMatching(/Z$/),
      servers: [
        { name: 'Hamlet', articles: expect.any(Number), joined: false, load: null },
        { name: 'Othello', peers: [] },
      ],
      registries: [{ address: network.registry, state: 'up', reason: null }],
    });
    const [one, two] = lines.map(({ at }) => Date.parse(String(at)));
    expect((two ?? 0) - (one ?? 0)).toBeGreaterThanOrEqual(900);
  });

  it('tells the load of communities that were joined from the first line on', async () => {
    const joined = await processes.run(['join', 'Othello', '--as', 'script']);
    expect(joined.status).toBe(0);
    const { lines } = await run('--json', '--count', '1');
    expect(lines[0]).toMatchObject({ servers: [{}, { name: 'Othello', load: { subscribers: 0 }, links: [] }] });
  });

  it('says that a registry is away, which ends nothing', async () => {
    const { status, lines } = await run('--json', '--count', '1', '--registry', 'localhost:1');
    expect(status).toBe(0);
    expect(lines).toMatchObject([{ servers: [], registries: [{ address: 'localhost:1', state: 'away' }] }]);
  });

  it('refuses to draw where there is no terminal, and says what to do instead', async () => {
    expect(await run()).toMatchObject({
      status: 2,
      stderr:
        'moot: cannot watch the network: moot top needs a terminal\ntry: moot top --json --count 1, or moot map\n',
    });
    expect(await run('--count', '1')).toMatchObject({ status: 2, stdout: '' });
    expect(await run('--json', '--count', '0')).toMatchObject({ status: 2, stdout: '' });
  });
});
