import type { Proof, SealedArticle } from '../core/entry.js';
import { invalid } from '../core/errors.js';
import { limits } from '../core/limits.js';
import { required, toBuffer, toDateMs } from './check.js';
import { fromWireProof, toWireProof } from './convert-seal.js';
import type { ArticleBatch, Article as WireArticle } from './gen/moot/v1/article.js';

/** An article as it came: well formed, but nobody has checked its seal. `ArticleChecker.check` takes these three. */
export interface UncheckedArticle {
  readonly bytes: Uint8Array;
  readonly proof: Proof;
  readonly storedAtMs: number;
}

export function toWireArticle(article: Omit<SealedArticle, 'id' | 'entry'>): WireArticle {
  return {
    entry: toBuffer(article.bytes),
    proof: toWireProof(article.proof),
    storedAtMs: BigInt(article.storedAtMs),
  };
}

/** @throws MootError `invalid` naming the field. */
export function fromWireArticle(article: WireArticle): UncheckedArticle {
  if (article.entry.length === 0) throw invalid('entry', 'entry is missing');
  if (article.entry.length > limits.messageBytes) throw invalid('entry', `entry has ${article.entry.length} bytes`);
  return {
    bytes: article.entry,
    proof: fromWireProof(required(article.proof, 'proof')),
    storedAtMs: toDateMs(article.storedAtMs, 'storedAt'),
  };
}

export function toWireArticles(articles: readonly SealedArticle[]): ArticleBatch {
  return { articles: articles.map(toWireArticle) };
}

/** @throws MootError `invalid`, besides when the batch is larger than one frame may be. */
export function fromWireArticles({ articles }: ArticleBatch): readonly UncheckedArticle[] {
  const bytes = articles.reduce((sum, article) => sum + article.entry.length, 0);
  if (articles.length > 1 && bytes > limits.frameBytes)
    throw invalid('articles', `a frame of ${articles.length} articles has ${bytes} bytes`);
  return articles.map(fromWireArticle);
}
