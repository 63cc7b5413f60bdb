import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Moot } from '../../src/client/index.js';
import { parseAddress } from '../../src/core/address.js';
import { TestNetwork } from '../support/network.js';

const network = new TestNetwork();
const log: string[] = [];
let moot: Moot;
beforeAll(async () => {
  await network.start(['Othello']);
  await network.startServer('Hamlet', { log: ({ text }) => log.push(text) });
  moot = await network.connect();
});
afterAll(async () => {
  await moot.close();
  await network.stop();
});

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await pause(50);
}

it('asks for the key again over each new connection: another one breaks the link, and says so', async () => {
  const othello = network.servers.get('Othello');
  const peers = () => network.servers.get('Hamlet')?.view.peers() ?? [];
  const operator = await moot.operator('Hamlet', { tokenFile: `${network.folder}/Hamlet/operator.token` });
  await operator.connect('Othello');
  const ada = await moot.join('Hamlet', { as: 'ada' });
  expect((await ada.query().report).complete).toBe(true);

  const { port } = parseAddress(othello?.address ?? '');
  await othello?.stop();
  const impostor = await network.startServer('Impostor', { port, registries: [] });
  const another = 'what answers at that address is not the community it was';
  await until(() => peers()[0]?.reason === another);
  expect(peers()).toMatchObject([{ name: 'Othello', state: 'down' }]);
  expect(await operator.peers()).toMatchObject([{ state: 'down', reason: another }]);
  const { complete, rows } = await ada.query().report;
  expect([complete, rows.at(-1)]).toEqual([false, expect.objectContaining({ outcome: 'DENIED', reason: another })]);
  await until(() => log.includes(`the link to Othello is broken: ${another}`));

  await impostor.stop();
  network.servers.delete('Impostor');
  await network.startServer('Othello', { port, data: `${network.folder}/Othello` });
  await until(() => peers()[0]?.state === 'up');
  await until(async () => (await ada.query().report).complete);
});
