import type { Entry } from '../../core/entry.js';
import { answeredId } from '../sqlite/entry-scanner.js';
import type { Ask } from './database.js';
import { bytesArray, numberArray, textArray } from './packed-array.js';
import { shortened, tokensOf } from './tokens.js';

/** An entry as it stands in its table. */
export interface EntryRow {
  readonly origin: number;
  readonly epoch: number;
  readonly seq: number;
  /** Where its commit begins. */
  readonly firstSeq: number;
  readonly hash: Uint8Array;
  readonly kind: number;
  readonly topic: string;
  readonly author: string;
  readonly publishedAtMs: number;
  readonly storedAtMs: number;
  readonly replyTo: Uint8Array | null;
  bytes: Uint8Array | null;
  gone: number | null;
  /** With spaces between them. */
  tokens: string | null;
}

type Columns = Pick<EntryRow, 'topic' | 'author' | 'publishedAtMs' | 'replyTo'>;

/** What of an entry stands in columns of its own. */
export function columnsOf(
  entry: Pick<Entry, 'topic' | 'author' | 'publishedAtMs'> & { readonly replyTo: string },
): Columns {
  return {
    topic: shortened(entry.topic),
    author: shortened(entry.author),
    publishedAtMs: entry.publishedAtMs,
    replyTo: answeredId(entry.replyTo),
  };
}

/** Without text, or unreadable: found by its place in the log alone. */
export const noColumns: Columns = { topic: '', author: '', publishedAtMs: 0, replyTo: null };

export function tokenText({ title, body }: { readonly title?: string | undefined; readonly body: string }): string {
  return tokensOf(`${title ?? ''}\n${body}`).join(' ');
}

/** `$from` and on: what `entryValues` gives. */
export function insertEntries(from: number, source: string): string {
  const at = (index: number, type: string): string => `$${from + index}::${type}[]`;
  const lists = ['bigint', 'bigint', 'bigint', 'bigint', 'bytea', 'bigint', 'text', 'text', 'bigint', 'bigint']
    .concat(['bytea', 'bytea', 'bigint', 'text'])
    .map((type, index) => at(index, type))
    .join(', ');
  return `INSERT INTO entries (origin, epoch, seq, first_seq, id, kind, topic, author, published_at, stored_at, reply_to,
      bytes, gone, tokens)
    SELECT new.origin, new.epoch, new.seq, new.first_seq, new.id, new.kind, new.topic, new.author, new.published_at,
      new.stored_at, new.reply_to, new.bytes, new.gone, string_to_array(new.tokens, ' ')
    FROM ${source}unnest(${lists}) AS new (origin, epoch, seq, first_seq, id, kind, topic, author, published_at, stored_at,
      reply_to, bytes, gone, tokens)`;
}

export function entryValues(rows: readonly EntryRow[]): Buffer[] {
  return [
    numberArray(rows.map(({ origin }) => origin)),
    numberArray(rows.map(({ epoch }) => epoch)),
    numberArray(rows.map(({ seq }) => seq)),
    numberArray(rows.map(({ firstSeq }) => firstSeq)),
    bytesArray(rows.map(({ hash }) => hash)),
    numberArray(rows.map(({ kind }) => kind)),
    textArray(rows.map(({ topic }) => topic)),
    textArray(rows.map(({ author }) => author)),
    numberArray(rows.map(({ publishedAtMs }) => publishedAtMs)),
    numberArray(rows.map(({ storedAtMs }) => storedAtMs)),
    bytesArray(rows.map(({ replyTo }) => replyTo)),
    bytesArray(rows.map(({ bytes }) => bytes)),
    numberArray(rows.map(({ gone }) => gone)),
    textArray(rows.map(({ tokens }) => tokens)),
  ];
}

/** Adds to the numbers of articles of topics, by log. */
export class TopicCounts {
  private readonly counts = new Map<number, Map<string, number>>();

  add(origin: number, topic: string, articles: number): void {
    const counts = this.counts.get(origin) ?? new Map<string, number>();
    this.counts.set(origin, counts);
    counts.set(topic, (counts.get(topic) ?? 0) + articles);
  }

  get isEmpty(): boolean {
    return this.counts.size === 0;
  }

  /** In one order everywhere, so that two who count wait for each other and never in a circle. */
  get values(): Buffer[] {
    const rows = [...this.counts]
      .flatMap(([origin, topics]) => [...topics].map(([topic, articles]) => ({ origin, topic, articles })))
      .sort((a, b) => a.origin - b.origin || (a.topic < b.topic ? -1 : 1));
    return [
      numberArray(rows.map(({ origin }) => origin)),
      textArray(rows.map(({ topic }) => topic)),
      numberArray(rows.map(({ articles }) => articles)),
    ];
  }

  async write(ask: Ask): Promise<void> {
    if (!this.isEmpty) await ask(countTopics(1, ''), this.values);
  }
}

export function countTopics(from: number, source: string): string {
  return `INSERT INTO topic_counts (origin, topic, articles)
    SELECT new.origin, new.topic, new.articles
    FROM ${source}unnest($${from}::bigint[], $${from + 1}::text[], $${from + 2}::bigint[]) AS new (origin, topic, articles)
    ON CONFLICT (origin, topic) DO UPDATE SET articles = topic_counts.articles + excluded.articles`;
}
