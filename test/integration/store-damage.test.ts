import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import type { SealedArticle } from '../../src/core/entry.js';
import { isMootError } from '../../src/core/errors.js';
import { anyArticle } from '../../src/core/filter.js';
import { ArticleChecker } from '../../src/identity/check-article.js';
import { createIdentity } from '../../src/identity/keys.js';
import { createSealer } from '../../src/identity/seal.js';
import { openStore } from '../../src/store/open-store.js';
import { openForWriting } from '../../src/store/sqlite/connection.js';
import { LogWriter } from '../../src/store/sqlite/log-writer.js';
import { unpackEntries } from '../../src/store/sqlite/packed-entries.js';
import { openReader } from '../../src/store/sqlite/reader.js';
import { toMootError } from '../../src/store/sqlite/sqlite-error.js';
import { fillDatabase } from '../support/filled-database.js';
import { temporaryFolder } from '../support/temporary.js';

const folder = temporaryFolder();
const identity = createIdentity();
const [whole, copy] = [join(folder, 'whole.db'), join(folder, 'copy.db')];
const request = { filter: anyArticle, origin: identity.id, before: undefined, limit: 500, notAfterMs: 1e15 };
const entries = 231;
let right: ReadonlyMap<string, string>;

beforeAll(() => {
  fillDatabase(whole, identity, 21);
  const reader = openReader(whole, identity.id, () => undefined);
  const all = unpackEntries(reader.read(identity.id, 1, 500));
  right = new Map(all.map(({ id, bytes }) => [id, Buffer.from(bytes).toString('hex')]));
  reader.close();
});

/** What a server would serve from `copy`, opened as one opens it; nothing when it refuses to. */
function served(): readonly SealedArticle[] {
  const articles: SealedArticle[] = [];
  const attempt = (run: () => void): void => {
    try {
      run();
    } catch (thrown) {
      const error = toMootError(thrown);
      if (!isMootError(error) || !['damaged', 'unavailable', 'denied'].includes(error.code)) throw thrown;
    }
  };
  attempt(() => {
    const database = openForWriting(copy);
    try {
      new LogWriter(database, createSealer(identity));
      const reader = openReader(copy, identity.id, () => undefined);
      const first = [...right.keys()][99] ?? '';
      attempt(() => void articles.push(...unpackEntries(reader.load(reader.find(request).keys))));
      attempt(() => void articles.push(...unpackEntries(reader.get(first))));
      attempt(() => void articles.push(...unpackEntries(reader.read(identity.id, 1, 500))));
      reader.close();
    } finally {
      database.close();
    }
  });
  return articles;
}

function expectNothingWrong(): number {
  const checker = new ArticleChecker();
  const articles = served();
  for (const { id, bytes, proof } of articles) {
    expect(checker.check(bytes, proof, 0).id).toBe(id);
    expect(Buffer.from(bytes).toString('hex')).toBe(right.get(id));
  }
  return articles.length;
}

describe('a damaged database', () => {
  it('never serves a wrong article, whichever bits were flipped', () => {
    const bytes = readFileSync(whole);
    let full = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length * 8 - 1), { minLength: 1, maxLength: 40 }), (bits) => {
        const damaged = Buffer.from(bytes);
        for (const bit of bits) damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        writeFileSync(copy, damaged);
        if (expectNothingWrong() > entries) full += 1;
      }),
      { numRuns: 120 },
    );
    // Otherwise nothing was looked at.
    expect(full).toBeGreaterThan(10);
  });

  it('never serves a wrong article, wherever it was cut', () => {
    fc.assert(
      fc.property(fc.nat(readFileSync(whole).length - 1), (length) => {
        copyFileSync(whole, copy);
        truncateSync(copy, length);
        expectNothingWrong();
      }),
      { numRuns: 40 },
    );
  });

  it('leaves a damaged article out of a page, and says that it is damaged to who asks for it', async () => {
    copyFileSync(whole, copy);
    const database = new Sqlite(copy);
    const id = [...right.keys()][149] ?? '';
    database.prepare('UPDATE entries SET bytes = zeroblob(40) WHERE seq = 150').run();
    database.close();
    const damaged: number[] = [];
    const store = await openStore(`sqlite:${copy}`, { identity, onDamaged: (place) => void damaged.push(place) });
    const { keys } = await store.articles.find(request);
    expect(keys).toHaveLength(entries);
    const page = await store.articles.load(keys);
    expect(page).toHaveLength(entries - 1);
    expect(page.some((article) => article.id === id)).toBe(false);
    expect(damaged).toEqual([150]);
    await expect(store.articles.get(id)).rejects.toMatchObject({ code: 'damaged' });
    await expect(store.articles.read(identity.id, 149, 5)).rejects.toMatchObject({ code: 'damaged' });
    await store.close();
  });

  it('is refused at the start when it has lost its end', async () => {
    copyFileSync(whole, copy);
    truncateSync(copy, readFileSync(whole).length - 5000);
    await expect(openStore(`sqlite:${copy}`, { identity })).rejects.toMatchObject({
      code: 'damaged',
      hint: expect.any(String),
    });
  });
});
