import { invalid } from '../../core/errors.js';
import { limits } from '../../core/limits.js';

/** Where articles go whose format has no topics. */
export interface TopicRule {
  /** --topic */
  readonly given: string | undefined;
  /** --topic-from category */
  readonly fromCategory: boolean;
}

/**
 * The topic of what is in `categories`: with --topic-from the first of them that can be one (`Garden Notes` is `garden-notes`),
 * below that of --topic where there is one; else that of --topic.
 * @throws MootError `invalid` where neither says.
 */
export function topicOf({ given, fromCategory }: TopicRule, categories: readonly string[]): string {
  const [category] = fromCategory ? categories.map(toWord).filter((word) => word !== '') : [];
  const topic = [given, category].filter((part) => part !== undefined).join('.');
  if (topic !== '') return topic.slice(0, limits.topicCharacters).replace(/\.+$/, '');
  throw invalid('topic', 'topic is missing: it has no category; --topic says where it goes');
}

function toWord(category: string): string {
  const plain = category
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return plain
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '')
    .join('-');
}
