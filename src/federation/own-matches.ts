import type { AskRequest, SearchSelf } from '../core/asking.js';
import type { SealedArticle } from '../core/entry.js';
import type { OriginId } from '../core/ids.js';
import { limits } from '../core/limits.js';
import type { LogPlace } from '../core/log.js';
import type { Outcome, Row } from '../core/row.js';
import type { ArticleKey, Found } from '../core/stores.js';
import type { Source } from './merge.js';
import { failureOf } from './peer-failure.js';
import { nothingSaid } from './row-book.js';

/**
 * What the server itself has: found once, held as keys, and loaded a frame at a time when it is pulled. Tells its row as
 * soon as the matches are counted.
 */
export class OwnMatches implements Source {
  private state: 'finding' | 'here' | 'loading' | 'over' = 'finding';
  private keys: readonly ArticleKey[] = [];
  private nextKey = 0;
  private held: readonly SealedArticle[] = [];
  private at = 0;
  private rows: Row[] = [];
  private tookMs = 0;
  private end: LogPlace | undefined;

  constructor(
    private readonly self: SearchSelf,
    private readonly links: readonly OriginId[],
    private readonly request: AskRequest,
    private readonly elapsedMs: () => number,
    private readonly onArrival: () => void,
  ) {}

  begin(): void {
    if (this.request.have.includes(this.self.id)) {
      this.state = 'over';
      return;
    }
    const { filter, before, limit } = this.request;
    const mayMatch = filter.origins.length === 0 || filter.origins.includes(this.self.id);
    // Before it is looked into: what is found is of a log that is at least so long.
    this.end = this.self.end();
    Promise.resolve()
      .then(() => (mayMatch ? this.self.find({ filter, before, limit }) : nothingFound))
      .then((found) => this.found(found))
      .catch((error: unknown) => this.failed(error))
      .finally(this.onArrival);
  }

  get isFinding(): boolean {
    return this.state === 'finding';
  }

  /** Rows that were not taken yet. */
  takeRows(): readonly Row[] {
    const rows = this.rows;
    this.rows = [];
    return rows;
  }

  /** Loads the next frame, unless one is here or on its way. */
  pull(): void {
    if (this.state !== 'here' || this.head()) return;
    this.state = 'loading';
    void this.load(this.frameOfKeys())
      .then((articles) => {
        if (this.state !== 'loading') return;
        this.held = articles;
        this.at = 0;
        this.state = articles.length === 0 && this.nextKey >= this.keys.length ? 'over' : 'here';
      })
      .finally(this.onArrival);
  }

  /** The search has no time left. */
  giveUp(): void {
    this.fail('DEADLINE', 'its store had no time left');
  }

  head(): SealedArticle | undefined {
    return this.held[this.at];
  }

  advance(): void {
    this.at += 1;
    if (this.state === 'here' && !this.head() && this.nextKey >= this.keys.length) this.state = 'over';
  }

  get isOver(): boolean {
    return this.state === 'over' && !this.head();
  }

  /** A store that has no room for one more question will have some soon; anything else is not for strangers. */
  private failed(error: unknown): void {
    const { outcome, reason } = failureOf(error);
    if (outcome === 'OVERLOADED') this.fail(outcome, reason);
    else this.fail('FAILED', 'its store could not be read');
  }

  private found({ keys, held }: Found): void {
    if (this.state !== 'finding') return;
    this.tookMs = this.elapsedMs();
    const row: Row = {
      ...this.row('ANSWERED', ''),
      articles: keys.length,
      digest: this.self.digest(keys.map((key) => key.id)),
      held,
      end: this.end,
      links: this.links,
    };
    this.rows.push(this.self.sign(this.request.queryId, row));
    this.keys = keys;
    this.state = keys.length === 0 ? 'over' : 'here';
  }

  private frameOfKeys(): readonly ArticleKey[] {
    const first = this.nextKey;
    let bytes = 0;
    while (this.nextKey < this.keys.length) {
      bytes += this.keys[this.nextKey]?.bytes ?? 0;
      if (bytes > limits.frameBytes && this.nextKey > first) break;
      this.nextKey += 1;
    }
    return this.keys.slice(first, this.nextKey);
  }

  // One article that cannot be read must not take the others of its frame with it.
  private async load(keys: readonly ArticleKey[]): Promise<readonly SealedArticle[]> {
    try {
      return await this.self.load(keys);
    } catch {
      const read: SealedArticle[] = [];
      for (const key of keys) {
        try {
          read.push(...(await this.self.load([key])));
        } catch {
          this.rows.push(this.row('FAILED', 'an article in its store cannot be read'));
        }
      }
      return read;
    }
  }

  private fail(outcome: Outcome, reason: string): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.tookMs = this.elapsedMs();
    this.rows.push(this.row(outcome, reason));
  }

  /** `via` is for whoever asked to fill in. */
  private row(outcome: Outcome, reason: string): Row {
    const { hop } = this.request;
    const { id, name } = this.self;
    return { ...nothingSaid, serverId: id, name, outcome, hop, via: '', tookMs: this.tookMs, reason };
  }
}

const nothingFound: Found = { keys: [], more: false, held: 0 };
