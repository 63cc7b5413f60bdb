import type { ArticleInfo } from '../api.js';
import { excerpt } from './excerpt.js';

/** What a list keeps of an article: ten thousand of them must not hold ten thousand bodies. */
export interface ArticleRow extends Omit<ArticleInfo, 'body'> {
  readonly heading: string;
  readonly excerpt: string;
}

export function toRow({ body, ...article }: ArticleInfo): ArticleRow {
  const text = excerpt(body);
  if (article.title?.trim()) return { ...article, heading: article.title, excerpt: text };
  const [, first = text, rest = ''] = /^(.{20,90}?[.!?…])\s+(.*)$/s.exec(text) ?? [];
  return { ...article, heading: first || 'Without words', excerpt: rest };
}

/** Newest first; of one moment the greater id first, as communities order them. */
export function mergeRows(rows: readonly ArticleRow[], more: readonly ArticleRow[]): readonly ArticleRow[] {
  const known = new Set(rows.map(({ id }) => id));
  const fresh = [...new Map(more.map((row) => [row.id, row])).values()].filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return rows;
  const isBehind = (row: ArticleRow): boolean =>
    rows.length === 0 || newestFirst(rows[rows.length - 1] ?? row, row) < 0;
  if (fresh.every(isBehind)) return [...rows, ...fresh.sort(newestFirst)];
  return [...rows, ...fresh].sort(newestFirst);
}

function newestFirst(one: ArticleRow, other: ArticleRow): number {
  if (one.publishedAt !== other.publishedAt) return one.publishedAt < other.publishedAt ? 1 : -1;
  return one.id > other.id ? -1 : one.id < other.id ? 1 : 0;
}
