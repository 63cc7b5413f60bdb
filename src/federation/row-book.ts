import type { OriginId } from '../core/ids.js';
import type { Row } from '../core/row.js';

/** Which way a row came: a peer's id, or the own id. */
export type Way = OriginId;

/** The rows that came to one server in one query, and what it passes on of them. */
export interface RowKeeping {
  /** @returns what to pass on. Along one way the last row about a server holds, so the order counts. */
  note(way: Way, row: Row): readonly Row[];
  /** The way broke before its end: what ANSWERED along it may not be whole. @returns the rows that replace theirs. */
  broke(way: Way): readonly Row[];
  hasAnswered(server: OriginId): boolean;
}

interface Answer {
  readonly row: Row;
  readonly way: Way;
}

export class RowBook implements RowKeeping {
  private readonly answers = new Map<OriginId, Answer>();

  note(way: Way, row: Row): readonly Row[] {
    const known = this.answers.get(row.serverId);
    if (row.outcome === 'ANSWERED') {
      if (known && known.way !== way) return [];
      this.answers.set(row.serverId, { row, way });
      return [row];
    }
    if (!known) return [row];
    if (known.way === way) {
      this.answers.delete(row.serverId);
      return [row];
    }
    // Somebody could not reach it, another could: both are told, and the answer holds.
    return [row, known.row];
  }

  broke(way: Way): readonly Row[] {
    const lost = [...this.answers.values()].filter((answer) => answer.way === way && answer.row.serverId !== way);
    for (const { row } of lost) this.answers.delete(row.serverId);
    return lost.map(({ row }) => brokenRow(row));
  }

  hasAnswered(server: OriginId): boolean {
    return this.answers.has(server);
  }
}

/** `via` is empty, for nobody's call to it failed: the link to it is as good as before, and may be tried again. */
function brokenRow(row: Row): Row {
  return { ...row, ...nothingSaid, outcome: 'FAILED', via: '', reason: 'branch broke' };
}

/** What a row holds that is not ANSWERED. */
export const nothingSaid = {
  ageMs: undefined,
  articles: 0,
  digest: new Uint8Array(0),
  held: 0,
  end: undefined,
  links: [],
  signed: undefined,
} as const;
