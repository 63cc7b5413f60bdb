import type { Edge } from '../core/asking.js';
import type { OriginId } from '../core/ids.js';
import type { Row } from '../core/row.js';
import { bounds } from './bounds.js';
import type { Round } from './round.js';
import { nothingSaid } from './row-book.js';

/** Who has answered a query so far, over all its rounds, and who has not. */
export class Coverage {
  private readonly best = new Map<OriginId, Row>();
  private readonly failedEdges = new Map<string, Edge>();
  private hasLearned = false;

  constructor(private readonly root: OriginId) {}

  /** Takes in a round that has been checked. */
  close(round: Round): void {
    this.hasLearned = false;
    for (const row of round.rows.values()) {
      if (this.hasAnswered(row.serverId)) continue;
      if (row.outcome === 'ANSWERED') this.hasLearned = true;
      this.best.set(row.serverId, row);
    }
    for (const edge of round.failedEdges) {
      const key = `${edge.from} ${edge.to}`;
      if (this.failedEdges.has(key)) continue;
      this.hasLearned = true;
      this.failedEdges.set(key, edge);
    }
  }

  hasAnswered(server: OriginId): boolean {
    return this.best.get(server)?.outcome === 'ANSWERED';
  }

  /** Every server that was named has answered, the first one among them. */
  get isClosed(): boolean {
    return this.missing().size === 0;
  }

  /**
   * Another round may bring a server that is missing: somebody who answered links to it, and that link has not failed. A
   * round that taught nothing is the last, so that a server which claims links it does not have cannot make us go on.
   */
  get isWorthAsking(): boolean {
    return this.hasLearned && [...this.missing()].some(([id, claimed]) => id === this.root || claimed.isOpen);
  }

  /** Those whose answers are here, whole. */
  have(): readonly OriginId[] {
    return this.answered()
      .map(({ serverId }) => serverId)
      .slice(0, bounds.have);
  }

  avoid(): readonly Edge[] {
    return [...this.failedEdges.values()].slice(-bounds.avoid);
  }

  answered(): readonly Row[] {
    return [...this.best.values()].filter(({ outcome }) => outcome === 'ANSWERED');
  }

  /** One row for each server that was named, the first one at the top, then by hop and name. */
  rows(): readonly Row[] {
    const rows = [...this.best.values()];
    for (const [id, { by }] of this.missing()) if (by && !this.best.has(id)) rows.push(unheardOf(id, by));
    const key = (row: Row): number => (row.serverId === this.root ? -1 : row.hop);
    return rows.sort((a, b) => key(a) - key(b) || compareText(a.name, b.name) || compareText(a.serverId, b.serverId));
  }

  private missing(): ReadonlyMap<OriginId, Claim> {
    const missing = new Map<OriginId, Claim>();
    if (!this.hasAnswered(this.root)) missing.set(this.root, { by: undefined, isOpen: false });
    for (const row of this.answered()) {
      for (const id of row.links) {
        if (this.hasAnswered(id)) continue;
        const isOpen = missing.get(id)?.isOpen === true || !this.failedEdges.has(`${row.serverId} ${id}`);
        missing.set(id, { by: missing.get(id)?.by ?? row, isOpen });
      }
    }
    return missing;
  }
}

/** That a server is linked to. */
interface Claim {
  readonly by: Row | undefined;
  /** Over a link that has not failed yet. */
  readonly isOpen: boolean;
}

function unheardOf(serverId: OriginId, by: Row): Row {
  const reason = 'no word of it came';
  const place = { hop: by.hop + 1, via: by.serverId, tookMs: 0 };
  return { ...nothingSaid, serverId, name: '', outcome: 'FAILED', ...place, reason };
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
