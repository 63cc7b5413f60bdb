import type { Draft } from './draft.js';
import type { Author, Published } from './stores.js';

/** Why a moderator did not let an article into the log. */
export interface ArticleRefusal {
  readonly atMs: number;
  readonly by: string;
  /** For its author; '' where none was given. */
  readonly reason: string;
}

/** An article of a new member that is in no log yet: its author sees it, and who looks after the community. */
export interface HeldArticle {
  readonly id: string;
  /** Rises in the order in which they came. */
  readonly number: number;
  readonly draft: Draft;
  readonly member: Author;
  readonly heldAtMs: number;
  /** undefined: it waits. */
  readonly refused: ArticleRefusal | undefined;
}

export interface HeldRequest {
  /** Only what came after this number. */
  readonly after: number;
  readonly limit: number;
  /** All of this member, refused ones among them; undefined: what waits, of all. */
  readonly memberId: string | undefined;
}

/** What `ArticleStore.append` has held; a member who is removed takes theirs along. Passes test/support/held-contract.ts. */
export interface HeldStore {
  /** In the order in which they came. */
  list(request: HeldRequest): Promise<readonly HeldArticle[]>;
  /** Appends it to the own log; its key has made that article from then on. @throws MootError `not_found` when none such waits. */
  release(id: string): Promise<Published>;
  /** It is never appended; its author can read why. @throws MootError `not_found` when none such waits. */
  refuse(id: string, refusal: ArticleRefusal): Promise<HeldArticle>;
}

/** One member may have so many waiting: whoever looks at them is a person. */
export const mostHeld = 100;
