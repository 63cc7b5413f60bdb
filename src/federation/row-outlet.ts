import type { OriginId } from '../core/ids.js';
import type { Row } from '../core/row.js';
import { bounds } from './bounds.js';

/** Rows beside those that the link to who sends them, and the links that they have named, account for. */
export function unaccounted(rows: number, links: number): number {
  return rows - bounds.rowsPerLink * (1 + links);
}

/**
 * The rows that a server sends, as whoever asked it counts them: its own comes first, since its links account for the others, and
 * of failures no more follow than it is believed. A server that has a thousand dead links is not taken for one that invents them.
 */
export class RowOutlet {
  private readonly waiting: Row[] = [];
  private readonly told = new Set<OriginId>();
  private rows = 0;
  private links = 0;

  /** @param isCounted by who asked; where the query began nobody counts. */
  constructor(
    private readonly isCounted: boolean,
    private readonly send: (row: Row) => void,
  ) {}

  /** Until the own row is known all others wait. */
  hold(row: Row): void {
    this.waiting.push(row);
  }

  release(): void {
    for (const row of this.waiting.splice(0)) this.pass(row);
  }

  pass(row: Row): void {
    const isNews = row.outcome !== 'ANSWERED' && !this.told.has(row.serverId);
    // Who began the query names them all the same, from the links of those who answered.
    if (isNews && this.isCounted && unaccounted(this.rows, this.links) >= bounds.unaccountedPassedOn) return;
    this.told.add(row.serverId);
    this.rows += 1;
    this.links += row.links.length;
    this.send(row);
  }
}
