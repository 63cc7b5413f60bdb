import type { Draft } from '../../../core/draft.js';
import { invalid } from '../../../core/errors.js';
import type { Candidate, Content, Reader } from '../candidate.js';
import { ImportKeys, keyOfId } from '../keys.js';
import { lineOf } from '../line-of.js';
import { parseMoment } from '../moment.js';
import { type TopicRule, topicOf } from '../topic-rule.js';
import { documentText } from './document-text.js';
import type { FeedContent, FeedItem } from './feed-item.js';

/** A feed is read as a whole: the text, and some four times as much for what is in it. */
const feedBytes = 64 * 1024 * 1024;

/** RSS, RDF, Atom or JSON Feed. */
export const readFeed: Reader = async function* ({ name, chunks, topics }): AsyncGenerator<Candidate> {
  const { parseFeedContent } = await import('./feed-item.js');
  const feed = parseFeedContent(documentText(await wholeOf(chunks)));
  const keys = new ImportKeys();
  for (const [at, item] of feed.items.entries())
    yield {
      place: `${name}: item ${at + 1}`,
      toItem: () => {
        const draft = toDraft(item, feed, topics);
        return { draft, key: item.id === undefined ? keys.next(draft) : keyOfId('feed', feed.id, item.id) };
      },
    };
};

async function wholeOf(chunks: Content['chunks']): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > feedBytes) throw invalid('file', `a feed is read as a whole, and may have ${feedBytes} bytes at most`);
    kept.push(chunk);
  }
  return Buffer.concat(kept);
}

function toDraft(item: FeedItem, feed: FeedContent, topics: TopicRule): Draft {
  const text = item.body();
  const link = item.link !== undefined && !text.includes(item.link) ? item.link : '';
  const body = [text, link].filter((part) => part.trim() !== '').join('\n\n');
  const title = lineOf(item.title);
  return {
    topic: topicOf(topics, item.categories),
    author: lineOf(item.author) ?? lineOf(feed.author),
    // Where there is nothing but a title, it is what the article says.
    title: body === '' ? undefined : title,
    body: body || (title ?? ''),
    publishedAtMs: item.date === undefined ? undefined : parseMoment(item.date),
  };
}
