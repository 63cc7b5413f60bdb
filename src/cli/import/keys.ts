import { createHash } from 'node:crypto';
import type { Draft } from '../../core/draft.js';

/**
 * Idempotency keys that follow from what is imported, so that a second run adds nothing. Lines that say the same in one
 * file are articles of their own: they are numbered.
 */
export class ImportKeys {
  private readonly seen = new Map<string, number>();

  next(draft: Draft): string {
    const { topic, author = null, title = null, body, publishedAtMs = null } = draft;
    const content = JSON.stringify([topic, author, title, body, publishedAtMs]);
    const hash = createHash('sha256').update(content).digest('base64url');
    const number = (this.seen.get(hash) ?? 0) + 1;
    this.seen.set(hash, number);
    return `import-${hash}-${number}`;
  }
}
