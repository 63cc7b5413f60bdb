import type { Draft } from '../../core/draft.js';
import { invalid } from '../../core/errors.js';
import { readDate } from '../parse/date.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The draft that a line of NDJSON holds: {"topic","author","title","body","publishedAt"}; null is the same as left out, and
 * other fields are passed over, so that what `moot query --json` prints can be imported.
 * @param otherwise the topic of a line that names none.
 * @returns undefined for a blank line.
 * @throws MootError `invalid` naming the field. What a draft may hold is judged when it is published.
 */
export function parseDraftLine(bytes: Uint8Array, otherwise?: string): Draft | undefined {
  const text = decode(bytes);
  if (text.trim() === '') return undefined;
  const fields = parseObject(text);
  return {
    topic: optionalText(fields, 'topic') ?? otherwise ?? missing('topic'),
    author: optionalText(fields, 'author'),
    title: optionalText(fields, 'title'),
    body: optionalText(fields, 'body') ?? missing('body'),
    publishedAtMs: parsePublishedAt(fields.publishedAt),
  };
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalid('line', 'it is not UTF-8');
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('line', 'it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('line', 'it is not a JSON object');
  return value as Readonly<Record<string, unknown>>;
}

function optionalText(fields: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const value = fields[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(field, `${field} is not text`);
  return value;
}

function missing(field: string): never {
  throw invalid(field, `${field} is missing`);
}

/** A number is Unix seconds. */
function parsePublishedAt(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const ms =
    typeof value === 'number' ? Math.round(value * 1000) : typeof value === 'string' ? readDate(value) : undefined;
  if (ms === undefined || !Number.isSafeInteger(ms))
    throw invalid('publishedAt', 'publishedAt is neither an ISO 8601 date nor a number of Unix seconds');
  return ms;
}
