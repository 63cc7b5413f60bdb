import { signal } from '@preact/signals';
import type { ArticleView, Problem, Published } from '../../api.js';
import { type ArticleRow, toRow } from '../../reading/article-rows.js';
import { ask, problemOf } from '../../reading/ask.js';
import { type Draft, dropDraft, emptyDraft, keepDraft, makeKey, readDraft } from '../state/drafts.js';
import { type Kept, tokenOf } from '../state/memberships.js';
import { pathOf } from '../state/source.js';

/** A text that is being written: kept on this device with each change, until its community has acknowledged it. */
export class EditorState {
  readonly draft = signal<Draft>(emptyDraft);
  readonly isKept = signal(true);
  readonly isSending = signal(false);
  readonly problem = signal<Problem | undefined>(undefined);
  /** What it answers. */
  readonly answered = signal<ArticleRow | undefined>(undefined);
  private readonly place: string;

  constructor(
    private readonly replyTo: string | null,
    community: string,
  ) {
    this.place = replyTo ?? 'new';
    this.draft.value = readDraft(this.place) ?? { ...emptyDraft, community };
  }

  change(change: Partial<Draft>): void {
    // Another text needs another key.
    this.draft.value = { ...this.draft.value, ...change, key: undefined };
    this.isKept.value = keepDraft(this.place, this.draft.value);
  }

  discard(): void {
    this.draft.value = { ...emptyDraft, community: this.draft.value.community };
    this.problem.value = undefined;
    dropDraft(this.place);
  }

  /** Reads what is answered, for its topic and to show it. */
  async loadAnswered(community: string): Promise<void> {
    if (this.replyTo === null) return;
    const read = (from: string, token?: string): Promise<ArticleView> =>
      ask<ArticleView>(`${pathOf(from)}/articles/${encodeURIComponent(this.replyTo ?? '')}`, { token });
    const view = await read('any')
      .catch(() => read(community, tokenOf(this.draft.value.community)))
      .catch(() => undefined);
    if (!view) return;
    this.answered.value = toRow(view.article);
    if (this.draft.value.topic === '') this.change({ topic: view.article.topic });
  }

  /** @returns what was published; undefined when it was refused, or it is not known whether it arrived: sent again, it is published once. */
  async publish({ community, token }: Kept): Promise<Published | undefined> {
    if (this.isSending.value) return undefined;
    this.isSending.value = true;
    this.problem.value = undefined;
    const { topic, title, body, key = makeKey() } = this.draft.value;
    this.draft.value = { ...this.draft.value, key };
    keepDraft(this.place, this.draft.value);
    try {
      const draft = {
        topic,
        body,
        key,
        ...(title === '' ? {} : { title }),
        ...(this.replyTo === null ? {} : { replyTo: this.replyTo }),
      };
      const published = await ask<Published>(`${pathOf(community)}/articles`, { token, body: draft });
      this.discard();
      return published;
    } catch (error) {
      this.problem.value = problemOf(error);
      return undefined;
    } finally {
      this.isSending.value = false;
    }
  }
}
