import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { type Community, connect, type Moot } from '../../dist/client/index.js';
import { createIdentity } from '../../src/identity/keys.js';
import { Processes } from '../../test/support/processes.js';
import { becomeMember } from './publish.js';
import { fill } from './store.js';
import { articles } from './store-articles.js';
import { median, spawnJson } from './support.js';

type Say = (line: string) => void;

export interface MirrorFigures {
  /** What each further server on the way adds until a subscriber there has an article, to a unary echo; idle. */
  readonly hopRatio: number;
  /** Articles a second that a new link mirrors, seals checked, until the last is stored. */
  readonly perSecond: number;
}

const mirrored = 1_000_000;
const hops = 3;
const articlesTold = 150;

export async function benchMirror(rounds: number, say: Say): Promise<MirrorFigures> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) ratios.push(await hopRatio(say));
  return { hopRatio: median(ratios), perSecond: await mirroring(say) };
}

/** A chain of servers, each of which follows the one before; an article is published at the first. */
async function hopRatio(say: Say): Promise<number> {
  const network = new Processes();
  try {
    const registry = await network.startRegistry();
    const names = Array.from({ length: hops }, (_, n) => `Hop${n}`);
    for (const name of names) await network.startServer(name);
    for (let n = 1; n < hops; n += 1) await network.ok('connect', names[n] ?? '', names[n - 1] ?? '');
    const moot = await connect({ registry: registry.address });
    const members: Community[] = [];
    for (const name of names) members.push(await moot.join(name, { as: 'ada' }));
    const echoMs = await echoed(network);
    const late = await delays(members);
    await moot.close();
    const added = (late.at(-1) ?? 0) - (late[0] ?? 0);
    const each = added / (hops - 1);
    say(`mirror: a hop adds ${each.toFixed(2)} ms; an echo takes ${echoMs.toFixed(2)} ms`);
    return each / echoMs;
  } finally {
    await network.close();
  }
}

/** Median milliseconds from the call of `publish` until a subscriber at each server has the article. */
async function delays(members: readonly Community[]): Promise<number[]> {
  const feeds = members.map((member) => member.subscribe()[Symbol.asyncIterator]());
  const next = async (feed: (typeof feeds)[number], type: string): Promise<number> => {
    for (let event = await feed.next(); event.value?.type !== type; event = await feed.next());
    return performance.now();
  };
  for (const feed of feeds) await next(feed, 'caughtUp');
  const samples = members.map((): number[] => []);
  for (let n = 0; n < articlesTold; n += 1) {
    await pause(5);
    const began = performance.now();
    const seen = Promise.all(feeds.map((feed) => next(feed, 'article')));
    await members[0]?.publish({ topic: 'bench', body: `article ${n} ${'x'.repeat(240)}` });
    for (const [at, time] of (await seen).entries()) samples[at]?.push(time - began);
  }
  // The first ones warm up.
  return samples.map((list) => median(list.slice(articlesTold / 5)));
}

async function echoed(network: Processes): Promise<number> {
  const children: Parameters<typeof spawnJson>[2] = [];
  try {
    const { address } = await spawnJson('tsx', ['scripts/bench/echo-server.ts'], children);
    const token = await becomeMember((await network.startServer('Echoes')).address);
    const file = 'scripts/bench/load.ts';
    const { perSecond } = await spawnJson('tsx', [file, 'echo', String(address), token, '3', '1', '1'], []);
    return 1000 / Number(perSecond);
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

/** A server with a million articles, and one that is linked to it. */
async function mirroring(say: Say): Promise<number> {
  const network = new Processes();
  let moot: Moot | undefined;
  try {
    const identity = createIdentity();
    const full = join(network.folder, 'Full');
    mkdirSync(full, { mode: 0o700 });
    writeFileSync(join(full, 'identity.pem'), identity.privatePem, { mode: 0o600 });
    await fill(join(full, 'moot.db'), identity, articles(), mirrored);
    const registry = await network.startRegistry();
    await network.startServer('Full');
    await network.startServer('Empty');
    moot = await connect({ registry: registry.address, home: network.home });
    const began = performance.now();
    await (await moot.operator('Empty')).connect('Full');
    const database = new Sqlite(join(network.folder, 'Empty', 'moot.db'), { readonly: true });
    const kept = database.prepare<[], number | null>('SELECT sum(entries) FROM mirrors').pluck();
    while ((kept.get() ?? 0) < mirrored) await pause(100);
    const seconds = (performance.now() - began) / 1000;
    database.close();
    say(`mirror: ${mirrored} articles in ${seconds.toFixed(1)} s`);
    return mirrored / seconds;
  } finally {
    await moot?.close();
    await network.close();
  }
}
