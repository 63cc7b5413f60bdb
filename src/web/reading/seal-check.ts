import { toBase32 } from '../../core/base32.js';
import type { Entry } from '../../core/entry.js';
import { decodeEntry } from '../../core/entry-codec.js';
import type { ArticleInfo, Proof } from '../api.js';
import { newestKey } from './newest-key.js';
import { fromBase64, isSigned, joined, readStatement, sha256 } from './seal-bytes.js';

/** What checking a seal came to, with a sentence for the reader. */
export type SealCheck =
  | { readonly state: 'sealed'; readonly says: string; readonly origin: string; readonly of: number }
  | { readonly state: 'broken'; readonly says: string }
  | { readonly state: 'unchecked'; readonly says: string };

/**
 * Checks that the community in `article.origin` sealed exactly what is shown: README, "Seals, for other languages". Trusts nothing that
 * the gateway says about it.
 */
export async function checkSeal(article: ArticleInfo, proof: Proof): Promise<SealCheck> {
  if (!globalThis.crypto?.subtle)
    return unchecked(
      'this address is not encrypted, and browsers check signatures only where it is (https, or localhost)',
    );
  try {
    return await check(article, proof);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError')
      return unchecked('this browser knows no Ed25519 signatures; a newer one does');
    return broken('the proof cannot be read');
  }
}

async function check(article: ArticleInfo, proof: Proof): Promise<SealCheck> {
  const bytes = fromBase64(proof.bytes);
  const leaf = await sha256(Uint8Array.of(0), bytes);
  if (toBase32(leaf) !== article.id) return broken('the text does not have the hash that is its id');
  const entry = decodeEntry(bytes);
  const other = difference(article, entry);
  if (other !== undefined) return broken(`${other} is shown otherwise than it was sealed`);

  const statement = readStatement(fromBase64(proof.signedBytes));
  if (!statement) return broken('what was signed is not a seal');
  const { origin, epoch, firstSeq, size, root } = statement;
  const isInPlace =
    origin === entry.origin &&
    epoch === BigInt(entry.epoch) &&
    firstSeq + BigInt(proof.leafIndex) === BigInt(entry.seq);
  if (!isInPlace || size !== proof.commitSize) return broken('it is not at the place that the seal gives it');
  const climbed = await climb(leaf, proof.leafIndex, size, proof.path.map(fromBase64));
  if (!climbed || toBase32(climbed) !== toBase32(root)) return broken('it is not among what the seal covers');

  const publicKey = fromBase64(proof.publicKey);
  if (toBase32(await sha256(publicKey.subarray(0, 32))) !== article.origin)
    return broken('the key is not that of the community');
  const key = await newestKey(publicKey, { epoch: entry.epoch, seq: Number(firstSeq) });
  if (!key) return broken('the key did not hold at that place');
  if (!(await isSigned(key, fromBase64(proof.signature), fromBase64(proof.signedBytes))))
    return broken('the signature is not that of the community');
  return { state: 'sealed', says: 'Sealed by its community, checked in this browser.', origin, of: size };
}

/** The root that a leaf and its path lead to; undefined when the path has another length than the place asks for. */
async function climb(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Promise<Uint8Array | undefined> {
  if (index < 0 || index >= size) return undefined;
  let hash = leaf;
  let used = 0;
  for (let at = index, width = size; width > 1; at = Math.floor(at / 2), width = Math.ceil(width / 2)) {
    if (at % 2 === 0 && at + 1 === width) continue;
    const sibling = path[used++];
    if (sibling?.length !== 32) return undefined;
    const [left, right] = at % 2 === 0 ? [hash, sibling] : [sibling, hash];
    hash = await sha256(Uint8Array.of(1), joined(left, right));
  }
  return used === path.length ? hash : undefined;
}

/** What is shown and what was sealed, by the words for it. @returns the first that differs. */
function difference(article: ArticleInfo, entry: Entry): string | undefined {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['its kind', 'article', entry.kind],
    ['its community', article.origin, entry.origin],
    ['its number', `${article.epoch}/${article.seq}`, `${entry.epoch}/${entry.seq}`],
    ['its topic', article.topic, entry.topic],
    ['its author', article.author, entry.author],
    ['the member who wrote it', `${article.memberId} ${article.member}`, `${entry.memberId} ${entry.memberName}`],
    ['its title', article.title ?? '', entry.title ?? ''],
    ['its text', article.body, entry.body],
    ['its date', Date.parse(article.publishedAt), entry.publishedAtMs],
    ['what it answers', article.replyTo ?? '', entry.replyTo],
  ];
  return pairs.find(([, shown, sealed]) => shown !== sealed)?.[0];
}

function broken(what: string): SealCheck {
  return { state: 'broken', says: `The seal does not hold: ${what}. Do not take this for what the community said.` };
}

function unchecked(why: string): SealCheck {
  return { state: 'unchecked', says: `The seal was not checked: ${why}.` };
}
