import { describe, expect, it } from '@jest/globals';
import type { Seal } from '../../src/core/entry.js';
import { decodeEntry, encodeEntry } from '../../src/core/entry-codec.js';
import type { Row } from '../../src/core/row.js';
import { ArticleChecker } from '../../src/identity/check-article.js';
import { SealedCommits } from '../../src/identity/check-commit.js';
import { createIdentity, type Identity } from '../../src/identity/keys.js';
import { leafHash, merkleRoot } from '../../src/identity/merkle.js';
import { createSealer, isHeadValid, signHead } from '../../src/identity/seal.js';
import { toBuffer } from '../../src/wire/check.js';
import { fromWireArticle, toWireArticle } from '../../src/wire/convert-article.js';
import { checkRow, signRow, toWireRow } from '../../src/wire/convert-row.js';
import { fromWireHead, toWireHead } from '../../src/wire/convert-seal.js';
import { openServerEntry, signServerEntry } from '../../src/wire/convert-server-entry.js';
import type { Row as WireRow } from '../../src/wire/gen/moot/v1/federation.js';
import { LogBuilder } from '../support/log-builder.js';
import { accepted, Mutants } from '../support/mutants.js';
import { sealCommit } from '../support/sealed.js';
import { seededRandom } from '../support/seeded-random.js';

const count = 10_000;
const titled = count.toLocaleString('en');
const [ours, others, stranger] = [createIdentity(), createIdentity(), createIdentity()];
/** Whom a stranger may want to pass for. */
const known: readonly Identity[] = [ours, others];

const resealed = (seal: Pick<Seal, 'epoch' | 'firstSeq' | 'previous'>, hashes: readonly Uint8Array[], by: Identity) =>
  createSealer(by).seal(seal.epoch, seal.firstSeq, hashes, seal.previous);

