import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import type { RunningServer } from '../../src/app/config.js';
import { startServer } from '../../src/app/start-server.js';
import { connect, type Moot } from '../../src/client/index.js';
import { codeOf } from '../../src/core/errors.js';
import { Processes } from '../support/processes.js';

const network = new Processes();
let busy: RunningServer | undefined;
let moot: Moot | undefined;
let stopWork = (): void => undefined;
afterAll(async () => {
  stopWork();
  await moot?.close();
  await busy?.stop();
  await network.close();
});

/** Whatever else is to be done in this process waits 0.6 s for its turn. */
function overwork(): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const work = (): void => {
    const untilMs = performance.now() + 600;
    while (performance.now() < untilMs);
    timer = setTimeout(work, 1);
  };
  timer = setTimeout(work, 1);
  return () => clearTimeout(timer);
}

it('S0.14 a server whose event loop is behind turns queries away and says so, and its feed goes on', async () => {
  const registry = await network.startRegistry();
  await network.startServer('Near');
  busy = await startServer({
    host: '127.0.0.1',
    port: 0,
    name: 'Busy',
    data: join(network.folder, 'Busy'),
    topics: [],
    admission: 'open',
    readable: 'members',
    store: 'memory:',
    registries: [registry.address],
    home: network.home,
    insecure: false,
  });
  moot = await connect({ registry: registry.address, home: network.home, timeoutMs: 20_000 });
  await (await moot.operator('Near')).connect('Busy');
  const [near, at] = [await moot.join('Near', { as: 'ada' }), await moot.join('Busy', { as: 'ada' })];
  await at.publish({ topic: 'news', body: 'before' });
  expect((await near.query().report).complete).toBe(true);
  const feed = near.subscribe({ from: 'beginning' });
  stopWork = overwork();
  try {
    let outcome = '';
    while (outcome !== 'STALE' && outcome !== 'OVERLOADED') {
      const { rows } = await near.query().report;
      const row = rows.find(({ serverId }) => serverId === at.id);
      if (row && row.outcome !== 'ANSWERED') {
        outcome = row.outcome;
        expect(row.reason).toMatch(
          /this server is too busy: it has more to do than it can; try again in a few seconds$/,
        );
      }
    }
    expect(await at.query({ scope: 'local' }).report.then(() => 'answered', codeOf)).toBe('full');
    const { id } = await at.publish({ topic: 'news', body: 'still here' });
    for await (const event of feed) if (event.type === 'article' && event.article.id === id) break;
  } finally {
    stopWork();
    feed.close();
  }
  while (!(await near.query().report).complete);
}, 80_000);
