import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { type Community, connect, type Moot } from '../../src/client/index.js';
import { loadArticles } from '../support/corpus.js';
import { CutReader } from '../support/cut-reader.js';
import { type Daemon, Processes } from '../support/processes.js';
import { seededRandom } from '../support/seeded-random.js';

const names = ['Ada', 'Bea', 'Cyd', 'Dot', 'Eve'] as const;
/** A ring, and a chord across it. */
const links = [
  ['Ada', 'Bea'],
  ['Bea', 'Cyd'],
  ['Cyd', 'Dot'],
  ['Dot', 'Eve'],
  ['Eve', 'Ada'],
  ['Ada', 'Cyd'],
] as const;
const publishers = 8;
const subscribers = 20;

const corpus = loadArticles();
const network = new Processes();
let moot: Moot | undefined;
afterAll(async () => {
  await moot?.close();
  await network.close();
});

it(`N3 N4 five servers in a ring with a chord, each killed once while eight publish: ${subscribers} subscribers, cut at random, are told all ${corpus.articles.length} articles once and in order`, async () => {
  const registry = await network.startRegistry();
  moot = await connect({ registry: registry.address, timeoutMs: 60_000 });
  const random = seededRandom(7);
  const daemons = new Map<string, Daemon>();
  const portOf = (name: string): string => daemons.get(name)?.address.split(':')[1] ?? '';
  for (const name of names) daemons.set(name, await network.startServer(name));
  for (const [from, to] of links) await network.ok('connect', from, to);
  const at: Community[] = [];
  for (const name of names) at.push(await moot.join(name, { as: 'ada' }));
  const readers = Array.from({ length: subscribers }, (_, n) => new CutReader(at, seededRandom(100 + n), 1500));

  const acked = new Map<string, string[]>();
  const publishing = Array.from({ length: publishers }, async (_, n) => {
    const community = at[n % at.length];
    if (!community) throw new Error('no community');
    const drafts = corpus.articles
      .filter((_, index) => index % publishers === n)
      .map(({ topic, author, title, body, publishedAt }, index) => ({
        draft: { topic, author, title, body, publishedAtMs: publishedAt * 1000 },
        key: `${n}-${index}`,
      }));
    for await (const result of community.publishAll(drafts)) {
      if (!result.published) throw new Error(`refused: ${result.refused.message}`);
      const { origin, id } = result.published;
      acked.set(origin, [...(acked.get(origin) ?? []), id]);
    }
  });

  const share = corpus.articles.length / (names.length + 1);
  for (const [at, name] of names.entries()) {
    await readers[0]?.has(share * (at + 0.5) * (0.5 + random() / 2));
    await daemons.get(name)?.end('SIGKILL');
    const data = join(network.folder, name);
    daemons.set(name, await network.start('server', portOf(name), '--name', name, '--data', data));
  }
  await Promise.all(publishing);
  await Promise.all(readers.map((reader) => reader.has(corpus.articles.length)));
  await Promise.all(readers.map((reader) => reader.end()));

  expect([...acked.values()].flat()).toHaveLength(corpus.articles.length);
  for (const { told, gaps, cuts } of readers) {
    expect(gaps).toEqual([]);
    expect(cuts).toBeGreaterThan(1);
    for (const [origin, ids] of acked) {
      const log = told.get(origin) ?? [];
      expect(log.map(({ seq }) => seq)).toEqual(ids.map((_, index) => index + 1));
      expect(new Set(log.map(({ id }) => id))).toEqual(new Set(ids));
    }
    expect(told.size).toBe(acked.size);
  }
}, 300_000);
