import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SealedArticle } from '../../src/core/entry.js';
import { codeOf } from '../../src/core/errors.js';
import { anyArticle } from '../../src/core/filter.js';
import type { SealedEntry, Store } from '../../src/core/stores.js';
import { openStore } from '../../src/store/open-store.js';
import { fillDatabase } from '../support/filled-database.js';
import { identityOf } from '../support/fixed-identity.js';
import { seededRandom } from '../support/seeded-random.js';
import { temporaryFolder } from '../support/temporary.js';

const folder = temporaryFolder();
/** A fixed one, so that a seed names the same damage in each run. */
const identity = identityOf(Buffer.alloc(32, 7));
const [whole, copy] = [join(folder, 'whole.db'), join(folder, 'copy.db')];
const request = { filter: anyArticle, origin: identity.id, before: undefined, limit: 500, notAfterMs: 1e15 };
/** Sequence number → what was published there. */
const published = new Map<number, string>();
let bytes: Buffer;

const asText = ({ id, bytes: sealed }: SealedEntry): string => `${id} ${Buffer.from(sealed).toString('hex')}`;

beforeAll(async () => {
  fillDatabase(whole, identity, 21);
  bytes = readFileSync(whole);
  const store = await openStore(`sqlite:${whole}`, { identity });
  for (const article of await store.articles.read(identity.id, 1, 500))
    published.set(article.entry.seq, asText(article));
  await store.close();
  expect(published.size).toBe(231);
});

/** The same for the same seed: a few bits turned round, or the end cut off. */
function damaged(seed: number): Buffer {
  const random = seededRandom(seed);
  if (seed % 5 === 0) return bytes.subarray(0, Math.floor(random() * bytes.length));
  const changed = Buffer.from(bytes);
  for (let flips = 1 + Math.floor(random() * 20); flips > 0; flips -= 1) {
    const bit = Math.floor(random() * bytes.length * 8);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  }
  return changed;
}

interface Outcome {
  /** `refused`: at the start. `broken`: it stopped serving by itself. */
  readonly start: 'refused' | 'broken' | 'serves';
  readonly right: number;
  readonly refusedRows: number;
}

async function serve(seed: number): Promise<Outcome> {
  for (const end of ['', '-wal', '-shm']) rmSync(`${copy}${end}`, { force: true });
  writeFileSync(copy, damaged(seed));
  const brokenBy: string[] = [];
  const store = await openStore(`sqlite:${copy}`, { identity, onBroken: ({ code }) => void brokenBy.push(code) }).catch(
    (error: unknown) => {
      // Which the command line ends with status 65.
      expect(codeOf(error)).toBe('damaged');
      return undefined;
    },
  );
  if (!store) return { start: 'refused', right: 0, refusedRows: 0 };
  try {
    for (const article of await page(store)) expect(published.get(article.entry.seq)).toBe(asText(article));
    const rows = await Promise.all([...published.keys()].map((seq) => readRow(store, seq)));
    if (brokenBy.length > 0) {
      expect(brokenBy).toEqual(['damaged']);
      return { start: 'broken', right: 0, refusedRows: 0 };
    }
    const right = rows.filter((row) => row === 'right').length;
    const refusedRows = rows.filter((row) => row === 'damaged').length;
    // Each is what was published, or is said to be damaged: none is wrong, and none is silently gone.
    expect([seed, right + refusedRows]).toEqual([seed, published.size]);
    return { start: 'serves', right, refusedRows };
  } finally {
    await store.close().catch(() => undefined);
  }
}

async function page({ articles }: Store): Promise<readonly SealedArticle[]> {
  try {
    const { keys } = await articles.find(request);
    return await articles.load(keys);
  } catch (error) {
    expect(['damaged', 'unavailable']).toContain(codeOf(error));
    return [];
  }
}

async function readRow({ articles }: Store, seq: number): Promise<string> {
  try {
    const [article, ...more] = await articles.read(identity.id, seq, 1);
    expect(more).toEqual([]);
    if (!article) return 'gone';
    return published.get(seq) === asText(article) ? 'right' : 'wrong';
  } catch (error) {
    return codeOf(error);
  }
}

describe('fifty damaged copies of a database', () => {
  it('serve what was published or say that it is damaged, row by row, where they start at all', async () => {
    const outcomes: Outcome[] = [];
    for (let seed = 1; seed <= 50; seed += 1) outcomes.push(await serve(seed));
    const count = (start: Outcome['start']): number => outcomes.filter((one) => one.start === start).length;
    // Otherwise the test has looked at one kind alone.
    expect(count('refused')).toBeGreaterThanOrEqual(10);
    expect(count('serves')).toBeGreaterThanOrEqual(10);
    expect(outcomes.reduce((sum, { right }) => sum + right, 0)).toBeGreaterThan(2000);
    expect(outcomes.reduce((sum, { refusedRows }) => sum + refusedRows, 0)).toBeGreaterThan(50);
  }, 120_000);
});
