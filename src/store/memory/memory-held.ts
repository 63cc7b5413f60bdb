import { v7 as uuid } from 'uuid';
import { type ArticleRefusal, type HeldArticle, type HeldRequest, mostHeld } from '../../core/held.js';
import type { Published, Submission } from '../../core/stores.js';
import { notHeld } from '../refusals.js';
import { heldAck } from '../submission.js';

interface Kept {
  readonly article: HeldArticle;
  readonly key: string;
  readonly digest: Uint8Array;
}

/** What waits for approval, in a list. */
export class MemoryHeld {
  private kept: readonly Kept[] = [];
  private last = 0;

  constructor(private readonly origin: string) {}

  isFull(memberId: string): boolean {
    const waiting = this.kept.filter(({ article }) => article.member.memberId === memberId && !article.refused);
    return waiting.length >= mostHeld;
  }

  remembered(memberId: string, key: string): { published: Published; digest: Uint8Array } | undefined {
    const found = this.kept.find((one) => one.key === key && one.article.member.memberId === memberId);
    return found && { published: this.ack(found.article), digest: found.digest };
  }

  add({ draft, member, key }: Submission, digest: Uint8Array, nowMs: number): Published {
    this.last += 1;
    const article = { id: uuid(), number: this.last, draft, member, heldAtMs: nowMs, refused: undefined };
    this.kept = [...this.kept, { article, key, digest }];
    return this.ack(article);
  }

  list({ after, limit, memberId }: HeldRequest): readonly HeldArticle[] {
    return this.kept
      .map(({ article }) => article)
      .filter(({ number }) => number > after)
      .filter(({ member, refused }) => (memberId === undefined ? !refused : member.memberId === memberId))
      .slice(0, limit);
  }

  /** As `HeldTable.take`. */
  take(id: string): { readonly submission: Submission; readonly digest: Uint8Array } {
    const found = this.find(id);
    this.kept = this.kept.filter((one) => one !== found);
    const { draft, member } = found.article;
    return {
      submission: { draft, member, key: found.key === '' ? `released ${id}` : found.key },
      digest: found.digest,
    };
  }

  refuse(id: string, refused: ArticleRefusal): HeldArticle {
    const found = this.find(id);
    const article = { ...found.article, refused };
    this.kept = this.kept.map((one) => (one === found ? { ...one, article } : one));
    return article;
  }

  drop(memberId: string): void {
    this.kept = this.kept.filter(({ article }) => article.member.memberId !== memberId);
  }

  private find(id: string): Kept {
    const found = this.kept.find(({ article }) => article.id === id && !article.refused);
    if (!found) throw notHeld(id);
    return found;
  }

  private ack({ id, heldAtMs }: HeldArticle): Published {
    return heldAck(this.origin, id, heldAtMs);
  }
}
