import { invalid } from '../core/errors.js';
import type { ArticleFilter } from '../core/filter.js';
import { fromId, type OriginId, toId } from '../core/ids.js';
import type { Position } from '../core/position.js';
import { sha256 } from '../identity/hash.js';

/** What a page token belongs to; the same on each page. */
export interface PagedQuestion {
  readonly filter: ArticleFilter;
  readonly scope: string;
  readonly order: string;
}

/** Where a page goes on. */
export interface PagePlace {
  /** The last article of the page before. */
  readonly before: Position;
  /** Who had answered it: see `digestOfCoverage`. */
  readonly coverage: Uint8Array;
}

/** version 1 | date 8 | id 32 | coverage 16 | question 8 | checksum 4 */
const version = 1;
const at = { date: 1, id: 9, coverage: 41, question: 57, checksum: 65 } as const;
const tokenBytes = 69;

export function toPageToken(question: PagedQuestion, { before, coverage }: PagePlace): string {
  const bytes = Buffer.alloc(tokenBytes);
  bytes.writeUInt8(version, 0);
  bytes.writeBigInt64BE(BigInt(before.publishedAtMs), at.date);
  bytes.set(fromId(before.id), at.id);
  bytes.set(coverage, at.coverage);
  bytes.set(digestOfQuestion(question), at.question);
  bytes.set(checksum(bytes), at.checksum);
  return bytes.toString('base64url');
}

/** @throws MootError `invalid` naming `pageToken` when it is none, or belongs to another question. */
export function parsePageToken(token: string, question: PagedQuestion): PagePlace {
  const bytes = Buffer.from(token, 'base64url');
  const isToken =
    bytes.length === tokenBytes &&
    bytes.toString('base64url') === token &&
    bytes[0] === version &&
    bytes.subarray(at.checksum).equals(checksum(bytes));
  if (!isToken) throw invalid('pageToken', 'pageToken is not a token that an answer ended with');
  if (!bytes.subarray(at.question, at.checksum).equals(digestOfQuestion(question)))
    throw invalid('pageToken', 'pageToken belongs to another question', 'ask with the filter it was given for');
  return {
    before: {
      publishedAtMs: Number(bytes.readBigInt64BE(at.date)),
      id: toId(bytes.subarray(at.id, at.coverage)),
    },
    coverage: bytes.subarray(at.coverage, at.question),
  };
}

/** 16 bytes that change when another set of servers has answered. */
export function digestOfCoverage(answered: readonly OriginId[]): Uint8Array {
  return sha256(Buffer.from([...answered].sort().join(' '))).subarray(0, 16);
}

export function isSameCoverage(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function digestOfQuestion({ filter, scope, order }: PagedQuestion): Uint8Array {
  const { topics, author, text, sinceMs, untilMs, origins, ids = [], replyTo } = filter;
  const said = [topics, author, text, sinceMs, untilMs, origins, scope, order, ids, replyTo].map(
    (part) => part ?? null,
  );
  return sha256(Buffer.from(JSON.stringify(said))).subarray(0, 8);
}

function checksum(bytes: Uint8Array): Uint8Array {
  return sha256(bytes.subarray(0, at.checksum)).subarray(0, 4);
}
