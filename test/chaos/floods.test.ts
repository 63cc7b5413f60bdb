import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Community, connect, type Moot } from '../../src/client/index.js';
import { attacks } from '../support/http2-attacks.mjs';
import { forgetPeak, residentMiB } from '../support/memory.js';
import { type Daemon, Processes } from '../support/processes.js';

const mostMiB = 512;
const rounds = 4;
/** Of each of the many attacks on HTTP/2 itself. */
const fewRounds = 3;
const fewCalls = 30;
/** What one of them may add: its headers are garbage as soon as they are refused, and V8 clears that away when it must. */
const mostGrowthMiB = 400;
/** A connection may begin a thousand calls, and take them back, before the HTTP/2 library cuts it: others wait for that. */
const burstMs = 500;
const callsEach = 100;
/** The attacker and who is measured share two cores with the server, and with whatever else runs on the machine. */
const noiseMs = 100;

const network = new Processes();
let server: Daemon;
let moot: Moot;
let community: Community;
beforeAll(async () => {
  const registry = await network.startRegistry();
  server = await network.startServer('Target', '--idle-time', '3s', '--address-rate', 'off', '--member-rate', 'off');
  moot = await connect({ registry: registry.address, home: network.home, timeoutMs: 30_000 });
  community = await moot.join('Target', { as: 'ada' });
}, 60_000);
afterAll(async () => {
  await moot?.close();
  await network.close();
});

function memberToken(): string {
  const file = JSON.parse(readFileSync(join(network.home, 'memberships.json'), 'utf8')) as {
    memberships: readonly { token: string }[];
  };
  return file.memberships[0]?.token ?? '';
}

/** How long somebody else's calls take, one after the other: the 99th percentile, ms. */
async function p99(calls = callsEach): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < calls; n += 1) {
    const beganMs = performance.now();
    await community.publish({ topic: 'news', body: `${n}` });
    took.push(performance.now() - beganMs);
  }
  return took.sort((a, b) => a - b)[Math.ceil(calls * 0.99) - 1] ?? Number.NaN;
}

/** Goes on until `end`, which gives how often came what. */
async function startAttack(...args: string[]): Promise<{ end(): Promise<Readonly<Record<string, number>>> }> {
  const child: ChildProcess = fork('test/support/attacker.mjs', args);
  await once(child, 'message');
  const told = once(child, 'message') as Promise<[Record<string, number>]>;
  return {
    end: async () => {
      child.send('enough');
      return (await told)[0];
    },
  };
}

/** Attacks in some rounds and not in others. @returns what came of it; others and the memory were as they have to be. */
async function attacked(...args: string[]): Promise<Readonly<Record<string, number>>> {
  const { seen, peakMiB, alone, beside } = await attackedIn(rounds, callsEach, ...args);
  expect(peakMiB).toBeLessThan(mostMiB);
  expect(beside).toBeLessThan(2 * alone + noiseMs);
  return seen;
}

interface Borne {
  readonly seen: Readonly<Record<string, number>>;
  readonly beganMiB: number;
  readonly peakMiB: number;
  /** The 99th percentile of somebody else's calls, ms. */
  readonly alone: number;
  readonly beside: number;
}

async function attackedIn(rounds: number, calls: number, ...args: string[]): Promise<Borne> {
  const all: Record<string, number> = {};
  const [before, during]: [number[], number[]] = [[], []];
  await p99(calls);
  const beganMiB = forgetPeak(server.child.pid);
  for (let round = 0; round < rounds; round += 1) {
    before.push(await p99(calls));
    const attack = await startAttack(...args);
    during.push(await p99(calls));
    for (const [what, count] of Object.entries(await attack.end())) all[what] = (all[what] ?? 0) + count;
  }
  // The best round of each: what else runs on the machine only adds.
  const [alone, beside] = [Math.min(...before), Math.min(...during)];
  const peakMiB = residentMiB(server.child.pid, 'VmHWM') ?? Number.NaN;
  process.stdout.write(
    `FLOODS: ${args[0]}: ${JSON.stringify(all)}, ${Math.round(peakMiB)} MiB, p99 ${alone.toFixed(1)} ms before, ${beside.toFixed(1)} ms during\n`,
  );
  return { seen: all, beganMiB, peakMiB, alone, beside };
}

it('connections: those that send pings by the hundred thousand and make no call are cut, and others are served as before', async () => {
  const { cut = 0, pings = 0, ...others } = await attacked('pings', server.address);
  expect(cut).toBeGreaterThanOrEqual(4 * rounds);
  expect(pings).toBeGreaterThan(200_000);
  expect(others).toEqual({});
}, 180_000);

it('memory: compressed messages that become large are refused before they do, from strangers and from members', async () => {
  const strangers = await attacked('gzip', server.address);
  const members = await attacked('gzip', server.address, memberToken());
  for (const seen of [strangers, members]) expect(Object.keys(seen)).toEqual(['status 12']);
}, 180_000);

it.each(Object.keys(attacks))(
  'connections: those that send %s without end are cut, none of them ends the server, and others are served as before',
  async (kind) => {
    const { seen, beganMiB, peakMiB, alone, beside } = await attackedIn(
      fewRounds,
      fewCalls,
      `raw ${kind}`,
      server.address,
    );
    const { cut = 0, ...others } = seen;
    expect(peakMiB - beganMiB).toBeLessThan(mostGrowthMiB);
    expect(beside).toBeLessThan(2 * alone + burstMs);
    expect(cut).toBeGreaterThanOrEqual(4 * fewRounds);
    expect(others).toEqual({});
    expect([server.child.exitCode, server.child.signalCode]).toEqual([null, null]);
    expect(server.stderr()).not.toMatch(/ error |Unhandled|TypeError/);
  },
  180_000,
);

it('connections: 500 that are silent, or say no more than that they are there, are all closed when the idle limit has passed', async () => {
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  const settings = Buffer.from('000000040000000000', 'hex');
  const ping = Buffer.from('0000080600000000000102030405060708', 'hex');
  const port = Number(server.address.split(':').at(-1));
  const closed: Promise<unknown>[] = [];
  const hold = async (at: number): Promise<void> => {
    const socket = dial(port, '127.0.0.1').on('error', () => undefined);
    const end = once(socket, 'close');
    // The server speaks first on a connection that it keeps.
    await once(socket, 'data');
    socket.resume();
    if (at % 3 > 0) socket.write(Buffer.concat([preface, settings]));
    const pinging = at % 3 === 2 ? setInterval(() => socket.write(ping), 500) : undefined;
    closed.push(end.finally(() => clearInterval(pinging)));
  };
  await Promise.all(Array.from({ length: 500 }, (_, at) => hold(at)));
  expect(closed).toHaveLength(500);
  await Promise.all(closed);
  await community.publish({ topic: 'news', body: 'still here' });
}, 90_000);
