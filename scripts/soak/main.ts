import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../src/client/index.js';
import { type Child, oneMember, spawnJson } from '../bench/support.js';
import { parseSoakFlags } from './soak-flags.js';
import { Traffic } from './traffic.js';
import { type Moment, Watched } from './watched.js';

/**
 * A network with everything on, under load: three communities in a ring, linked both ways, with members who publish, follow
 * and ask, and a gateway; with a store and a bus the first community is two replicas. Before the clock runs the communities have a
 * history, and have lived for a quarter of an hour in three minutes: caches hold what they may, and each thread has as much garbage
 * as it is let have (V8 collects a thread of 8 MiB for the first time when it has 8 MiB more). It ends with 1 when memory or lag grows, or anything is lost,
 * refused or wrong.
 */
const { minutes, rate, store, bus } = parseSoakFlags(process.argv.slice(2));
/** After so long nothing that is still to be filled should be left to fill; a short soak has less. */
const settledMinute = Math.min(5, minutes / 2);
const mostSlope = 1;
const mostLagGrowth = 5;
/** What is read of them fills what a server keeps in memory of its database. */
const history = 25_000;
/** As lively, for so many minutes, before the clock runs. */
const [hurry, hurryMinutes] = [5, 3];
const names = ['Alder', 'Birch', 'Cedar'];

const folder = mkdtempSync(join(tmpdir(), 'moot-soak-'));
const children: Child[] = [];
const moot = (...args: string[]): Promise<Record<string, unknown>> =>
  spawnJson('node', ['dist/bin/moot.js', ...args, '--json', '--home', join(folder, 'home')], children);
process.once('SIGINT', () => {
  clean();
  process.exit(130);
});

function clean(): void {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

interface Network {
  readonly registry: string;
  readonly web: string;
  readonly watched: readonly Watched[];
}

async function startNetwork(): Promise<Network> {
  const watched: Watched[] = [];
  const start = async (name: string, ...args: string[]): Promise<string> => {
    const { address, metrics } = await moot(...args, '--metrics', '0');
    watched.push(new Watched(name, String(metrics)));
    return String(address);
  };
  const registry = await start('registry', 'registry', '--port', '0');
  const server = async (name: string, folderName: string, ...more: string[]): Promise<string> => {
    const args = ['server', '0', '--name', name, '--data', join(folder, folderName), '--registry', registry];
    return start(folderName, ...args, '--readable', 'public', ...oneMember, ...more);
  };
  const [first = '', ...others] = names;
  const shared = [...(store ? ['--store', store] : []), ...(bus ? ['--bus', bus] : [])];
  const identity = ['--identity', join(folder, 'shared.pem')];
  await server(first, first, ...(store ? identity : []), ...shared);
  if (store && bus) await server(first, `${first}'s replica`, ...identity, ...shared);
  for (const name of others) await server(name, name);
  const home = await connect({ registry, home: join(folder, 'home') });
  for (const [at, name] of names.entries()) {
    const operator = await home.operator(name);
    for (const other of [names[(at + 1) % names.length], names[(at + 2) % names.length]])
      if (other !== undefined) await operator.connect(other);
  }
  await home.close();
  const web = await start('gateway', 'web', '--port', '0', '--registry', registry);
  return { registry, web, watched };
}

/** @returns the bounds that were broken. */
async function soak(): Promise<readonly string[]> {
  const { registry, web, watched } = await startNetwork();
  const traffic = await Traffic.start({ registry, names, web, rate, history });
  process.stdout.write(`${traffic.published} articles of history are in\n`);
  await traffic.hurry(hurry, hurryMinutes);
  process.stdout.write(`${traffic.published} published, ${traffic.queries} queries when the clock begins to run\n`);
  const beganMs = performance.now();
  const minute = (): number => (performance.now() - beganMs) / 60_000;
  for (let next = 0; minute() < minutes; next += 1) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next * 10_000 - minute() * 60_000)));
    await Promise.all(watched.map((server) => server.look(minute())));
    if (next % 6 !== 0) continue;
    const memory = watched.map(({ name, newest }) => `${name} ${inMiB(newest)}`).join(', ');
    process.stdout.write(
      `${minute().toFixed(1)} min: ${traffic.published} published, ${traffic.queries} queries; ${memory}\n`,
    );
  }
  const missing = await traffic.stop(10_000);
  const broken = [...traffic.faults].map(([fault, times]) => `${fault} (${times} times)`);
  if (missing > 0) broken.push(`${missing} articles did not arrive at who follows the network`);
  for (const server of watched) {
    const [slope, growth] = [server.slope(settledMinute), server.lagGrowth()];
    const after = `after minute ${settledMinute}`;
    process.stdout.write(
      `${server.name}: ${slope.toFixed(2)} MiB a minute ${after}, lag grew by ${growth.toFixed(2)} s\n`,
    );
    if (!(slope < mostSlope)) broken.push(`the memory of ${server.name} grows by ${slope.toFixed(2)} MiB a minute`);
    if (!(growth < mostLagGrowth)) broken.push(`the feed of ${server.name} falls behind by ${growth.toFixed(1)} s`);
    broken.push(...server.faults.map((fault) => `${server.name}: ${fault}`));
  }
  process.stdout.write(`${traffic.published} published, ${traffic.received} received, ${traffic.queries} queries\n`);
  return broken;
}

function inMiB(moment: Moment | undefined): string {
  const [rss, heap, external] = [moment?.rssMiB, moment?.heapMiB, moment?.externalMiB].map((mib) => mib?.toFixed(0));
  return `${rss} MiB (heap ${heap}, outside of it ${external})`;
}

const broken = await soak().finally(clean);
for (const fault of broken) process.stdout.write(`BROKEN: ${fault}\n`);
if (broken.length === 0) process.stdout.write('every bound held\n');
process.exitCode = broken.length === 0 ? 0 : 1;
