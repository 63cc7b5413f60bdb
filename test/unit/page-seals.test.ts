import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SealedArticle } from '../../src/core/entry.js';
import { decodeEntry } from '../../src/core/entry-codec.js';
import { toId } from '../../src/core/ids.js';
import type { Identity } from '../../src/identity/keys.js';
import { leafHash } from '../../src/identity/merkle.js';
import { createSealer } from '../../src/identity/seal.js';
import { sealStatement } from '../../src/identity/seal-statement.js';
import type { ArticleInfo, Proof } from '../../src/web/api.js';
import { checkSeal } from '../../src/web/reading/seal-check.js';
import { identityOf } from '../support/fixed-identity.js';
import { rotatedAfter } from '../support/rotated.js';
import { sealCommit } from '../support/sealed.js';
import { WrittenLog } from '../support/written-log.js';

const identity = identityOf(new Uint8Array(32).fill(1));
const stranger = identityOf(new Uint8Array(32).fill(2));

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

function shown({ id, entry }: SealedArticle): ArticleInfo {
  const publishedAt = new Date(entry.publishedAtMs).toISOString();
  return {
    ...{ id, origin: entry.origin, originName: 'Hamlet', epoch: String(entry.epoch), seq: String(entry.seq) },
    ...{ topic: entry.topic, author: entry.author, memberId: entry.memberId, member: entry.memberName },
    ...{ title: entry.title ?? null, body: entry.body, publishedAt, storedAt: publishedAt },
    replyTo: entry.replyTo || null,
  };
}

function proofOf({ bytes, proof: { seal, index, path } }: SealedArticle): Proof {
  return {
    ...{ bytes: base64(bytes), leafIndex: index, commitSize: seal.size, path: path.map(base64) },
    ...{
      signedBytes: base64(sealStatement(seal)),
      signature: base64(seal.signature),
      publicKey: base64(seal.publicKey),
    },
  };
}

function pick(count: number, at: number): SealedArticle {
  const article = sealCommit(identity, count)[at];
  if (!article) throw new RangeError('no such article');
  return article;
}

/** The same bytes with one bit turned over. */
function bent(text: string, at: number): string {
  const bytes = Buffer.from(text, 'base64');
  const place = at % bytes.length;
  bytes[place] = (bytes[place] ?? 0) ^ (1 << (at % 8));
  return base64(bytes);
}

const anyPlace = fc.integer({ min: 1, max: 40 }).chain((count) => fc.tuple(fc.constant(count), fc.nat(count - 1)));

describe('the page follows rotations', () => {
  it('N5 to the key that held, and takes no altered one, and none before its time', async () => {
    const [, second = identity, third = identity] = rotatedAfter(identity, [4, 9]);
    const sealedBy = (by: Identity, seq: number) => {
      const log = new WrittenLog(by);
      log.seq = seq - 1;
      const { seal, entries } = log.commit([{}]);
      const bytes = entries[0]?.bytes ?? new Uint8Array();
      return { id: toId(leafHash(bytes)), entry: decodeEntry(bytes), bytes, proof: { seal, index: 0, path: [] } };
    };
    const stateOf = async (by: Identity, seq: number, change: Partial<Proof> = {}) => {
      const article = { ...sealedBy(by, seq), storedAtMs: 1 };
      return (await checkSeal(shown(article), { ...proofOf(article), ...change })).state;
    };
    expect([await stateOf(second, 6), await stateOf(third, 11)]).toEqual(['sealed', 'sealed']);
    expect([await stateOf(second, 5), await stateOf(third, 10)]).toEqual(['broken', 'broken']);
    const line = base64(third.publicKey);
    for (let at = 0; at < third.publicKey.length; at += 7)
      expect(await stateOf(third, 11, { publicKey: bent(line, at) })).toBe('broken');
    for (const by of [identity, second])
      expect(await stateOf(third, 11, { publicKey: base64(by.publicKey) })).toBe('broken');
  });
});

describe('the page checks seals', () => {
  it('holds for each article of a commit of any size', () =>
    fc.assert(
      fc.asyncProperty(anyPlace, async ([count, at]) => {
        const article = pick(count, at);
        const check = await checkSeal(shown(article), proofOf(article));
        expect(check).toMatchObject({ state: 'sealed', origin: identity.id, of: count });
      }),
      { numRuns: 30 },
    ));

  it('breaks with any one bit of what is sealed, of the way to the root, of the signature and of the key', () =>
    fc.assert(
      fc.asyncProperty(anyPlace, fc.nat(), async ([count, at], where) => {
        const article = pick(count + 1, at);
        const proof = proofOf(article);
        const [first = '', ...others] = proof.path;
        const changes: Partial<Proof>[] = [
          { bytes: bent(proof.bytes, where) },
          { path: [bent(first, where), ...others] },
          { path: others },
          { path: [first, first, ...others] },
          { signedBytes: bent(proof.signedBytes, where) },
          { signature: bent(proof.signature, where) },
          { publicKey: bent(proof.publicKey, where) },
          { leafIndex: proof.leafIndex + 1 },
          { commitSize: proof.commitSize + 1 },
        ];
        for (const change of changes)
          expect(await checkSeal(shown(article), { ...proof, ...change })).toMatchObject({ state: 'broken' });
      }),
      { numRuns: 20 },
    ));

  it('breaks when anything is shown otherwise than it was sealed, and says what', async () => {
    const article = pick(3, 1);
    const info = shown(article);
    const changes: readonly (readonly [Partial<ArticleInfo>, RegExp])[] = [
      [{ body: `${info.body} ` }, /its text is shown otherwise/],
      [{ title: 'A title' }, /its title/],
      [{ author: 'Eve' }, /its author/],
      [{ member: 'eve' }, /the member who wrote it/],
      [{ topic: 'sports' }, /its topic/],
      [{ publishedAt: '2020-01-01T00:00:00.000Z' }, /its date/],
      [{ replyTo: info.id }, /what it answers/],
      [{ origin: stranger.id }, /its community/],
      [{ seq: '9' }, /its number/],
      [{ id: info.origin }, /the hash that is its id/],
    ];
    for (const [change, says] of changes) {
      const check = await checkSeal({ ...info, ...change }, proofOf(article));
      expect(check).toMatchObject({ state: 'broken', says: expect.stringMatching(says) });
    }
  });

  it('breaks when another community signed it with its own key', async () => {
    const article = pick(2, 0);
    const { seal } = article.proof;
    const forged = createSealer(stranger).seal(seal.epoch, seal.firstSeq, [seal.root], seal.previous);
    const change = { publicKey: base64(stranger.publicKey), signature: base64(forged.signature) };
    const check = await checkSeal(shown(article), { ...proofOf(article), ...change });
    expect(check).toMatchObject({ state: 'broken', says: expect.stringMatching(/key is not that of the community/) });
  });

  it('says that a proof which is none cannot be read', async () => {
    const article = pick(2, 0);
    for (const change of [{ bytes: '%' }, { signature: 'é' }, { signedBytes: '' }, { bytes: '' }])
      expect(await checkSeal(shown(article), { ...proofOf(article), ...change })).toMatchObject({ state: 'broken' });
  });
});
