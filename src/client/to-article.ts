import type { Entry, SealedArticle } from '../core/entry.js';
import type { EntryId } from '../core/ids.js';
import type { Article } from './types.js';

/** An article of an answer. */
export function toArticle(sealed: SealedArticle, originName: string | undefined): Article {
  return { ...toLiveArticle(sealed.id, sealed.entry, sealed.storedAtMs), originName, sealed };
}

/** An article of a subscription. */
export function toLiveArticle(id: EntryId, entry: Entry, storedAtMs: number): Article {
  return {
    id,
    origin: entry.origin,
    originName: undefined,
    epoch: entry.epoch,
    seq: entry.seq,
    topic: entry.topic,
    author: entry.author,
    memberId: entry.memberId,
    member: entry.memberName,
    title: entry.title,
    body: entry.body,
    publishedAtMs: entry.publishedAtMs,
    storedAtMs,
    replyTo: entry.replyTo === '' ? undefined : entry.replyTo,
    sealed: undefined,
  };
}
