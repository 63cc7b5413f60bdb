import type { PublishItem } from '../../client/index.js';
import { isMootError, type MootError } from '../../core/errors.js';
import type { Candidate, Reader } from './candidate.js';
import { readFeed } from './feed/feed.js';
import type { Format } from './format.js';
import { readMbox } from './mail/mbox.js';
import { readNdjson } from './ndjson.js';
import type { Source } from './source.js';
import type { TopicRule } from './topic-rule.js';

export interface ItemEvents {
  /** An item was given; results come in the same order. */
  given(place: string): void;
  /** What cannot be an article, or a file that is not what it should be. */
  refused(place: string, why: MootError): void | Promise<void>;
  read(bytes: number): void;
}

const readers: Readonly<Record<Format, Reader>> = { ndjson: readNdjson, feed: readFeed, mbox: readMbox };

/** What all sources want published, with its idempotency keys. What is bad is named and passed over. */
export async function* importItems(
  sources: readonly Source[],
  topics: TopicRule,
  events: ItemEvents,
): AsyncGenerator<PublishItem> {
  for (const { name, format, open } of sources) {
    const candidates = readers[format]({ name, topics, chunks: counted(open(), events.read) });
    try {
      for await (const candidate of candidates) {
        const item = await tried(candidate.place, () => candidate.toItem(), events);
        if (!item) continue;
        events.given(candidate.place);
        yield item;
      }
    } catch (error) {
      if (!isMootError(error)) throw error;
      await events.refused(name, error);
    }
  }
}

async function tried(place: string, toItem: Candidate['toItem'], events: ItemEvents): Promise<PublishItem | undefined> {
  try {
    return await toItem();
  } catch (error) {
    if (!isMootError(error)) throw error;
    await events.refused(place, error);
    return undefined;
  }
}

async function* counted(chunks: AsyncIterable<Uint8Array>, read: ItemEvents['read']): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    read(chunk.length);
    yield chunk;
  }
}
