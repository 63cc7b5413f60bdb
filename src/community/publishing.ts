import type { Clock } from '../core/clock.js';
import { type Draft, parseDraft, parseKey } from '../core/draft.js';
import { codeOf, MootError } from '../core/errors.js';
import { mostHeld } from '../core/held.js';
import { fromId } from '../core/ids.js';
import { parseReason } from '../core/moderation.js';
import type { QuotaReached } from '../core/quota.js';
import type { ServerLimits } from '../core/server-limits.js';
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
    private readonly articles: Pick<ArticleStore, 'append' | 'retract'>,
    /** The topics it takes, each with all below it; an empty list takes all. */
    private readonly topics: readonly string[],
    private readonly clock: Clock,
    /** The articles of a member wait for approval while fewer than so many of theirs are in the log. */
    private readonly holdBelow: (member: Author) => number,
  ) {}

  /**
   * @throws MootError `invalid` naming the field, `already_exists` for a key that has made another article, `full` with when
   * to come again where a quota is used up, `full`, `unavailable`.
   */
  async publish(member: Author, submitted: Submitted): Promise<Published> {
    const [appended] = await this.articles.append([this.parse(member, submitted)]);
    if (!appended) throw new Error('the store answered nothing');
    const outcome = this.toOutcome(appended);
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
      return this.toOutcome(next.value);
    });
  }

  /**
   * Takes an article of this community back: its text is gone here, and everywhere as the retraction arrives. Who does it a
   * second time is given the first.
   * @param of `own`: only what that member has published; `any`: they look after the community.
   * @throws MootError `invalid`, `not_found`, or `denied` for somebody else's.
   */
  retract(
    { memberId, memberName }: Author,
    { id, reason }: { readonly id: string; readonly reason: string },
    of: 'own' | 'any' = 'own',
  ): Promise<Published> {
    fromId(id);
    parseReason(reason);
    const onlyOf = of === 'own' ? memberId : undefined;
    return this.articles.retract({ id, reason, memberId, memberName, onlyOf });
  }

  private parse(member: Author, { draft, key }: Submitted): Submission {
    parseKey(key);
    parseDraft(draft, this.topics, this.clock.now());
    return { draft, key, member, holdBelow: this.holdBelow(member) };
  }

  private toOutcome(appended: Appended): PublishOutcome {
    if ('published' in appended) return appended;
    const { refused } = appended;
    if (refused === 'too many are held') return { refused: tooManyHeld() };
    if (refused !== 'key has another draft') return { refused: overQuota(refused, this.clock.now()) };
    return {
      refused: new MootError('already_exists', 'this key has published another draft', {
        field: 'key',
        hint: 'use a new key for a new article',
      }),
    };
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

function tooManyHeld(): MootError {
  return new MootError('full', `${mostHeld} of your articles wait for approval, and no more are taken`, {
    hint: 'moot held SERVER --mine',
  });
}

function overQuota({ of, most, untilMs }: QuotaReached, nowMs: number): MootError {
  return new MootError('full', `no more than ${most} ${of} a day are taken from one member`, {
    field: fieldOf[of],
    retryAfterMs: Math.max(1, untilMs - nowMs),
    hint: `again after ${new Date(untilMs).toISOString().slice(0, 16)} UTC`,
  });
}

/** The limits of the server, by what they are of. */
const fieldOf = {
  articles: 'memberArticlesADay',
  bytes: 'memberBytesADay',
} as const satisfies Record<QuotaReached['of'], keyof ServerLimits>;
