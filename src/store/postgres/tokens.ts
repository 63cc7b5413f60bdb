import { words } from '../../core/text.js';
import { sha256 } from '../../identity/hash.js';

/** What an index of PostgreSQL takes as one key is less than a third of its page of 8 KiB. */
const longestBytes = 1000;
const kept = 200;

/** The words of a text, each once, as the index has them; they hold no space. */
export function tokensOf(text: string): string[] {
  return [...new Set(words(text))].map(shortened);
}

/**
 * A text that is short enough for an index. A long one keeps its beginning and ends in its hash, behind a character that no
 * word, topic or author has: two are the same only where the texts are. PostgreSQL has no U+0000 in texts, and whoever searches
 * has neither.
 */
export function shortened(text: string): string {
  if (text.length * 3 <= longestBytes || Buffer.byteLength(text) <= longestBytes) return text.replaceAll('\0', mark);
  const hash = Buffer.from(sha256(Buffer.from(text, 'utf8'))).toString('hex');
  return `${text.slice(0, kept).toWellFormed().replaceAll('\0', mark)}${mark}${hash}`;
}

const mark = '\u0001';
