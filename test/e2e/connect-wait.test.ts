import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { type Daemon, Processes } from '../support/processes.js';
import { Terminal } from '../support/terminal.js';

const count = 20_000;
const network = new Processes();
let registry: Daemon;

beforeAll(async () => {
  registry = await network.startRegistry();
  await Promise.all(['Hamlet', 'Othello', 'Careful'].map((name) => start(name)));
  for (const name of ['Hamlet', 'Othello']) await network.ok('join', name, '--as', 'ada');
  const lines = Array.from({ length: count }, (_, n) => JSON.stringify({ topic: 'plays', body: `Line ${n}` }));
  const file = join(network.folder, 'lines.ndjson');
  writeFileSync(file, lines.join('\n'));
  await network.ok('import', 'Othello', file);
}, 120_000);
afterAll(() => network.close());

const start = (name: string): Promise<Daemon> =>
  network.startServer(name, ...(name === 'Careful' ? ['--peering', 'approval'] : []));

describe('moot connect --wait', () => {
  it('shows how much of the log is mirrored, and ends when all of it is', async () => {
    const terminal = new Terminal({
      isTTY: true,
      columns: 100,
      env: { MOOT_HOME: network.home, MOOT_REGISTRY: registry.address },
    });
    expect(await run(['connect', 'Hamlet', 'Othello', '--wait'], terminal.io, '0.0.0')).toBe(0);
    expect(terminal.stderr).toMatch(/of 20,000 entries of Othello|asked for its log/);
    expect(terminal.stdout).toContain('Hamlet → Othello: linked');
    const lines = await network.ok('query', 'Hamlet', '--fresh', 'mirrored', '--all');
    expect(lines.filter(({ type }) => type === 'article')).toHaveLength(count);
    expect(await network.ok('peers', 'Hamlet')).toMatchObject([
      { state: 'up', mirroredTo: String(count), length: String(count) },
    ]);
  }, 120_000);

  it('waits for nothing where there is nothing to wait for', async () => {
    const again = await network.ok('connect', 'Hamlet', 'Careful', '--wait');
    expect(again).toMatchObject([{ state: 'waiting', mirroredTo: null, length: null }]);
    const back = await network.ok('connect', 'Othello', 'Hamlet', '--wait');
    expect(back).toMatchObject([{ state: 'up', mirroredTo: '0', length: '0' }]);
  }, 60_000);
});
