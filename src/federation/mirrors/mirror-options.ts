import type { Retention } from '../../core/log.js';
import { feedBounds } from './feed-bounds.js';

/** What is kept of other communities. */
export interface MirrorOptions {
  readonly mirrorDays: number;
  /** Entries that are kept of what one link brings. */
  readonly mirrorArticles: number;
  readonly originsPerLink: number;
}

export const mirrorDefaults: MirrorOptions = {
  mirrorDays: 7,
  mirrorArticles: 1_000_000,
  originsPerLink: feedBounds.originsPerLink,
};

const dayMs = 86_400_000;

/** What goes, as of `nowMs`. */
export function retentionOf({ mirrorDays, mirrorArticles }: MirrorOptions, nowMs: number): Retention {
  return { storedBeforeMs: nowMs - mirrorDays * dayMs, mostEntries: mirrorArticles };
}