describe('of what nobody has sealed or signed, nothing is taken', () => {
  it(`N5 ${titled} mutated articles: 0 accepted`, () => {
    const genuine = known.flatMap((identity) => sealCommit(identity, 5).map(({ bytes, proof }) => ({ bytes, proof })));
    const checker = new ArticleChecker();
    const accepts = ({ bytes, proof }: (typeof genuine)[number]) => {
      const { entry, proof: sent, storedAtMs } = toWireArticle({ bytes, proof, storedAtMs: 5 });
      const read = fromWireArticle({ entry, proof: sent, storedAtMs });
      return checker.check(read.bytes, read.proof, read.storedAtMs);
    };
    expect(accepted(genuine, accepts)).toBe(genuine.length);
    const alone = (bytes: Uint8Array, seal: Seal) => ({ bytes, proof: { seal, index: 0, path: [] } });
    const mutants = new Mutants(genuine, seededRandom(1), [
      // Encoded anew with another text, under the old proof.
      (one) => ({ ...one, bytes: encodeEntry({ ...decodeEntry(one.bytes), body: 'another' }) }),
      // Sealed with a key of one's own, which says so, or says that it is the origin's.
      ({ bytes, proof }) => alone(bytes, { ...resealed(proof.seal, [leafHash(bytes)], stranger) }),
      ({ bytes, proof }) =>
        alone(bytes, { ...resealed(proof.seal, [leafHash(bytes)], stranger), origin: proof.seal.origin }),
      ({ bytes, proof: { seal } }) =>
        alone(bytes, {
          ...resealed(seal, [leafHash(bytes)], stranger),
          origin: seal.origin,
          publicKey: seal.publicKey,
        }),
      // A genuine text as another community's.
      ({ bytes, proof: { seal } }, another) => {
        const moved = encodeEntry({ ...decodeEntry(bytes), origin: another.proof.seal.origin, body: 'moved' });
        return { bytes: moved, proof: { ...another.proof, seal: { ...seal, origin: another.proof.seal.origin } } };
      },
    ]);
    expect(accepted(mutants.take(count), accepts)).toBe(0);
  });

  it(`N5 ${titled} mutated commits, each before a genuine one of its log: 0 accepted`, () => {
    const logs = known.map((identity) => new LogBuilder(identity));
    const genuine = logs.flatMap((log) => [log.next([{}, {}, {}]), log.next([{}]), log.next([{}, {}])]);
    const bare = genuine.map(({ seal, entries }) => ({
      seal,
      entries: entries.map(({ hash, bytes = new Uint8Array(0) }) => ({ hash, bytes })),
    }));
    const next = new Map(logs.map((log) => [log.origin, log.next([{}])]));
    const checker = new SealedCommits();
    const accepts = ({ seal, entries }: (typeof bare)[number]) => {
      const commit = { seal, storedAtMs: 5, entries: entries.map((entry) => ({ ...entry, gone: undefined })) };
      const after = next.get(seal.origin);
      return checker.checkNow(after ? [commit, after] : [commit])[0] === undefined;
    };
    expect(accepted(bare, accepts)).toBe(bare.length);
    const hashes = (entries: readonly { readonly bytes: Uint8Array }[]) => entries.map(({ bytes }) => leafHash(bytes));
    const mutants = new Mutants(bare, seededRandom(2), [
      ({ seal, entries }) => ({ seal, entries: entries.toReversed().concat(entries.slice(0, 1)) }),
      ({ seal, entries }) => ({ seal, entries: entries.slice(1) }),
      ({ seal, entries }) => {
        const altered = entries.map(({ bytes }) => encodeEntry({ ...decodeEntry(bytes), body: 'another' }));
        return { seal, entries: altered.map((bytes) => ({ bytes, hash: leafHash(bytes) })) };
      },
      // Another text with a root that fits it, under the old signature.
      ({ seal, entries }) => {
        const altered = entries.map(({ bytes }) => encodeEntry({ ...decodeEntry(bytes), body: 'another' }));
        const root = merkleRoot(hashes(altered.map((bytes) => ({ bytes }))));
        return { seal: { ...seal, root }, entries: altered.map((bytes) => ({ bytes, hash: leafHash(bytes) })) };
      },
      ({ seal, entries }) => ({ seal: resealed(seal, hashes(entries), stranger), entries }),
      ({ seal, entries }) => ({
        seal: { ...resealed(seal, hashes(entries), stranger), origin: seal.origin, publicKey: seal.publicKey },
        entries,
      }),
    ]);
    expect(accepted(mutants.take(count), accepts)).toBe(0);
  });

  it(`N5 ${titled} mutated heads: 0 accepted`, () => {
    const genuine = known.flatMap((identity) =>
      [3, 7, 9].map((seq) =>
        toWireHead(signHead(identity, { epoch: 1, seq, lastSeal: Buffer.alloc(32, seq) }, 1_700_000_000_000 + seq)),
      ),
    );
    const accepts = (head: (typeof genuine)[number]) => isHeadValid(fromWireHead(head));
    expect(accepted(genuine, accepts)).toBe(genuine.length);
    const signed = ({ epoch, seq, lastSeal, asOfMs }: (typeof genuine)[number]) =>
      toWireHead(signHead(stranger, { epoch: Number(epoch), seq: Number(seq) + 1, lastSeal }, Number(asOfMs)));
    const mutants = new Mutants(genuine, seededRandom(3), [
      (one) => ({ ...signed(one), origin: one.origin }),
      (one) => ({ ...signed(one), origin: one.origin, publicKey: one.publicKey }),
      (one, another) => ({ ...one, origin: another.origin, publicKey: another.publicKey, seq: one.seq + 1n }),
    ]);
    expect(accepted(mutants.take(count), accepts)).toBe(0);
  });

  it(`N5 ${titled} mutated rows of servers about themselves and of others: 0 accepted`, () => {
    const queryId = 'query';
    const rowOf = (identity: Identity, more: Partial<Row>): Row => ({
      serverId: identity.id,
      name: 'Hamlet',
      outcome: 'ANSWERED',
      hop: 1,
      via: ours.id,
      tookMs: 1,
      ageMs: undefined,
      reason: '',
      articles: 3,
      digest: Buffer.alloc(32, 1),
      held: 0,
      links: [others.id],
      signed: undefined,
      ...more,
    });
    const answered = known.flatMap((identity) =>
      [1, 2].map((articles) => signRow(identity, queryId, rowOf(identity, { articles }))),
    );
    const failed = known.flatMap((via) =>
      ['it is away', 'it is silent'].map((reason) =>
        signRow(via, queryId, rowOf(stranger, { via: via.id, outcome: 'UNREACHABLE', articles: 0, links: [], reason })),
      ),
    );
    const foreign = toWireRow(signRow(ours, 'another query', rowOf(ours, {})));
    for (const [rows, fields] of [
      [answered, ['serverId', 'statement', 'publicKey', 'signature']],
      [failed, ['serverId', 'via', 'statement', 'publicKey', 'signature']],
    ] as const) {
      // What is not in the statement is the word of whoever passes it on, and nobody else's.
      const [row, ...more] = rows.map(toWireRow);
      const genuine = [row, ...more].map(
        (one): Partial<WireRow> => Object.fromEntries(fields.map((field) => [field, one?.[field]])),
      );
      const accepts = (word: Partial<WireRow>) => row && word.via !== '' && checkRow({ ...row, ...word }, queryId);
      expect(accepted(genuine, accepts)).toBe(genuine.length);
      const { statement, publicKey, signature } = foreign;
      const mutants = new Mutants(genuine, seededRandom(4), [
        (one) => ({ ...one, publicKey: toBuffer(stranger.publicKey) }),
        (one) => ({ ...one, signature: toBuffer(stranger.sign(one.statement ?? Buffer.alloc(0))) }),
        (one) => ({ ...one, statement, publicKey, signature }),
        (one, another) => ({
          ...one,
          statement: Buffer.concat([one, another].map(({ statement: said = Buffer.alloc(0) }) => said)),
        }),
      ]);
      expect(accepted(mutants.take(count / 2), accepts)).toBe(0);
    }
  });

  it(`S0.1 ${titled} mutated entries of the registry: 0 accepted`, () => {
    const entryOf = (identity: Identity, counter: number) => ({
      id: identity.id,
      counter,
      name: `Hamlet ${counter}`,
      addresses: [`localhost:${50_000 + counter}`],
      topics: ['town'],
      articles: 1,
      members: 2,
      links: [],
      head: undefined,
      admission: 'open',
      peering: 'open',
      readable: 'members',
    });
    const genuine = known.flatMap((identity) =>
      [1, 2, 3].map((at) => signServerEntry(identity, entryOf(identity, at))),
    );
    expect(accepted(genuine, openServerEntry)).toBe(genuine.length);
    const byStranger = signServerEntry(stranger, entryOf(ours, 9));
    const mutants = new Mutants(genuine, seededRandom(5), [
      () => ({ ...byStranger }),
      (one) => ({ ...byStranger, publicKey: one.publicKey }),
      (one) => ({ ...one, entry: byStranger.entry }),
      (one, another) => ({ ...one, entry: Buffer.concat([one.entry, another.entry]) }),
    ]);
    expect(accepted(mutants.take(count), openServerEntry)).toBe(0);
  });
});
