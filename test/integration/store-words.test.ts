import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { createIdentity } from '../../src/identity/keys.js';
import { createSealer } from '../../src/identity/seal.js';
import { openForWriting } from '../../src/store/sqlite/connection.js';
import { LogWriter } from '../../src/store/sqlite/log-writer.js';
import { openReader } from '../../src/store/sqlite/reader.js';
import { WordIndex } from '../../src/store/sqlite/word-index.js';
import { draft, submission } from '../support/drafts.js';
import { finish } from '../support/filled-database.js';
import { seededRandom } from '../support/seeded-random.js';
import { temporaryFolder } from '../support/temporary.js';

const articles = 12_000;
const identity = createIdentity();
const file = join(temporaryFolder(), 'words.db');
const random = seededRandom(7);

/** Each of a few dates has many articles; `early` is common but stands in the oldest alone. */
const written = Array.from({ length: articles }, (_, n) => {
  const publishedAtMs = 1000 + Math.floor(random() * 400);
  const words = [`n${n}`, random() < 0.5 ? 'common' : 'other', publishedAtMs < 1150 ? 'early' : 'late'];
  return { publishedAtMs, words, seq: n + 1 };
});

function fill(): void {
  const database = openForWriting(file);
  const log = new LogWriter(database, createSealer(identity));
  for (let at = 0; at < articles; at += 1000)
    log.append(
      written.slice(at, at + 1000).map(({ publishedAtMs, words }) => {
        return { submission: submission(draft(words.join(' '), { publishedAtMs })), nowMs: 5000 };
      }),
    );
  new WordIndex(database).fill(log.lastPlace, articles);
  finish(database);
}

it.each(['common', 'early', 'common early', 'n77'])(
  'S0.8 a word that many articles have, or few, or old ones alone, is found newest first, page after page: %s',
  (text) => {
    if (text === 'common') fill();
    const reader = openReader(file, identity.id, () => undefined);
    const wanted = text.split(' ');
    const matches = written.filter(({ words }) => wanted.every((word) => words.includes(word)));
    const found: { publishedAtMs: number; id: string; place: number }[] = [];
    for (let more = true; more; ) {
      const filter = { topics: [], origins: [], text };
      const before = found.at(-1);
      const page = reader.find({ filter, origin: identity.id, before, limit: 500, notAfterMs: 9000 });
      found.push(...page.keys);
      more = page.more;
    }
    expect(found.map(({ place }) => place).sort((a, b) => a - b)).toEqual(matches.map(({ seq }) => seq));
    const order = [...found].sort((a, b) => b.publishedAtMs - a.publishedAtMs || (a.id < b.id ? 1 : -1));
    expect(found).toEqual(order);
    reader.close();
  },
);
