import type { ArticleInfo } from '../../src/web/api.js';

/** An article as the gateway tells it; what does not matter is made up. */
export function articleInfo(id: string, change: Partial<ArticleInfo> = {}): ArticleInfo {
  const time = '2026-01-01T00:00:00.000Z';
  return {
    ...{
      id,
      origin: 'origin',
      originName: 'Hamlet',
      epoch: '1',
      seq: '1',
      topic: 'tea',
      author: 'Ada',
      memberId: 'm1',
    },
    ...{ member: 'Ada', title: null, body: `body of ${id}`, publishedAt: time, storedAt: time, replyTo: null },
    ...change,
  };
}
