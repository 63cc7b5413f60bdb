import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store, Submission } from '../../src/core/stores.js';
import { createIdentity, type Identity } from '../../src/identity/keys.js';
import { articles, articleTopics, topicNamed } from './store-articles.js';

// The store's threads run what was built, so all of it is taken from there.
const built = new URL('../../dist/store/', import.meta.url);
const load = async <Module>(file: string): Promise<Module> => (await import(new URL(file, built).href)) as Module;

const few = 10_000;
const many = 1_000_000;
const callSize = 64;
const callsInFlight = 32;
const roundArticles = 16_384;

export interface StoreFigures {
  /** Newest 50 of a topic among 1,000,000, found and loaded with their proofs, in the reader; median. */
  readonly newestMs: number;
  /** That to the same among 10,000. */
  readonly newestRatio: number;
  /** An article appended at 1,000,000, of many in flight, up to the last acknowledgement; median of the rounds. */
  readonly appendMicroseconds: number;
  /** That to the same at 10,000. */
  readonly appendRatio: number;
  /** Newest 50 with a word that two in three of 1,000,000 have, found and loaded in the reader; median. */
  readonly wordMs: number;
}

interface Compared {
  readonly few: number;
  readonly many: number;
}

/** Holds a store of 1,000,000 articles against one of 10,000. Needs `npm run build`, a minute or two and 2 GB of disk. */
export async function benchStore(rounds: number, say: (line: string) => void): Promise<StoreFigures> {
  const dir = mkdtempSync(join(tmpdir(), 'moot-bench-'));
  const identity = createIdentity();
  try {
    const began = performance.now();
    const [small, large] = [join(dir, 'few.db'), join(dir, 'many.db')];
    const source = articles();
    await fill(small, identity, source, few);
    await fill(large, identity, source, many);
    say(`${many} articles stored and indexed in ${Math.round((performance.now() - began) / 1000)} s`);
    const newest = await newestOfTopic(small, large, identity, rounds);
    const wordMs = await newestWithWord(large, identity);
    const append = await appending(small, large, identity, source, rounds);
    say(`newest 50 of a topic: ${newest.few.toFixed(2)} ms among ${few}, ${newest.many.toFixed(2)} ms among ${many}`);
    say(`append: ${append.few.toFixed(1)} µs an article at ${few}, ${append.many.toFixed(1)} µs at ${many}`);
    say(`newest 50 with a common word: ${wordMs.toFixed(2)} ms`);
    return {
      wordMs,
      newestMs: newest.many,
      newestRatio: newest.many / newest.few,
      appendMicroseconds: append.many,
      appendRatio: append.many / append.few,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function open(file: string, identity: Identity): Promise<Store> {
  const { openStore } = await load<typeof import('../../src/store/open-store.js')>('open-store.js');
  return await openStore(`sqlite:${file}`, { identity });
}

/** Fills a new store, and waits until its word index is whole. */
export async function fill(
  file: string,
  identity: Identity,
  source: Iterator<Submission>,
  count: number,
): Promise<void> {
  const store = await open(file, identity);
  await append(store, source, count);
  await store.articles.get('0'.repeat(52));
  await store.close();
}

/** Appends `count` articles in calls of 64, 32 of them in flight. @returns microseconds an article. */
async function append(store: Store, source: Iterator<Submission>, count: number): Promise<number> {
  let left = count;
  const began = performance.now();
  const caller = async (): Promise<void> => {
    while (left > 0) {
      const size = Math.min(callSize, left);
      left -= size;
      await store.articles.append(Array.from({ length: size }, () => source.next().value));
    }
  };
  await Promise.all(Array.from({ length: callsInFlight }, caller));
  return ((performance.now() - began) * 1000) / count;
}

async function appending(
  small: string,
  large: string,
  identity: Identity,
  source: Iterator<Submission>,
  rounds: number,
): Promise<Compared> {
  const [inFew, inMany]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const copy = `${small}.${round}`;
    copyFileSync(small, copy);
    for (const [file, figures] of [
      [copy, inFew],
      [large, inMany],
    ] as const) {
      const store = await open(file, identity);
      figures.push(await append(store, source, roundArticles));
      await store.close();
    }
  }
  return compared(inFew, inMany);
}

/** One reader a round and a size, as a reader's thread has it; 4 looks at each topic, after one to warm up. */
async function newestOfTopic(small: string, large: string, identity: Identity, rounds: number): Promise<Compared> {
  const { openReader } = await load<typeof import('../../src/store/sqlite/reader.js')>('sqlite/reader.js');
  const look = (file: string): number => {
    const reader = openReader(file, identity.id, () => undefined);
    const times: number[] = [];
    for (let at = 0; at < articleTopics * 5; at += 1) {
      const filter = { topics: [topicNamed(at % articleTopics)], origins: [] };
      const began = performance.now();
      const request = { filter, origin: identity.id, before: undefined, limit: 50, notAfterMs: Date.now() };
      const { keys } = reader.find(request);
      reader.load(keys);
      if (at >= articleTopics) times.push(performance.now() - began);
      if (keys.length !== 50) throw new Error(`${keys.length} articles of a topic, not 50`);
    }
    reader.close();
    return median(times);
  };
  const figures = Array.from({ length: rounds }, () => [look(small), look(large)] as const);
  const [inFew, inMany] = [figures.map(([time]) => time), figures.map(([, time]) => time)];
  return compared(inFew, inMany);
}

/** Each word is asked for after a warm-up, ten times. */
async function newestWithWord(file: string, identity: Identity): Promise<number> {
  const { openReader } = await load<typeof import('../../src/store/sqlite/reader.js')>('sqlite/reader.js');
  const reader = openReader(file, identity.id, () => undefined);
  const times: number[] = [];
  for (const text of ['chess', 'community', 'the network'])
    for (let round = 0; round <= 10; round += 1) {
      const filter = { topics: [], origins: [], text };
      const began = performance.now();
      const request = { filter, origin: identity.id, before: undefined, limit: 50, notAfterMs: Date.now() };
      const { keys } = reader.find(request);
      reader.load(keys);
      if (round > 0) times.push(performance.now() - began);
      if (keys.length !== 50) throw new Error(`${keys.length} articles with a common word, not 50`);
    }
  reader.close();
  return median(times);
}

function compared(inFew: readonly number[], inMany: readonly number[]): Compared {
  return { few: median(inFew), many: median(inMany) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
