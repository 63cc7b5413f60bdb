import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type Moot } from '../../src/client/index.js';
import { type Daemon, Processes } from '../support/processes.js';
import { key, Pty } from '../support/pty.js';

const network = new Processes();
const open: Pty[] = [];
let registry = '';
let server: Daemon;
let port = '';
let moot: Moot;

beforeAll(async () => {
  registry = (await network.startRegistry()).address;
  server = await network.startServer('Hamlet');
  port = server.address.split(':')[1] ?? '';
  moot = await connect({ registry });
  await moot.join('Hamlet', { as: 'writer' });
});
afterAll(async () => {
  await Promise.all(open.map((pty) => pty.close()));
  await moot.close();
  await network.close();
});

async function shell(): Promise<Pty> {
  const pty = new Pty(['shell'], { registry, home: network.home });
  open.push(pty);
  await pty.until('moot> ');
  return pty;
}

async function publish(from: number, to: number): Promise<number[]> {
  const writer = await moot.community('Hamlet');
  const numbers = Array.from({ length: to - from }, (_, at) => from + at);
  for (const at of numbers)
    await writer.publish({ topic: at % 2 ? 'kept' : 'other', body: `${at} ${'x'.repeat(500)}` });
  return numbers;
}

async function restart(): Promise<void> {
  await server.end('SIGKILL');
  server = await network.start('server', port, '--name', 'Hamlet', '--data', join(network.folder, 'Hamlet'));
}

const numbersIn = (told: string): number[] => [...told.matchAll(/writer: (\d+) x/g)].map((match) => Number(match[1]));

describe('lost clients', () => {
  it('S2.3 gone without a word, the server killed and started again meanwhile: all that came, in order, over 10 KiB', async () => {
    const pty = await shell();
    await pty.type(`CONNECT ${port} ada${key.enter}`, 'ada@Hamlet> ');
    await pty.type(`SUBSCRIBE kept${key.enter}`, 'OK kept');
    await pty.type(`SUBSCRIBE other${key.enter}`, 'OK other');
    await pty.close();
    const before = await publish(0, 20);
    await restart();
    const after = await publish(20, 40);
    const back = await shell();
    const told = await back.type(`CONNECT ${port} ada${key.enter}`, '40 articles that you missed are above');
    expect(numbersIn(told)).toEqual([...before, ...after]);
    expect(await back.end(`QUIT${key.enter}`)).toBe(0);
  });

  it('S2.3 a client that stays comes back by itself when the server does, and misses nothing', async () => {
    const pty = await shell();
    await pty.type(`CONNECT ${port} bea${key.enter}`, 'bea@Hamlet> ');
    await pty.type(`SUBSCRIBE kept${key.enter}`, 'OK kept');
    await server.end('SIGKILL');
    await pty.until('connection lost: ');
    server = await network.start('server', port, '--name', 'Hamlet', '--data', join(network.folder, 'Hamlet'));
    await publish(41, 42);
    const told = await pty.until('writer: 41 ');
    expect(told).not.toContain('writer: 39');
    await pty.type(`PUBLISH kept back again${key.enter}`, '[kept] bea: back again');
  });

  it('S4.4 one whose machine answers no more is given up by the server within the keepalive limit of 40 s', async () => {
    const frozen = await network.start(
      'server',
      '0',
      '--name',
      'Frozen',
      '--data',
      join(network.folder, 'Frozen'),
      '--verbose',
    );
    const client = network.converse(
      'subscriber',
      '-i',
      'cleo',
      '-H',
      'localhost',
      '-p',
      frozen.address.split(':')[1] ?? '',
    );
    await client.until('OK');
    client.freeze();
    await frozen.says('cleo was lost');
  });
});
