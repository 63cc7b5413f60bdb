import type { ArticleInfo } from '../api.js';

/** An article with what answers it. */
export interface Branch {
  readonly article: ArticleInfo;
  readonly replies: readonly Branch[];
}

/** Replies as a tree under `root`, the oldest first; what answers something that is not there stands at the top. */
export function toBranches(root: string, replies: readonly ArticleInfo[]): readonly Branch[] {
  const known = new Set(replies.map(({ id }) => id));
  const under = new Map<string, ArticleInfo[]>();
  for (const reply of [...replies].sort(oldestFirst)) {
    const parent = reply.replyTo !== null && known.has(reply.replyTo) ? reply.replyTo : root;
    under.set(parent, [...(under.get(parent) ?? []), reply]);
  }
  const seen = new Set<string>();
  const branches = (parent: string): Branch[] =>
    (under.get(parent) ?? []).flatMap((article) => {
      if (seen.has(article.id)) return [];
      seen.add(article.id);
      return [{ article, replies: branches(article.id) }];
    });
  return branches(root);
}

/** Adds a reply that has just arrived. @returns the same list when it is there already, or answers nothing in this thread. */
export function withReply(root: string, replies: readonly ArticleInfo[], reply: ArticleInfo): readonly ArticleInfo[] {
  const thread = new Set([root, ...replies.map(({ id }) => id)]);
  if (thread.has(reply.id) || reply.replyTo === null || !thread.has(reply.replyTo)) return replies;
  return [...replies, reply];
}

function oldestFirst(one: ArticleInfo, other: ArticleInfo): number {
  return one.publishedAt < other.publishedAt ? -1 : one.publishedAt > other.publishedAt ? 1 : 0;
}
