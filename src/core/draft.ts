import { invalid } from './errors.js';
import { fromId } from './ids.js';
import { limits } from './limits.js';
import { nearMisses } from './near-miss.js';
import { codePoints, isBlank, requireText, utf8Bytes } from './text.js';
import { covers, parseTopic } from './topic.js';

/** What a member wants published, as sent. */
export interface Draft {
  readonly topic: string;
  /** Default: the member's name. */
  readonly author?: string | undefined;
  readonly title?: string | undefined;
  readonly body: string;
  /** Default: when it is stored. */
  readonly publishedAtMs?: number | undefined;
  readonly replyTo?: string | undefined;
  readonly mediaType?: string | undefined;
}

/** @throws MootError `invalid` naming the field and its limit; nothing is trimmed or mended. */
export function parseDraft(draft: Draft, takes: readonly string[], nowMs: number): Draft {
  parseTopic(draft.topic);
  if (takes.length > 0 && !takes.some((topic) => covers(topic, draft.topic)))
    throw invalid(
      'topic',
      `topic ${draft.topic} is not taken here; this community takes ${takes.join(', ')}`,
      nearTopic(draft.topic, takes),
    );
  if (draft.author !== undefined) parseLine('author', draft.author, limits.authorCodePoints);
  if (draft.title !== undefined) parseTitle(draft.title);
  parseBody(draft.body);
  if (draft.publishedAtMs !== undefined) parseDate(draft.publishedAtMs, nowMs);
  if (draft.replyTo !== undefined) fromId(draft.replyTo, 'replyTo');
  if (draft.mediaType !== undefined) parseLine('mediaType', draft.mediaType, limits.mediaTypeCharacters);
  return draft;
}

/** `gardn.beans` is likely to be `garden.beans`. */
function nearTopic(topic: string, takes: readonly string[]): string | undefined {
  const [start = '', ...below] = topic.split('.');
  const [near] = [...nearMisses(topic, takes), ...nearMisses(start, takes).map((found) => [found, ...below].join('.'))];
  return near === undefined ? undefined : `did you mean ${near}?`;
}

/** @throws MootError `invalid` when the idempotency key is too long or holds control characters. */
export function parseKey(key: string): string {
  requireText('key', key, 'one line');
  if (key.length > limits.keyCharacters)
    throw invalid('key', `key has ${key.length} characters; the limit is ${limits.keyCharacters}`);
  return key;
}

function parseLine(field: string, value: string, most: number): void {
  if (isBlank(value)) throw invalid(field, `${field} is blank; leave it out instead`);
  requireText(field, value, 'one line');
  const length = codePoints(value);
  if (length > most) throw invalid(field, `${field} has ${length} characters; the limit is ${most}`);
}

// Real titles hold tabs (RELIABILITY of the network: control characters are refused but newline and tab).
function parseTitle(title: string): void {
  if (isBlank(title)) throw invalid('title', 'title is blank; leave it out instead');
  requireText('title', title, 'many lines');
  const length = codePoints(title);
  if (length > limits.titleCodePoints)
    throw invalid('title', `title has ${length} characters; the limit is ${limits.titleCodePoints}`);
}

function parseBody(body: string): void {
  if (isBlank(body)) throw invalid('body', 'body is required');
  requireText('body', body, 'many lines');
  const bytes = utf8Bytes(body);
  if (bytes > limits.bodyBytes) throw invalid('body', `body has ${bytes} bytes; the limit is ${limits.bodyBytes}`);
}

function parseDate(publishedAtMs: number, nowMs: number): void {
  if (!Number.isSafeInteger(publishedAtMs) || publishedAtMs < 0 || publishedAtMs > lastDateMs)
    throw invalid('publishedAt', 'publishedAt is not a date from 1970 to 9999');
  if (publishedAtMs > nowMs + limits.aheadMs)
    throw invalid('publishedAt', 'publishedAt is more than 10 minutes ahead of this community’s clock');
}

const lastDateMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
