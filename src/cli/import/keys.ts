import { createHash } from 'node:crypto';
import type { Draft } from '../../core/draft.js';
import { SeenHashes } from './seen-hashes.js';

/**
 * Idempotency keys that follow from what is imported, so that a second run adds nothing. Lines that say the same in one
 * file are articles of their own: they are numbered.
 */
export class ImportKeys {
  private readonly seen = new SeenHashes();

  next(draft: Draft): string {
    const { topic, author = null, title = null, body, publishedAtMs = null } = draft;
    const hash = hashOf([topic, author, title, body, publishedAtMs]);
    return `import-${hash.toString('base64url')}-${this.seen.count(hash)}`;
  }
}

/** The key of what has an id of its own: the same wherever it is imported from, and however it was changed since. */
export function keyOfId(...id: readonly string[]): string {
  return `import-id-${hashOf(id).toString('base64url')}`;
}

function hashOf(content: readonly unknown[]): Buffer {
  return createHash('sha256').update(JSON.stringify(content)).digest();
}
