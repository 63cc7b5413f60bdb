import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type Moot } from '../../src/client/index.js';
import { Processes } from '../support/processes.js';
import { key, Pty } from '../support/pty.js';

const network = new Processes();
const open: Pty[] = [];
let registry = '';
let moot: Moot;
beforeAll(async () => {
  registry = (await network.startRegistry()).address;
  moot = await connect({ registry });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((pty) => pty.close()));
});
afterAll(async () => {
  await moot.close();
  await network.close();
});

async function server(name: string, ...args: string[]): Promise<{ pty: Pty; port: string }> {
  const data = `${network.folder}/${name}`;
  const pty = new Pty(['server', '0', '--name', name, '--data', data, ...args], { registry, home: network.home });
  open.push(pty);
  const told = await pty.until(`${name}> `);
  return { pty, port: /ready at localhost:(\d+)/.exec(told)?.[1] ?? '' };
}

describe('the console of a running server', () => {
  it('S4.3 status, peers, topics and help answer; exit really ends it', async () => {
    const { pty } = await server('Hamlet', '--topics', 'town,sky');
    await network.startServer('Othello', '--store', 'memory:');
    await network.ok('connect', 'Hamlet', 'Othello');
    const ada = await moot.join('Hamlet', { as: 'ada' });
    const bea = await (await connect({ registry })).join('Hamlet', { as: 'bea' });
    const feed = ada.subscribe({ topics: ['town', 'sky'] });
    const reading = (async () => {
      for await (const { type } of feed) if (type === 'article') return;
    })();
    await pty.until('ada connected, subscribed to town, sky');
    await bea.publish({ topic: 'town.notes', body: 'a note' });
    await reading;
    await pty.until('ada unsubscribed from town, sky');
    const everything = ada.subscribe();
    const ended = everything[Symbol.asyncIterator]().next();
    await pty.until('ada connected, subscribed to everything');
    await ended;
    const status = await pty.type(`STATUS${key.enter}`, 'subscribers: 1: ada (everything)');
    expect(status).toMatch(/Hamlet at localhost:\d+: 2 members, 1 article\r/);
    expect(status).toContain('publishers since it started: 1: bea');
    expect(await pty.type(`peers${key.enter}`, ', up')).toMatch(/Othello at localhost:\d+, up/);
    expect(await pty.type(`topics${key.enter}`, 'everything: 1 subscriber')).toContain(
      'town.notes: 1 article, 0 subscribers',
    );
    await pty.type(`statsu${key.enter}`, 'try: status');
    await pty.type(`help${key.enter}`, 'stop the server, gracefully');
    everything.close();
    const status2 = await pty.end(`exit${key.enter}`);
    expect(status2).toBe(0);
    expect(pty.raw).toContain('stopping; again to stop at once');
    await expect(ada.describe({ timeoutMs: 2000 })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('S4.3 --verbose shows articles as they arrive, with their sender, above the line that is typed', async () => {
    const { pty } = await server('Lear', '--verbose');
    const cleo = await moot.join('Lear', { as: 'cleo' });
    await pty.type('stat', 'stat');
    await cleo.publish({ topic: 'storm', body: 'Blow, winds\nand crack', author: 'Lear himself' });
    await pty.until('[storm] Lear himself: Blow, winds');
    await pty.type(`us${key.enter}`, 'publishers since it started: 1: cleo');
    expect(await pty.end(key.ctrlC)).toBe(0);
  });

  it('S2.5 S4.4 says who connected, subscribed, was lost and came back, at once', async () => {
    const { pty, port } = await server('Macbeth');
    const dora = { registry, home: `${network.folder}/dora` };
    const shell = new Pty(['shell'], dora);
    open.push(shell);
    await shell.until('moot> ');
    await shell.type(`CONNECT ${port} dora${key.enter}`, 'dora@Macbeth> ');
    await shell.type(`SUBSCRIBE witches${key.enter}`, 'OK witches');
    await pty.until('dora connected, subscribed to witches');
    await shell.type(`SUBSCRIBE woods${key.enter}`, 'OK woods');
    await pty.until('dora subscribed to woods');
    await shell.type(`UNSUBSCRIBE witches${key.enter}`, 'OK witches');
    await pty.until('dora unsubscribed from witches');
    await shell.close();
    await pty.until('dora was lost, subscribed to woods');
    const again = new Pty(['shell'], dora);
    open.push(again);
    await again.until('moot> ');
    await again.type(`CONNECT ${port} dora${key.enter}`, 'your subscriptions are back');
    await pty.until('dora came back, subscribed to woods');
    await again.type(`DISCONNECT${key.enter}`, 'OK disconnected');
    await pty.until('dora unsubscribed from woods');
    const subscriber = network.converse('subscriber', '-i', 'eve', '-p', port);
    await pty.until('eve connected, subscribed to everything');
    subscriber.type('terminate\n');
    await pty.until('eve unsubscribed from everything');
    expect(await pty.type(`status${key.enter}`, 'subscribers: 0')).toContain('2 members, 0 articles');
  });

  it('S2.5 without a terminal there is no console, and --verbose logs the same for machines', async () => {
    const daemon = network.converse('server', '0', '--name', 'Timon', '--data', `${network.folder}/Timon`, '--verbose');
    await daemon.until('"ready"');
    const elsa = await moot.join('Timon', { as: 'elsa' });
    const feed = elsa.subscribe({ topics: ['gold'] });
    const next = feed[Symbol.asyncIterator]().next();
    await daemon.until('elsa connected');
    await next;
    expect(daemon.stderr).toMatch(
      / info elsa connected, subscribed to gold event="connected" memberId=".+" topics="gold"\n/,
    );
    feed.close();
    expect(await daemon.end('SIGTERM')).toBe(0);
  });
});
