import type { ArticleFilter } from '../../core/filter.js';
import { fromId, toId } from '../../core/ids.js';
import type { FindRequest, Found } from '../../core/stores.js';
import type { Database } from './database.js';
import type { Origins } from './origins.js';
import { bytesArray, textArray } from './packed-array.js';
import { shortened, tokensOf } from './tokens.js';

interface KeyRow {
  readonly seq: number;
  readonly publishedAtMs: number;
  readonly id: Uint8Array;
  readonly bytes: number;
}

const nothing: Found = { keys: [], more: false, held: 0 };
const live = 'kind = 1 AND bytes IS NOT NULL';
const newestFirst = 'ORDER BY published_at DESC, id DESC';

/** Finds the newest matches: what `matches` of the core says, in SQL. */
export class ArticleFinder {
  constructor(
    private readonly database: Database,
    private readonly origins: Origins,
  ) {}

  async find(request: FindRequest): Promise<Found> {
    const { filter, origin, limit, notAfterMs } = request;
    if (filter.origins.length > 0 && !filter.origins.includes(origin)) return nothing;
    const number = await this.origins.find(origin);
    if (number === undefined) return nothing;
    const newest = newestOf(number, request);
    const held = heldOf(number, filter, notAfterMs);
    const [rows, counted] = await Promise.all([
      this.database.plan<KeyRow>(newest.sql, newest.values),
      this.database.plan<{ held: number }>(held.sql, held.values),
    ]);
    const keys = rows
      .slice(0, limit)
      .map(({ seq, publishedAtMs, id, bytes }) => ({ place: seq, publishedAtMs, id: toId(id), bytes }));
    return { keys, more: rows.length > limit, held: counted[0]?.held ?? 0 };
  }
}

interface Question {
  readonly sql: string;
  readonly values: readonly unknown[];
}

function newestOf(origin: number, { filter, before, limit, notAfterMs }: FindRequest): Question {
  const values: unknown[] = [];
  const put = (value: unknown): string => `$${values.push(value)}`;
  const parts = [...conditions(filter, put), `origin = ${put(origin)}`];
  parts.push(`published_at <= ${put(Math.min(notAfterMs, before?.publishedAtMs ?? notAfterMs))}`);
  if (before)
    parts.push(`(published_at < ${put(before.publishedAtMs)} OR id < ${put(fromId(before.id, 'before'))}::bytea)`);
  const columns = 'seq, published_at AS "publishedAtMs", id, length(bytes) AS bytes';
  const most = put(limit + 1);
  const sql = (topic: string): string =>
    `SELECT ${columns} FROM entries WHERE ${[live, ...parts, topic].join(' AND ')} ${newestFirst} LIMIT ${most}`;
  if (filter.topics.length === 0) return { sql: sql('TRUE'), values };
  const covered = coveredBy(filter.topics, put);
  if (isNarrow(filter)) return { sql: sql(covered('topic')), values };
  // Each topic by its own index, newest first; then the newest of those.
  return {
    sql: `SELECT found.* FROM topic_counts counted CROSS JOIN LATERAL (${sql('entries.topic = counted.topic')}) found
      WHERE counted.origin = ${put(origin)} AND counted.articles > 0 AND ${covered('counted.topic')}
      ORDER BY "publishedAtMs" DESC, id DESC LIMIT ${most}`,
    values,
  };
}

/** Almost always none, which the dates tell. */
function heldOf(origin: number, filter: ArticleFilter, notAfterMs: number): Question {
  const values: unknown[] = [];
  const put = (value: unknown): string => `$${values.push(value)}`;
  const parts = [live, ...conditions(filter, put), `origin = ${put(origin)}`, `published_at > ${put(notAfterMs)}`];
  if (filter.topics.length > 0) parts.push(coveredBy(filter.topics, put)('topic'));
  return { sql: `SELECT count(*) AS held FROM entries WHERE ${parts.join(' AND ')}`, values };
}

/** What leads to few articles by itself. */
function isNarrow({ ids = [], replyTo, text }: ArticleFilter): boolean {
  return ids.length > 0 || replyTo !== undefined || text !== undefined;
}

function conditions(filter: ArticleFilter, put: (value: unknown) => string): string[] {
  const { ids = [], replyTo, author, sinceMs, untilMs, text } = filter;
  const parts: string[] = [];
  if (ids.length > 0) parts.push(`id = ANY(${put(bytesArray(ids.map((id) => fromId(id))))}::bytea[])`);
  if (replyTo !== undefined) parts.push(`reply_to = ${put(fromId(replyTo, 'replyTo'))}::bytea`);
  if (author !== undefined) parts.push(`author = ${put(shortened(author))}`);
  if (sinceMs !== undefined) parts.push(`published_at >= ${put(sinceMs)}`);
  if (untilMs !== undefined) parts.push(`published_at < ${put(untilMs)}`);
  if (text !== undefined) parts.push(`tokens @> ${put(textArray(tokensOf(text)))}::text[]`);
  return parts;
}

/** '.' is followed by '/' in ASCII, so what lies between is what begins with the topic and a dot. */
function coveredBy(topics: readonly string[], put: (value: unknown) => string): (column: string) => string {
  const exact = put(textArray(topics.map(shortened)));
  const below = topics.map((topic) => [put(`${topic}.`), put(`${topic}/`)] as const);
  return (column) => {
    const ranges = below.map(([from, to]) => `(${column} >= ${from} AND ${column} < ${to})`);
    return `(${column} = ANY(${exact}::text[]) OR ${ranges.join(' OR ')})`;
  };
}
