import type { MirrorView, SearchSelf } from '../core/asking.js';
import type { SealedArticle } from '../core/entry.js';
import type { ArticleFilter } from '../core/filter.js';
import type { OriginId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import type { Position } from '../core/position.js';
import type { Row } from '../core/row.js';
import { bytesOf } from './frame-builder.js';
import { nothingSaid } from './row-book.js';

export interface MirroredQuestion {
  readonly filter: ArticleFilter;
  readonly before: Position | undefined;
  readonly limit: number;
}

/** What a mirror has to say in the place of its origin. */
export interface MirroredAnswer {
  readonly articles: readonly SealedArticle[];
  /** These are all of its matches. */
  readonly isWhole: boolean;
  readonly held: number;
}

/** Asks the mirrors that one query needs. */
export class MirrorReader {
  private readonly ahead = new Map<OriginId, Promise<MirroredAnswer>>();

  constructor(
    private readonly self: SearchSelf,
    private readonly question: MirroredQuestion,
  ) {}

  /** Reads those that `wants` says, a page of them at most, while others are waited for anyway. Never throws. */
  async readAhead(wants: (origin: OriginId) => boolean): Promise<void> {
    let bytes = 0;
    for (const view of await this.self.mirrors().catch(() => [])) {
      if (bytes > limits.pageBytes) return;
      if (this.ahead.has(view.origin) || !wants(view.origin)) continue;
      const reading = this.ask(view);
      this.ahead.set(view.origin, reading);
      const { articles } = await reading.catch(() => ({ articles: [] }));
      bytes += articles.reduce((sum, article) => sum + bytesOf(article), 0);
    }
  }

  read(view: MirrorView): Promise<MirroredAnswer> {
    return this.ahead.get(view.origin) ?? this.ask(view);
  }

  private async ask({ origin }: MirrorView): Promise<MirroredAnswer> {
    const { keys: all, more, held } = await this.self.find({ ...this.question, origin });
    // A page is cut by its bytes as well: what lies past them need not be read.
    let bytes = 0;
    const keys = all.filter((key, at) => {
      bytes += key.bytes;
      return at === 0 || bytes <= limits.pageBytes;
    });
    const articles = await this.self.load(keys);
    return { articles, isWhole: !more && keys.length === all.length, held };
  }
}

/**
 * The row of an origin in whose place its mirror has answered.
 * @param silent the row it had so far, if any.
 * @param why it was asked, and that row says why it did not answer.
 */
export function staleRow(
  self: SearchSelf,
  { origin, name, ageMs, withheld, quiet }: MirrorView,
  { articles, held }: MirroredAnswer,
  silent: Row | undefined,
  why: boolean,
): Row {
  // Somebody who says that it is away accounts for its silence; when nobody has a word of it, the silence is the news.
  const isUnheard = why && silent?.outcome === 'FAILED';
  const fault = withheld ?? (isUnheard ? quiet : undefined);
  const isWithheld = fault !== undefined || silent?.outcome === 'WITHHELD';
  const told = silent && why ? `${silent.outcome.toLowerCase()}: ${silent.reason}` : undefined;
  return {
    ...nothingSaid,
    serverId: origin,
    name: silent && silent.name !== '' ? silent.name : name,
    outcome: isWithheld ? 'WITHHELD' : 'STALE',
    hop: silent?.hop ?? 0,
    via: silent?.via ?? self.id,
    tookMs: silent?.tookMs ?? 0,
    ageMs,
    reason: [fault, told].filter((part) => part !== undefined).join('; ') || 'served from the copy kept here',
    articles: articles.length,
    held,
  };
}
