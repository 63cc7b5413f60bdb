import type { Clock } from '../core/clock.js';
import { type Draft, parseDraft, parseKey } from '../core/draft.js';
import { codeOf, MootError } from '../core/errors.js';
import type { Appended, ArticleStore, Author, Published, Submission } from '../core/stores.js';

/** A draft as a member sent it. `key` is '' when they gave none. */
export interface Submitted {
  readonly draft: Draft;
  readonly key: string;
}

/** What became of one of many. */
export type PublishOutcome = { readonly published: Published } | { readonly refused: MootError };

/** Takes drafts in: refuses what is wrong with them, and hands the rest to the log. */
export class Publishing {
  constructor(
    private readonly articles: ArticleStore,
    /** The topics it takes, each with all below it; an empty list takes all. */
    private readonly topics: readonly string[],
    private readonly clock: Clock,
  ) {}

  /** @throws MootError `invalid` naming the field, `already_exists` for a key that has made another article, `full`, `unavailable`. */
  async publish(member: Author, submitted: Submitted): Promise<Published> {
    const [appended] = await this.articles.append([this.parse(member, submitted)]);
    if (!appended) throw new Error('the store answered nothing');
    const outcome = toOutcome(appended);
    if ('refused' in outcome) throw outcome.refused;
    return outcome.published;
  }

  /**
   * Many at once, one outcome each, in order: a refused one stops no other.
   * @throws MootError `full` or `unavailable`: then none of them was kept.
   */
  async publishAll(member: Author, all: readonly Submitted[]): Promise<readonly PublishOutcome[]> {
    const parsed = all.map((submitted) => this.tryParse(member, submitted));
    const good = parsed.filter((item): item is Submission => !(item instanceof MootError));
    const appended = good.length > 0 ? (await this.articles.append(good))[Symbol.iterator]() : [][Symbol.iterator]();
    return parsed.map((item) => {
      if (item instanceof MootError) return { refused: item };
      const next = appended.next();
      if (next.done) throw new Error('the store answered less than it was asked');
      return toOutcome(next.value);
    });
  }

  private parse(member: Author, { draft, key }: Submitted): Submission {
    parseKey(key);
    parseDraft(draft, this.topics, this.clock.now());
    return { draft, key, member };
  }

  private tryParse(member: Author, submitted: Submitted): Submission | MootError {
    try {
      return this.parse(member, submitted);
    } catch (error) {
      if (codeOf(error) === 'invalid' && error instanceof MootError) return error;
      throw error;
    }
  }
}

function toOutcome(appended: Appended): PublishOutcome {
  if ('published' in appended) return appended;
  return {
    refused: new MootError('already_exists', 'this key has published another draft', {
      field: 'key',
      hint: 'use a new key for a new article',
    }),
  };
}
