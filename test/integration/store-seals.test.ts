import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import type { SealedArticle } from '../../src/core/entry.js';
import { ArticleChecker } from '../../src/identity/check-article.js';
import { createIdentity } from '../../src/identity/keys.js';
import { unpackEntries } from '../../src/store/sqlite/packed-entries.js';
import { openReader } from '../../src/store/sqlite/reader.js';
import { fillDatabase } from '../support/filled-database.js';
import { temporaryFolder } from '../support/temporary.js';

const identity = createIdentity();
const folder = temporaryFolder();
const file = join(folder, 'moot.db');
const entries = 55;

const check = (database: string) =>
  spawnSync('node', ['test/support/seal-checker.mjs', database], { encoding: 'utf8' });

beforeAll(() => fillDatabase(file, identity, 10));

describe('what the writer seals', () => {
  it('S0.13 holds for a checker that shares no code with the store', () => {
    expect(check(file)).toMatchObject({ status: 0, stdout: `1 logs, ${entries} entries\n` });
  });

  it.each([
    ['text altered', "UPDATE entries SET bytes = cast(replace(bytes, x'61', x'62') AS BLOB) WHERE seq = 7"],
    ['text and id altered', "UPDATE entries SET bytes = x'0a', id = zeroblob(32) WHERE seq = 7"],
    ['two entries swapped', 'UPDATE entries SET bytes = (SELECT bytes FROM entries WHERE seq = 8) WHERE seq = 7'],
    ['an entry gone', 'DELETE FROM entries WHERE seq = 30'],
    ['the last entry gone', `DELETE FROM entries WHERE seq = ${entries}`],
    ['a commit gone', 'DELETE FROM commits WHERE first_seq = 4'],
    ['the last commit gone', 'DELETE FROM commits WHERE first_seq = 46'],
    ['a commit cut short', 'UPDATE commits SET size = size - 1 WHERE first_seq = 46'],
    ['a root altered', 'UPDATE commits SET root = zeroblob(32) WHERE first_seq = 4'],
    ['a chain altered', 'UPDATE commits SET previous = zeroblob(32) WHERE first_seq = 4'],
    ['a signature altered', 'UPDATE commits SET signature = zeroblob(64) WHERE first_seq = 4'],
    ['another key', `UPDATE commits SET public_key = x'${Buffer.from(createIdentity().publicKey).toString('hex')}'`],
    ['another origin', "UPDATE origins SET name = iif(name LIKE 'v%', 'u', 'v') || substr(name, 2)"],
  ])('S0.13 does not hold with %s', (_, sql) => {
    const copy = join(folder, 'mutant.db');
    copyFileSync(file, copy);
    const database = new Sqlite(copy);
    expect(database.prepare(sql).run().changes).toBeGreaterThan(0);
    database.close();
    expect(check(copy).status).toBe(1);
  });

  it('S0.13 is refused by a reader after any change: 1,000 mutants, 0 accepted', () => {
    const reader = openReader(file, identity.id, () => undefined);
    const all = unpackEntries(reader.read(identity.id, 1, entries));
    reader.close();
    const anyOne = fc.constantFrom(...all);
    let mutants = 0;
    fc.assert(
      fc.property(anyOne, anyOne, fc.constantFrom(...Object.keys(mutations)), fc.nat(), (article, other, kind, at) => {
        const mutant = mutations[kind]?.(article, other, at);
        fc.pre(mutant !== undefined && JSON.stringify(mutant) !== JSON.stringify(parts(article)));
        mutants += 1;
        const { bytes, proof } = mutant;
        expect(() => new ArticleChecker().check(bytes, proof, 0)).toThrow(expect.objectContaining({ code: 'damaged' }));
      }),
      { numRuns: 1000 },
    );
    expect(mutants).toBe(1000);
    const checker = new ArticleChecker();
    for (const { bytes, proof, id } of all) expect(checker.check(bytes, proof, 0).id).toBe(id);
  });
});

type Sealed = Pick<SealedArticle, 'bytes' | 'proof'>;

const parts = ({ bytes, proof }: Sealed): Sealed => ({ bytes, proof });

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const byte = Math.floor(at / 8) % copy.length;
  copy[byte] = (copy[byte] ?? 0) ^ (1 << (at % 8));
  return copy;
}

const inSeal = ({ bytes, proof }: Sealed, seal: Partial<Sealed['proof']['seal']>): Sealed => ({
  bytes,
  proof: { ...proof, seal: { ...proof.seal, ...seal } },
});

const mutations: Record<string, (article: Sealed, other: Sealed, at: number) => Sealed | undefined> = {
  bytes: ({ bytes, proof }, _, at) => ({ bytes: flip(bytes, at), proof }),
  shorter: ({ bytes, proof }, _, at) => ({ bytes: bytes.subarray(0, at % bytes.length), proof }),
  'another text': ({ proof }, { bytes }) => ({ bytes, proof }),
  'another place': ({ bytes, proof }, _, at) => ({ bytes, proof: { ...proof, index: at % 12 } }),
  'another path': ({ bytes, proof }, other) => ({ bytes, proof: { ...proof, path: other.proof.path } }),
  'longer path': ({ bytes, proof }) => ({ bytes, proof: { ...proof, path: [...proof.path, new Uint8Array(32)] } }),
  path: ({ bytes, proof }, _, at) => {
    const path = [...proof.path];
    const step = path[at % Math.max(path.length, 1)];
    if (!step) return undefined;
    path[at % path.length] = flip(step, at);
    return { bytes, proof: { ...proof, path } };
  },
  'another seal': ({ bytes, proof }, other) => ({ bytes, proof: { ...proof, seal: other.proof.seal } }),
  epoch: (one, _, at) => inSeal(one, { epoch: 2 + at }),
  first: (one, _, at) => inSeal(one, { firstSeq: at }),
  size: (one, _, at) => inSeal(one, { size: at }),
  root: (one, _, at) => inSeal(one, { root: flip(one.proof.seal.root, at) }),
  previous: (one, _, at) => inSeal(one, { previous: flip(one.proof.seal.previous, at) }),
  signature: (one, _, at) => inSeal(one, { signature: flip(one.proof.seal.signature, at) }),
  key: (one, _, at) => inSeal(one, { publicKey: flip(one.proof.seal.publicKey, at) }),
  origin: (one) => inSeal(one, { origin: createIdentity().id }),
};
