import type { Published } from '../../core/stores.js';

/** What came of an article that was sent, as people read it. */
export function publishedText({ id, duplicate, held }: Published, community: string): string {
  if (held) return `held: ${id} in ${community}, until a moderator lets it in\n`;
  return `${duplicate ? 'this key has its article already' : 'published'}: ${id} in ${community}\n`;
}
