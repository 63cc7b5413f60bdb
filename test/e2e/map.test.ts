import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Daemon, type Line, Processes } from '../support/processes.js';

const network = new Processes();
const started = new Map<string, Daemon>();
const id = (name: string): string => String(started.get(name)?.ready.id);

beforeAll(async () => {
  await network.startRegistry();
  for (const name of ['Hamlet', 'Othello', 'Macbeth']) started.set(name, await network.startServer(name));
  await network.ok('connect', 'Hamlet', 'Othello');
  await network.ok('connect', 'Othello', 'Macbeth');
  await network.ok('join', 'Hamlet', '--as', 'ada');
}, 90_000);
afterAll(() => network.close());

const map = async (...args: string[]): Promise<Line> => {
  const [line = {}, ...rest] = await network.ok('map', ...args);
  expect(rest).toEqual([]);
  return line;
};

describe('N9 moot map', () => {
  it('draws the network from the registry alone, to anyone', async () => {
    let line = await map();
    // A server tells the registry of a link when it has it.
    while ((line.links as Line[]).length < 2) line = await map();
    expect(Object.keys(line)).toEqual(['servers', 'links', 'cycles', 'cutPoints', 'components', 'unreachable', 'walk']);
    expect(line.links).toMatchObject([
      { from: id('Hamlet'), to: id('Othello'), state: null, lagMs: null },
      { from: id('Othello'), to: id('Macbeth') },
    ]);
    expect(line).toMatchObject({ cycles: [], cutPoints: [id('Othello')], walk: null });
    const { stdout } = await network.here(['map', '--format', 'mermaid']);
    expect(stdout).toMatch(/^flowchart LR\n {2}s0\["Hamlet"\]\n.*s0 --> s2\n.*s2 --> s1\n/s);
  });

  it('--walk asks from one of them on: who answers, and how links stand, to a member and to the operator', async () => {
    await started.get('Macbeth')?.end('SIGKILL');
    const line = await map('--walk', 'Hamlet');
    const servers = new Map((line.servers as Line[]).map((server) => [server.id, server]));
    expect(servers.get(id('Othello'))).toMatchObject({ outcome: 'ANSWERED', via: id('Hamlet'), hop: 1, listed: true });
    expect(servers.get(id('Macbeth'))?.outcome).toMatch(/UNREACHABLE|STALE/);
    // Of Hamlet we are a member; of Othello the operator, whose token is in the same home.
    expect(line.links).toMatchObject([
      { from: id('Hamlet'), walked: true, state: 'up', lagMs: expect.any(Number) },
      { from: id('Othello'), walked: true, state: expect.stringMatching(/^(up|down)$/) },
    ]);
    expect(line.walk).toMatchObject({ from: id('Hamlet'), complete: false });
  });

  it('says in a sentence what is in the way', async () => {
    const said = async (...args: string[]): Promise<string> => (await network.here(['map', ...args])).stderr;
    expect(await said('--walk', 'Othello')).toBe(
      'moot: cannot walk from Othello: you are not a member of Othello\ntry: moot join Othello\n',
    );
    expect(await said('--registry', 'localhost:1')).toBe(
      'moot: cannot draw the map: the registry localhost:1 does not answer\ntry: start one: moot registry\n',
    );
    expect(await said('--walk', 'Hamlet', '--registry', 'localhost:1')).toMatch(/only what was walked is shown\n$/);
    const clash = await network.here(['map', '--format', 'dot', '--json']);
    expect([clash.status, JSON.parse(clash.stderr)]).toMatchObject([2, { error: { field: 'format' } }]);
    const empty = new Processes();
    await empty.startRegistry();
    expect((await empty.here(['map'])).stderr).toMatch(
      /^no community is registered at [^\n]+\ntry: moot server 50052\n$/,
    );
    await empty.close();
  });
});
