import type { PublishItem } from '../../client/index.js';
import type { TopicRule } from './topic-rule.js';

/** One thing of a file that may become an article. */
export interface Candidate {
  /** As messages name it: `minutes.ndjson:7`, `feed.xml: item 7`. */
  readonly place: string;
  /**
   * @returns undefined where there is nothing: a blank line.
   * @throws MootError `invalid` naming the field. What a draft may hold is judged when it is published.
   */
  toItem(): PublishItem | undefined | Promise<PublishItem | undefined>;
}

/** A file as its reader gets it. */
export interface Content {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly topics: TopicRule;
}

/** What is in a file of one format, in its order. @throws MootError `invalid` where the file as a whole is none. */
export type Reader = (content: Content) => AsyncGenerator<Candidate>;
