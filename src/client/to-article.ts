import type { SealedArticle } from '../core/entry.js';
import type { Article } from './types.js';

export function toArticle(sealed: SealedArticle, originName: string | undefined): Article {
  const { entry } = sealed;
  return {
    id: sealed.id,
    origin: entry.origin,
    originName,
    epoch: entry.epoch,
    seq: entry.seq,
    topic: entry.topic,
    author: entry.author,
    memberId: entry.memberId,
    member: entry.memberName,
    title: entry.title,
    body: entry.body,
    publishedAtMs: entry.publishedAtMs,
    storedAtMs: sealed.storedAtMs,
    replyTo: entry.replyTo === '' ? undefined : entry.replyTo,
    sealed,
  };
}
