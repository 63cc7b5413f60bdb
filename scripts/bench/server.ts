import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadArticles } from '../../test/support/corpus.js';
import { residentMiB } from '../../test/support/memory.js';
import { Processes } from '../../test/support/processes.js';
import { becomeMember } from './publish.js';
import { median, oneMember, spawnJson } from './support.js';

/** What one server costs to start and to keep, and how it bears work. */
export interface ServerFigures {
  readonly readySeconds: number;
  readonly idleMiB: number;
  readonly importSeconds: number;
  readonly loopDelayMs: number;
}

const imported = 9075;
/** After its start a server is left alone for so long before it is weighed. */
const restMs = 3000;
const readers = 4;
const loadSeconds = 5;

export async function benchServer(rounds: number, say: (line: string) => void): Promise<ServerFigures> {
  const lines = importLines();
  const all = { ready: [] as number[], idle: [] as number[], importing: [] as number[], delay: [] as number[] };
  for (let round = 1; round <= rounds; round += 1) {
    const network = new Processes();
    try {
      const began = performance.now();
      const server = await network.startServer('Bench');
      all.ready.push((performance.now() - began) / 1000);
      await pause(restMs);
      all.idle.push(residentMiB(server.child.pid) ?? Number.NaN);
      await network.ok('join', server.address, '--as', 'ada');
      const importBegan = performance.now();
      const { status, stderr } = await network.run(['import', server.address, '-'], lines);
      if (status !== 0) throw new Error(`the import ended with ${status}: ${stderr}`);
      all.importing.push((performance.now() - importBegan) / 1000);
    } finally {
      await network.close();
    }
    all.delay.push(await loopDelay());
    const last = Object.entries(all).map(([name, list]) => `${name} ${(list.at(-1) ?? 0).toFixed(2)}`);
    say(`server, round ${round} of ${rounds}: ${last.join(', ')}`);
  }
  return {
    readySeconds: median(all.ready),
    idleMiB: median(all.idle),
    importSeconds: median(all.importing),
    loopDelayMs: median(all.delay),
  };
}

function importLines(): string {
  const { articles } = loadArticles({ ...process.env, CI: '' });
  const list = Array.from({ length: imported }, (_, at) => articles[at % articles.length]);
  return list.map((article) => `${JSON.stringify(article)}\n`).join('');
}

/** The 99th percentile of the event loop's delay in a server that four readers query while drafts are published in it. */
async function loopDelay(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'moot-bench-'));
  const children: Parameters<typeof spawnJson>[2] = [];
  const [probe, result] = [join(folder, 'probe.cjs'), join(folder, 'delay')];
  writeFileSync(
    probe,
    `if (require('node:worker_threads').isMainThread) {
       const delay = require('node:perf_hooks').monitorEventLoopDelay({ resolution: 1 });
       process.on('SIGUSR2', () => { delay.reset(); delay.enable(); });
       process.on('SIGWINCH', () => require('node:fs').writeFileSync(${JSON.stringify(result)}, String(delay.percentile(99) / 1e6)));
     }`,
  );
  try {
    const args = ['--require', probe, 'dist/bin/moot.js', 'server', '0', '--name', 'Bench', '--json', '--home', folder];
    const files = ['--data', join(folder, 'data'), '--registry', 'localhost:1', ...oneMember];
    const { address } = await spawnJson('node', [...args, ...files], children);
    const token = await becomeMember(String(address));
    const load = (kind: string, inFlight: string): Promise<unknown> => {
      const run = ['scripts/bench/load.ts', kind, String(address), token, String(loadSeconds), inFlight, '50'];
      return spawnJson('tsx', run, []);
    };
    const work = Promise.all([load('unary', '16'), ...Array.from({ length: readers }, () => load('query', '1'))]);
    // The loaders take some seconds to start; what counts is measured while all of them run.
    await pause(2500);
    children[0]?.kill('SIGUSR2');
    await work;
    children[0]?.kill('SIGWINCH');
    while (!existsSync(result)) await pause(10);
    return Number(readFileSync(result, 'utf8'));
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
