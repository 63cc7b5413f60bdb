import type { Edge } from '../core/asking.js';
import type { SealedArticle } from '../core/entry.js';
import type { OriginId } from '../core/ids.js';
import { comparePlaces, type LogPlace } from '../core/log.js';
import type { Row } from '../core/row.js';
import { areSameBytes } from '../core/same-bytes.js';
import { bytesOf } from './frame-builder.js';
import { nothingSaid } from './row-book.js';

/** What one round of a query brought. */
export class Round {
  /** The last row about each server: it holds. */
  readonly rows = new Map<OriginId, Row>();
  /** Links that were tried and did not bring what they claimed. */
  readonly failedEdges: Edge[] = [];
  articles = 0;
  bytes = 0;
  calls = 0;
  private readonly received = new Map<OriginId, string[]>();

  noteRow(row: Row): void {
    const before = this.rows.get(row.serverId);
    // Of two failures the nearer one says more.
    const isFarther = before !== undefined && haveFailed(before, row) && before.hop < row.hop;
    // A broken branch does not know who asked; the row it replaces does.
    if (!isFarther) this.rows.set(row.serverId, row.via === '' && before ? { ...row, via: before.via } : row);
    if (row.outcome !== 'ANSWERED') this.failed(row);
  }

  noteArticles(articles: readonly SealedArticle[]): void {
    for (const article of articles) {
      this.articles += 1;
      this.bytes += bytesOf(article);
      const ids = this.received.get(article.entry.origin);
      if (ids) ids.push(article.id);
      else this.received.set(article.entry.origin, [article.id]);
    }
  }

  /**
   * Holds each answer against what the server itself said it sends; one that does not agree becomes FAILED. Where the
   * round was cut, fewer articles are no fault.
   */
  check(digest: (ids: readonly string[]) => Uint8Array, isCut: boolean): void {
    for (const row of [...this.rows.values()]) {
      if (row.outcome !== 'ANSWERED') continue;
      const ids = this.received.get(row.serverId) ?? [];
      if (isCut && ids.length < row.articles) continue;
      if (ids.length === row.articles && areSameBytes(digest(ids), row.digest)) continue;
      // Whoever was on the way may have kept them: the last link is as good as before.
      this.rows.set(row.serverId, { ...row, ...nothingSaid, outcome: 'FAILED', reason: 'articles missing' });
    }
  }

  /**
   * Holds each answer against what the server has said before about the length of its log: an answer from a shorter one, an old
   * copy or one that is shown to some alone, is WITHHELD.
   */
  checkLengths(shown: (server: OriginId) => LogPlace | undefined): void {
    for (const row of [...this.rows.values()]) {
      const said = row.outcome === 'ANSWERED' && row.end ? shown(row.serverId) : undefined;
      if (!said || !row.end || comparePlaces(said, row.end) <= 0) continue;
      const reason = `it answered for a log of ${row.end.seq} entries, and its head has said ${said.seq}`;
      this.rows.set(row.serverId, { ...row, ...nothingSaid, outcome: 'WITHHELD', reason });
    }
  }

  private failed(row: Row): void {
    if (row.via !== '') this.failedEdges.push({ from: row.via, to: row.serverId });
  }
}

function haveFailed(...rows: readonly Row[]): boolean {
  return rows.every(({ outcome }) => outcome !== 'ANSWERED');
}
