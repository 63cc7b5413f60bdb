import type { Database, Statement } from 'better-sqlite3';

export interface KeyRow {
  readonly place: number;
  readonly publishedAtMs: number;
  readonly id: Uint8Array;
  readonly bytes: number;
}

/** What all must hold of the articles asked for; what is undefined is not asked. */
export interface KeyConditions {
  readonly origin: number;
  readonly topic?: number | undefined;
  /** JSON list of numbers. */
  readonly topics?: string | undefined;
  readonly author?: number | undefined;
  /** JSON list of places. */
  readonly places?: string | undefined;
  /** What is answered. */
  readonly replyTo?: Uint8Array | undefined;
  /** In the language of FTS5. */
  readonly words?: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly before?: { readonly publishedAtMs: number; readonly id: Uint8Array } | undefined;
}

type Values = Record<string, unknown>;
export const live = 'kind = 1 AND bytes IS NOT NULL';

/** Builds one statement for each shape of a question, led by the one index that suits it, and keeps it. */
export class KeyQuery {
  private readonly statements = new Map<string, Statement<[Values]>>();

  constructor(private readonly database: Database) {}

  /** Newest first, ties by id, falling. */
  newest(conditions: KeyConditions, limit: number): KeyRow[] {
    const columns = 'place, published_at AS publishedAtMs, id, length(bytes) AS bytes';
    const order = 'ORDER BY published_at DESC, id DESC LIMIT $limit';
    return this.prepared(columns, conditions, order).all({ ...values(conditions), limit }) as KeyRow[];
  }

  count(conditions: KeyConditions): number {
    const row = this.prepared('count(*) AS articles', conditions, '').get(values(conditions));
    return (row as { articles: number }).articles;
  }

  private prepared(columns: string, conditions: KeyConditions, end: string): Statement<[Values]> {
    const sql = `SELECT ${columns} FROM ${source(conditions)} WHERE ${where(conditions)} ${end}`;
    const known = this.statements.get(sql);
    if (known) return known;
    const statement = this.database.prepare<[Values]>(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}

function source({ places, replyTo, words, author, topic }: KeyConditions): string {
  if (places !== undefined)
    return '(SELECT value AS named FROM json_each($places)) CROSS JOIN entries ON place = named';
  if (replyTo !== undefined) return 'entries INDEXED BY entries_by_reply';
  if (words !== undefined) return 'words CROSS JOIN entries ON place = words.rowid';
  if (topic !== undefined) return 'entries INDEXED BY entries_by_topic';
  if (author !== undefined) return 'entries INDEXED BY entries_by_author';
  return 'entries INDEXED BY entries_by_date';
}

function where({ words, topic, topics, author, places, replyTo, before }: KeyConditions): string {
  const parts = [live, 'origin = $origin', 'published_at >= $from', 'published_at <= $to'];
  const isNamed = places !== undefined || replyTo !== undefined;
  if (words !== undefined && isNamed)
    parts.push('EXISTS (SELECT 1 FROM words WHERE words MATCH $words AND rowid = place)');
  else if (words !== undefined) parts.push('words MATCH $words');
  if (replyTo !== undefined) parts.push('reply_to = $replyTo');
  if (topic !== undefined) parts.push('topic = $topic');
  if (topics !== undefined) parts.push('topic IN (SELECT value FROM json_each($topics))');
  if (author !== undefined) parts.push('author = $author');
  if (before) parts.push('(published_at < $beforeDate OR id < $beforeId)');
  return parts.join(' AND ');
}

export function values({ fromMs, toMs, before, ...named }: KeyConditions): Values {
  const to = Math.min(toMs, before?.publishedAtMs ?? toMs);
  const position = before && { beforeDate: before.publishedAtMs, beforeId: before.id };
  return { ...named, from: fromMs, to, ...position };
}
