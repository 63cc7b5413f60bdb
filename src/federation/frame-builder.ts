import type { SealedArticle } from '../core/entry.js';
import { limits } from '../core/limits.js';

/** Packs articles into frames of at most `limits.frameBytes`, or one article. */
export class FrameBuilder {
  private articles: SealedArticle[] = [];
  private bytes = 0;

  /** @returns the frame that `article` did not fit into any more. */
  add(article: SealedArticle): readonly SealedArticle[] | undefined {
    const bytes = bytesOf(article);
    const full = this.bytes + bytes > limits.frameBytes ? this.flush() : undefined;
    this.articles.push(article);
    this.bytes += bytes;
    return full;
  }

  /** What is left, or undefined when there is nothing. */
  flush(): readonly SealedArticle[] | undefined {
    if (this.articles.length === 0) return undefined;
    const frame = this.articles;
    this.articles = [];
    this.bytes = 0;
    return frame;
  }
}

/** What an article takes in a message: its bytes, and its proof (a seal of fixed fields, and a path). */
export function bytesOf(article: SealedArticle): number {
  return article.bytes.length + sealBytes + article.proof.path.length * pathBytes;
}

const sealBytes = 320;
const pathBytes = 34;
