import type { ErrorCode } from '../core/errors.js';
import type { Outcome } from '../core/row.js';
import type { Appended, ArticleStore } from '../core/stores.js';

/** What came of one question of a member. */
export interface QueryEnd {
  /** An answer, with nothing missing or with something; or the error that ended it. */
  readonly outcome: 'complete' | 'partial' | ErrorCode;
  readonly tookMs: number;
  /** What became of each server that was to be asked. */
  readonly rows: readonly Outcome[];
}

/** Is told what a community does, to count it. */
export interface Observer {
  queried(end: QueryEnd): void;
  /** Drafts wait for the log. @returns to be called once, with what became of them; undefined: none of them was kept. */
  appending(drafts: number): (results: readonly Appended[] | undefined) => void;
}

/** `articles`, with `observer` told of what is appended. */
export function observed(
  articles: Pick<ArticleStore, 'append' | 'retract'>,
  observer: Observer,
): Pick<ArticleStore, 'append' | 'retract'> {
  return {
    retract: (retraction) => articles.retract(retraction),
    append: async (submissions) => {
      const done = observer.appending(submissions.length);
      let results: readonly Appended[] | undefined;
      try {
        results = await articles.append(submissions);
        return results;
      } finally {
        done(results);
      }
    },
  };
}
