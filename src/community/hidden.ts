import type { Clock } from '../core/clock.js';
import { fromId } from '../core/ids.js';
import { type HiddenArticle, type Moderator, parseReason } from '../core/moderation.js';
import type { ArticleStore } from '../core/stores.js';
import type { QueryFrame } from '../federation/query.js';
import type { Audit } from './audit.js';
import { readWhole } from './replicas/read-whole.js';

/** Which articles of other communities are not shown here. */
export class Hidden {
  /** Rises with each that is hidden or shown. */
  version = 0;

  private constructor(
    private readonly articles: ArticleStore,
    private readonly audit: Audit,
    private readonly clock: Clock,
    private ids: ReadonlySet<string>,
  ) {}

  static async open(articles: ArticleStore, audit: Audit, clock: Clock): Promise<Hidden> {
    return new Hidden(articles, audit, clock, new Set((await articles.hidden()).map(({ id }) => id)));
  }

  /** Becomes what other replicas have made of it in the store. */
  async reload(): Promise<void> {
    const hidden = await readWhole(this, () => this.articles.hidden());
    this.ids = new Set(hidden.map(({ id }) => id));
  }

  /** @throws MootError `invalid` for an own article or a wrong id, `not_found`. */
  async hide(by: Moderator, { id, reason }: { readonly id: string; readonly reason: string }): Promise<HiddenArticle> {
    fromId(id);
    const hiding = { id, by: by.memberName, reason: parseReason(reason), atMs: this.clock.now() };
    const hidden = await this.articles.hide(hiding);
    const isNew = !this.ids.has(id);
    this.ids = new Set([...this.ids, id]);
    this.version += 1;
    if (isNew) await this.audit.note(by, 'hide', { id, reason });
    return hidden;
  }

  /** @throws MootError `invalid` for a wrong id, `not_found` for what is not hidden. */
  async unhide(by: Moderator, id: string): Promise<HiddenArticle> {
    fromId(id);
    const hidden = await this.articles.unhide(id);
    this.ids = new Set([...this.ids].filter((one) => one !== id));
    this.version += 1;
    await this.audit.note(by, 'unhide', { id });
    return hidden;
  }

  /** In the order in which they were hidden. */
  all(): Promise<readonly HiddenArticle[]> {
    return this.articles.hidden();
  }

  /** An answer without them: what other servers sent of it has not been through our store. */
  leftOut(frames: AsyncIterable<QueryFrame>): AsyncIterable<QueryFrame> {
    return this.ids.size === 0 ? frames : this.without(frames);
  }

  private async *without(frames: AsyncIterable<QueryFrame>): AsyncGenerator<QueryFrame> {
    for await (const frame of frames) {
      if (frame.kind !== 'articles') yield frame;
      else yield { ...frame, articles: frame.articles.filter(({ id }) => !this.ids.has(id)) };
    }
  }
}
