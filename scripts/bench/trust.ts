import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestAuthority } from '../../test/support/certificates.js';
import { measureFlow } from './live/flow.js';
import { type BenchServer, startBenchServer } from './live/server.js';
import { measureSealCheck } from './seal-check.js';
import { median, oneMember, spawnJson } from './support.js';

/** What a community does with TLS and all limits on, to what it does in plaintext with none. The guard stands before both. */
export interface TrustFigures {
  readonly unaryRatio: number;
  readonly streamRatio: number;
  /** One publisher, 100 subscribers in two processes. */
  readonly fanOutRatio: number;
  /** Of one article, in batches of 64. */
  readonly sealMicroseconds: number;
}

const seconds = 3;
const noLimits = [
  'member-rate',
  'member-articles-a-day',
  'member-bytes-a-day',
  'peer-rate',
  'address-rate',
  'caller-streams',
  'address-connections',
  'connections',
].flatMap((name) => [`--${name}`, 'off']);

type Kind = 'unary' | 'stream' | 'fan-out';
const kinds: readonly Kind[] = ['unary', 'stream', 'fan-out'];

export async function benchTrust(rounds: number, say: (line: string) => void): Promise<TrustFigures> {
  const sealMicroseconds = measureSealCheck(rounds);
  say(`a seal check in batches of 64: ${sealMicroseconds.toFixed(2)} µs an article`);
  const folder = mkdtempSync(join(tmpdir(), 'moot-bench-'));
  const servers: BenchServer[] = [];
  try {
    const { cert, key } = new TestAuthority(folder).issue('bench');
    const bare = await startBenchServer(noLimits);
    servers.push(bare);
    const guarded = await startBenchServer([...oneMember, '--tls-cert', cert, '--tls-key', key]);
    servers.push(guarded);
    const ratios: Record<Kind, number[]> = { unary: [], stream: [], 'fan-out': [] };
    for (let round = 1; round <= rounds; round += 1)
      for (const kind of kinds) {
        const [without, withAll] = [await perSecond(kind, bare), await perSecond(kind, guarded)];
        ratios[kind].push(withAll / without);
        say(
          `trust, round ${round} of ${rounds}, ${kind}: ${Math.round(withAll)} of ${Math.round(without)} articles a second`,
        );
      }
    return {
      unaryRatio: median(ratios.unary),
      streamRatio: median(ratios.stream),
      fanOutRatio: median(ratios['fan-out']),
      sealMicroseconds,
    };
  } finally {
    for (const server of servers) server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function perSecond(kind: Kind, { address, token }: BenchServer): Promise<number> {
  if (kind === 'fan-out')
    return (await measureFlow({ system: 'moot', address, token, subscribers: 100, processes: 2, seconds })).perSecond;
  const run = ['scripts/bench/load.ts', kind, address, token, String(seconds), '64', '50'];
  return Number((await spawnJson('tsx', run, [])).perSecond);
}
