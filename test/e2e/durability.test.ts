import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { decodeEntry } from '../../src/core/entry-codec.js';
import { toId } from '../../src/core/ids.js';
import { type Daemon, Processes } from '../support/processes.js';

const rounds = 20;
const wanted = 20_000;
const publishers = ['ada', 'bob', 'cleo'];

const network = new Processes();
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await network.close();
});

/** What this process has seen acknowledged: draft → id. */
const acked = new Map<string, string>();
const repeated: string[] = [];

function publish(address: string, name: string): void {
  const child = spawn(process.execPath, ['test/support/publisher.mjs', address, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface(child.stdout).on('line', (line) => {
    const [who, n, id = ''] = line.split(' ');
    const draft = `${who} ${n}`;
    if (acked.has(draft)) repeated.push(draft);
    acked.set(draft, id);
  });
  children.push(child);
}

/** Resolves once `more` further acknowledgements have been noted. */
async function noted(more: number): Promise<void> {
  const goal = acked.size + more;
  while (acked.size < goal) await new Promise((resolve) => setImmediate(resolve));
}

/** What is stored, body and id, read past the program. */
function bodies(file: string): [string, string][] {
  const rows = new Sqlite(file, { readonly: true }).prepare('SELECT id, bytes FROM entries').all();
  return (rows as { id: Buffer; bytes: Buffer }[]).map(({ id, bytes }) => [decodeEntry(bytes).body, toId(id)]);
}

describe('kill -9 with drafts in flight', () => {
  it('loses no acknowledged article, doubles none, and leaves no hole', async () => {
    let server: Daemon = await network.startServer('Durable');
    const port = server.address.split(':')[1] ?? '';
    const data = join(network.folder, 'Durable');
    for (const name of publishers) publish(server.address, name);
    for (let round = 1; round <= rounds; round += 1) {
      await noted(wanted / rounds + Math.floor(Math.random() * 50));
      await server.end('SIGKILL');
      server = await network.start('server', port, '--name', 'Durable', '--data', data);
    }
    await noted(1);
    for (const child of children) child.kill('SIGKILL');
    await server.end('SIGKILL');

    const file = join(data, 'moot.db');
    const checked = execFileSync(process.execPath, ['test/support/seal-checker.mjs', file], { encoding: 'utf8' });
    const entries = bodies(file);
    expect(checked).toBe(`1 logs, ${entries.length} entries\n`);
    const stored = new Map(entries);
    expect(repeated).toEqual([]);
    expect(acked.size).toBeGreaterThanOrEqual(wanted);
    expect(stored.size).toBe(entries.length);
    expect([...acked].filter(([draft, id]) => stored.get(draft) !== id)).toEqual([]);
  }, 240_000);
});
