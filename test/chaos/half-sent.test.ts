import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, expect, it } from '@jest/globals';
import { connect, type Moot } from '../../src/client/index.js';
import { CommunityServiceService } from '../../src/wire/gen/moot/v1/community.js';
import { residentMiB } from '../support/memory.js';
import { Processes } from '../support/processes.js';

const calls = 5000;
const connections = 50;
/** A request has 10 s to arrive; the rest is for 5,000 answers. */
const mostMs = 11_000;
const mostMiB = 512;

const network = new Processes();
const sessions: ClientHttp2Session[] = [];
let moot: Moot | undefined;
afterAll(async () => {
  for (const session of sessions) session.destroy();
  await moot?.close();
  await network.close();
});

interface Ended {
  readonly status: string;
  readonly tookMs: number;
}

/** Sends the headers of a call and the first bytes of its message. Resolves when they have left, with what then ends it. */
async function halfSend(session: ClientHttp2Session): Promise<{ readonly end: Promise<Ended> }> {
  const stream = session.request({
    ':method': 'POST',
    ':path': CommunityServiceService.describe.path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  let sentMs = Number.NaN;
  const end = new Promise<Ended>((resolve, reject) => {
    const told = (headers: object): void => {
      const status = (headers as Record<string, string>)['grpc-status'];
      if (status !== undefined) resolve({ status, tookMs: performance.now() - sentMs });
    };
    stream.on('response', told).on('trailers', told).on('error', reject).resume();
    stream.on('close', () => reject(new Error('the call ended without a status')));
  });
  await new Promise<void>((resolve) => {
    stream.write(Buffer.from([0, 0, 0, 0, 100, 1, 2, 3]), () => resolve());
  });
  sentMs = performance.now();
  return { end };
}

it('memory: 5,000 half-sent calls are all ended within 11 s, and others are served meanwhile', async () => {
  const registry = await network.startRegistry();
  const server = await network.startServer('Patient', '--address-rate', 'off');
  moot = await connect({ registry: registry.address, home: network.home, timeoutMs: 20_000 });
  const member = await moot.join('Patient', { as: 'ada' });
  const halves: Promise<Ended>[] = [];
  for (let n = 0; n < connections; n += 1) {
    const session = connectHttp2(`http://${server.address}`);
    sessions.push(session);
    const sent = await Promise.all(Array.from({ length: calls / connections }, () => halfSend(session)));
    halves.push(...sent.map(({ end }) => end));
  }
  const all = Promise.all(halves);
  for (let n = 0; n < 50; n += 1) await member.publish({ topic: 'news', body: `${n}` });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const ended = await all;
  // On a busy machine this process hears late of what came in time.
  const lateMs = delay.max / 1e6;
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['4']));
  expect(Math.max(...ended.map(({ tookMs }) => tookMs))).toBeLessThan(mostMs + lateMs);
  expect(residentMiB(server.child.pid)).toBeLessThan(mostMiB);
});
