import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommunityServiceClient } from '../../dist/wire/gen/moot/v1/community.js';
import { dial } from './dial.js';
import { type Child, median, oneMember, spawnJson } from './support.js';

/** How fast a community publishes, beside a bare echo in the same run. */
export interface PublishFigures {
  readonly echoPerSecond: number;
  readonly unaryPerSecond: number;
  readonly streamPerSecond: number;
  /** Medians of the ratios, round by round. */
  readonly unaryRatio: number;
  readonly streamRatio: number;
}

const seconds = '3';
const inFlight = '64';
const articlesPerFrame = '50';

export async function benchPublish(rounds: number, say: (line: string) => void): Promise<PublishFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'moot-bench-'));
  const children: Child[] = [];
  try {
    const echo = await spawnJson('tsx', ['scripts/bench/echo-server.ts'], children);
    const args = ['dist/bin/moot.js', 'server', '0', '--name', 'Bench', '--data', join(folder, 'data')];
    const server = await spawnJson(
      'node',
      [...args, ...oneMember, '--registry', 'localhost:1', '--home', folder, '--json'],
      children,
    );
    const token = await becomeMember(String(server.address));
    const load = async (kind: string, address: unknown): Promise<number> => {
      const file = 'scripts/bench/load.ts';
      const run = [file, kind, String(address), token, seconds, inFlight, articlesPerFrame];
      return Number((await spawnJson('tsx', run, [])).perSecond);
    };
    const samples = { echo: [] as number[], unary: [] as number[], stream: [] as number[] };
    for (let round = 1; round <= rounds; round += 1) {
      samples.echo.push(await load('echo', echo.address));
      samples.unary.push(await load('unary', server.address));
      samples.stream.push(await load('stream', server.address));
      const last = Object.entries(samples).map(([name, list]) => `${name} ${Math.round(list.at(-1) ?? 0)}/s`);
      say(`publish, round ${round} of ${rounds}: ${last.join(', ')}`);
    }
    const ratio = (list: readonly number[]): number => median(list.map((value, at) => value / (samples.echo[at] ?? 1)));
    return {
      echoPerSecond: median(samples.echo),
      unaryPerSecond: median(samples.unary),
      streamPerSecond: median(samples.stream),
      unaryRatio: ratio(samples.unary),
      streamRatio: ratio(samples.stream),
    };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function becomeMember(address: string): Promise<string> {
  const client = new CommunityServiceClient(...dial(address));
  return new Promise((resolve, reject) => {
    client.join({ name: 'bench' }, (error, response) => {
      client.close();
      if (error) reject(error);
      else resolve(response.token);
    });
  });
}
