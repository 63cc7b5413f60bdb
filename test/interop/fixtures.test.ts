import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Entry } from '../../src/core/entry.js';
import { decodeEntry, encodeEntry } from '../../src/core/entry-codec.js';
import type { Row } from '../../src/core/row.js';
import { ArticleChecker } from '../../src/identity/check-article.js';
import type { Identity } from '../../src/identity/keys.js';
import { leafHash } from '../../src/identity/merkle.js';
import { createSealer, isHeadValid, signHead } from '../../src/identity/seal.js';
import { sealHash } from '../../src/identity/seal-statement.js';
import { checkRow, signRow, toWireRow } from '../../src/wire/convert-row.js';
import { fromWireHead, fromWireProof, toWireHead, toWireProof } from '../../src/wire/convert-seal.js';
import { Head, Proof } from '../../src/wire/gen/moot/v1/article.js';
import { RowStatement } from '../../src/wire/gen/moot/v1/federation.js';
import { identityOf } from '../support/fixed-identity.js';

interface Fixture {
  readonly seed: string;
  readonly seal: Readonly<Record<string, unknown>>;
  readonly entries: readonly { id: string; bytes: string; proof: string; meaning: Entry }[];
  readonly head: { bytes: string; meaning: Readonly<Record<string, unknown>> };
  readonly row: { statement: string; signature: string; publicKey: string; meaning: RowStatement };
}

const made = JSON.parse(readFileSync('test/fixtures/format-v1.json', 'utf8')) as Fixture;
const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Numbers and texts as they are, bytes in hex. */
function readable(value: object): unknown {
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, each instanceof Uint8Array ? hex(each) : (each as unknown)]),
  );
}

const later = { retractsSeq: 0, retractsEpoch: 0 };

const identity = (): Identity => identityOf(bytesOf(made.seed));

describe('the first format, as it was written down', () => {
  it.each(made.entries)('entry $id: bytes and meaning are one', ({ id, bytes, proof, meaning }) => {
    const { title, ...decoded } = decodeEntry(bytesOf(bytes));
    // Fields that came later are not there.
    expect(readable({ ...decoded, title })).toEqual({ ...meaning, ...later });
    const entry = { ...meaning, ...later, nextPublicKey: new Uint8Array(0) };
    expect(hex(encodeEntry(entry))).toBe(bytes);
    const read = fromWireProof(Proof.decode(bytesOf(proof)));
    expect(hex(Proof.encode(toWireProof(read)).finish())).toBe(proof);
    expect(new ArticleChecker().check(bytesOf(bytes), read, 0).id).toBe(id);
  });

  it('the seal over them is made again, byte for byte', () => {
    const leaves = made.entries.map(({ bytes }) => leafHash(bytesOf(bytes)));
    expect(readable(createSealer(identity()).seal(1, 1, leaves, new Uint8Array(32)))).toEqual(made.seal);
  });

  it('the head: bytes and meaning are one, and signed', () => {
    const head = fromWireHead(Head.decode(bytesOf(made.head.bytes)));
    expect(readable(head)).toEqual(made.head.meaning);
    expect(isHeadValid(head)).toBe(true);
    const [first] = made.entries;
    const lastSeal = sealHash(fromWireProof(Proof.decode(bytesOf(first?.proof ?? ''))).seal);
    const again = signHead(identity(), { epoch: 1, seq: 3, lastSeal }, head.asOfMs);
    expect(hex(Head.encode(toWireHead(again)).finish())).toBe(made.head.bytes);
  });

  it('the row: bytes and meaning are one, and signed', () => {
    const { statement, signature, publicKey, meaning } = made.row;
    expect(readable(RowStatement.decode(bytesOf(statement)))).toMatchObject(meaning);
    const said = { ...meaning, digest: bytesOf(String(meaning.digest)) };
    const heard = { outcome: 'ANSWERED', hop: 0, via: '', tookMs: 0, ageMs: undefined, reason: '' } as const;
    const row: Row = { ...said, ...heard, signed: undefined };
    const signed = signRow(identity(), meaning.queryId, row);
    expect(signed.signed && readable(signed.signed)).toEqual({ statement, signature, publicKey });
    expect(checkRow(toWireRow(signed), meaning.queryId)).toMatchObject({ name: 'Hamlet', articles: 3, held: 1 });
  });
});
