import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type Daemon, Processes } from '../support/processes.js';
import { lostFrom, Publishing, storedBodies } from '../support/publishing.js';

const rounds = 20;
const wanted = 20_000;

const network = new Processes();
const publishing = new Publishing();
afterAll(async () => {
  await publishing.end();
  await network.close();
});

describe('kill -9 with drafts in flight', () => {
  it('loses no acknowledged article, doubles none, and leaves no hole', async () => {
    let server: Daemon = await network.startServer('Durable');
    const port = server.address.split(':')[1] ?? '';
    const data = join(network.folder, 'Durable');
    for (const name of ['ada', 'bob', 'cleo']) publishing.start(server.address, name);
    for (let round = 1; round <= rounds; round += 1) {
      await publishing.noted(wanted / rounds + Math.floor(Math.random() * 50));
      await server.end('SIGKILL');
      server = await network.start('server', port, '--name', 'Durable', '--data', data);
    }
    await publishing.noted(1);
    await publishing.end();
    await server.end('SIGKILL');

    const file = join(data, 'moot.db');
    const checked = execFileSync(process.execPath, ['test/support/seal-checker.mjs', file], { encoding: 'utf8' });
    const entries = storedBodies(file);
    expect(checked).toBe(`1 logs, ${entries.length} entries\n`);
    expect(publishing.acked.size).toBeGreaterThanOrEqual(wanted);
    expect(publishing.repeated).toEqual([]);
    expect(new Map(entries).size).toBe(entries.length);
    expect(lostFrom(file, publishing)).toEqual([]);
  }, 240_000);
});
