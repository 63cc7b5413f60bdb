import { invalid } from '../core/errors.js';
import type { HeldArticle, HeldStore } from '../core/held.js';
import { type Moderator, parseMeant, parseReason } from '../core/moderation.js';
import type { Published } from '../core/stores.js';
import { utf8Bytes } from '../core/text.js';
import type { Audit } from './audit.js';

export interface HeldPage {
  readonly articles: readonly HeldArticle[];
  /** '' when that was all. */
  readonly nextPageToken: string;
}

/** So many at most in one answer, and so many bytes of text, or one. */
const pageArticles = 100;
const pageBytes = 512 * 1024;

/** Articles of new members that wait for approval. */
export class Held {
  constructor(
    private readonly store: HeldStore,
    private readonly audit: Audit,
    private readonly now: () => number,
  ) {}

  /**
   * In the order in which they came.
   * @param memberId all of theirs, refused ones among them; undefined: what waits. @throws MootError `invalid` naming `pageToken`.
   */
  async page(pageToken: string, memberId?: string): Promise<HeldPage> {
    if (!/^(\d{1,15})?$/.test(pageToken)) throw invalid('pageToken', 'pageToken is none that this community gave');
    const found = await this.store.list({ after: Number(pageToken), limit: pageArticles + 1, memberId });
    let bytes = 0;
    const articles = found.slice(0, pageArticles).filter(({ draft }, at) => {
      bytes += utf8Bytes(draft.body);
      return at === 0 || bytes <= pageBytes;
    });
    const last = articles.length < found.length ? articles.at(-1) : undefined;
    return { articles, nextPageToken: last === undefined ? '' : String(last.number) };
  }

  /** Publishes it. @throws MootError `not_found` when none such waits. */
  async release(by: Moderator, id: string): Promise<Published> {
    const published = await this.store.release(parseMeant('id', id));
    await this.audit.note(by, 'release', { id: published.id });
    return published;
  }

  /** Its author can read why. @throws MootError `not_found`, `invalid` naming `reason`. */
  async refuse(by: Moderator, id: string, reason: string): Promise<HeldArticle> {
    const refusal = { atMs: this.now(), by: by.memberName, reason: parseReason(reason) };
    const refused = await this.store.refuse(parseMeant('id', id), refusal);
    await this.audit.note(by, 'refuse-article', { id, name: refused.member.memberName, reason });
    return refused;
  }
}
