import PostalMime, { decodeWords, type Email } from 'postal-mime';
import type { PublishItem } from '../../../client/index.js';
import { invalid } from '../../../core/errors.js';
import { htmlToText } from '../html/to-text.js';
import { type ImportKeys, keyOfId } from '../keys.js';
import { lineOf } from '../line-of.js';
import { momentOf, parseMoment } from '../moment.js';
import { type TopicRule, topicOf } from '../topic-rule.js';

/** Archives on the web hide addresses: `From: ada at example.org (Ada L.)`. */
const archivedFrom = /^\S+ at \S+ \(([^()]+)\)$/;
/** At the end of `From ada@example.org Sat Jan  3 01:05:34 1996`. */
const arrival = /[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d(?::\d\d)? \d{4}/;

/**
 * A mail as an article: its text, or its HTML as text. What is attached is left out.
 * @param envelope the line before it.
 * @param keys for mails without an id.
 * @throws MootError `invalid` naming what it lacks.
 */
export async function parseMail(
  bytes: Uint8Array,
  envelope: string,
  topics: TopicRule,
  keys: ImportKeys,
): Promise<PublishItem> {
  const mail = await PostalMime.parse(bytes).catch((cause: unknown) => {
    throw invalid('message', `it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  });
  const body = textOf(mail);
  if (body === '') throw invalid('body', `it has no text${attached(mail.attachments.length)}`);
  const draft = {
    topic: topicOf(topics, headerOf(mail, 'keywords').split(',')),
    author: authorOf(mail),
    title: lineOf(mail.subject),
    body,
    publishedAtMs: dateOf(mail.date, envelope),
  };
  return { draft, key: mail.messageId ? keyOfId('mail', mail.messageId) : keys.next(draft) };
}

/** A message that has only HTML has no text of its own. */
function textOf({ text = '', html = '' }: Email): string {
  // A page break is a control character to everybody else.
  const plain = text.replace(/\r\n?|[\f\v]/g, '\n').trimEnd();
  return plain === '' ? htmlToText(html) : plain.replace(/^\n+/, '');
}

function authorOf(mail: Email): string | undefined {
  const archived = archivedFrom.exec(headerOf(mail, 'from').trim())?.[1];
  return lineOf(archived && decodeWords(archived)) ?? lineOf(mail.from?.name) ?? lineOf(mail.from?.address);
}

function headerOf(mail: Email, name: string): string {
  return mail.headers.find(({ key }) => key === name)?.value ?? '';
}

function attached(count: number): string {
  return count === 0 ? '' : `, only ${count === 1 ? 'an attachment' : `${count} attachments`}`;
}

/** Old mails have dates that nobody can read, or none; the line before them was written by a machine. */
function dateOf(date: string | undefined, envelope: string): number {
  const arrived = Date.parse(`${arrival.exec(envelope)?.[0] ?? ''} UTC`);
  return momentOf(date ?? '') ?? (Number.isNaN(arrived) ? parseMoment(date ?? '') : arrived);
}
