import { afterEach, describe, expect, it } from '@jest/globals';
import { connect, type Moot } from '../../src/client/index.js';
import { type Daemon, Processes } from '../support/processes.js';

const kills = 20;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a registry that is killed', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });

  it('S0.2 S0.3 twenty times under load costs members not one call, and both communities are listed again', async () => {
    const processes = new Processes();
    open.push(processes);
    let registry: Daemon = await processes.startRegistry();
    const port = registry.address.split(':')[1] ?? '';
    const [hamlet, othello] = [await processes.startServer('Hamlet'), await processes.startServer('Othello')];
    await processes.ok('connect', 'Hamlet', 'Othello');
    const moot: Moot = await connect({ registry: registry.address });
    open.push(moot);
    await moot.join(hamlet.address, { as: 'ada' });
    await moot.join(othello.address, { as: 'ada' });
    const there = await moot.community(hamlet.address);
    const far = await moot.community(othello.address);
    const failures: string[] = [];
    let [calls, reconnects] = [0, 0];
    const arrived = new Set<string>();
    const published: string[] = [];
    let isOver = false;
    const subscription = there.subscribe({ from: 'now' });
    const reading = (async () => {
      for await (const event of subscription) {
        if (event.type === 'article') arrived.add(event.article.body);
        if (event.type === 'reconnecting') reconnects += 1;
      }
    })();
    const repeat = async (call: (number: number) => Promise<unknown>): Promise<void> => {
      for (let number = 0; !isOver; number += 1) {
        calls += 1;
        await call(number).catch((error: unknown) => failures.push(String(error)));
        await pause(10);
      }
    };
    const publish = (name: string, community: typeof there) =>
      repeat(async (number) => {
        const body = `${name} ${number}`;
        await community.publish({ topic: 't', author: 'ada', body });
        published.push(body);
      });
    // From here on both logs are followed: what was published before somebody listened is not theirs.
    for (const [name, community] of Object.entries({ here: there, far }))
      for (let number = 0; ![...arrived].some((body) => body.startsWith(`first ${name}`)); number += 1) {
        await community.publish({ topic: 't', author: 'ada', body: `first ${name} ${number}` });
        await pause(50);
      }
    const work = [publish('here', there), publish('far', far), repeat(() => there.query({ limit: 5 }).report)];
    for (let kill = 0; kill < kills; kill += 1) {
      await registry.end('SIGKILL');
      await pause(100);
      registry = await processes.start('registry', '--port', port);
      await pause(200);
    }
    isOver = true;
    await Promise.all(work);
    while (!published.every((body) => arrived.has(body))) await pause(20);
    subscription.close();
    await reading;
    expect(failures).toEqual([]);
    expect(reconnects).toBe(0);
    expect(calls).toBeGreaterThan(100);
    const names = async () => (await moot.servers().catch(() => [])).map(({ name }) => name).sort();
    while ((await names()).length < 2) await pause(50);
    expect(await names()).toEqual(['Hamlet', 'Othello']);
  });
});
