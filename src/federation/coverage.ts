import type { Edge } from '../core/asking.js';
import type { OriginId } from '../core/ids.js';
import type { Row } from '../core/row.js';
import { bounds } from './bounds.js';
import type { Round } from './round.js';
import { nothingSaid } from './row-book.js';
import { Ways } from './ways.js';

/** Who has answered a query so far, over all its rounds, and who has not. */
export class Coverage {
  private readonly best = new Map<OriginId, Row>();
  private readonly failedEdges = new Map<string, Edge>();
  private readonly ways: Ways;
  private hasLearned = false;
  /** Who is missing, since the last round. */
  private claims: ReadonlyMap<OriginId, Claim> | undefined;

  constructor(private readonly root: OriginId) {
    this.ways = new Ways(root);
  }

  /** Takes in a round that has been checked. */
  close(round: Round): void {
    this.hasLearned = false;
    this.claims = undefined;
    for (const row of round.rows.values()) {
      if (this.hasAnswered(row.serverId)) continue;
      if (row.outcome === 'ANSWERED') this.hasLearned = true;
      // Of two failures the nearer one says more; a later round comes by longer ways.
      else if ((this.best.get(row.serverId)?.hop ?? row.hop) < row.hop) continue;
      this.best.set(row.serverId, row);
    }
    for (const edge of round.failedEdges) {
      const key = `${edge.from} ${edge.to}`;
      if (this.failedEdges.has(key)) continue;
      this.hasLearned = true;
      this.failedEdges.set(key, edge);
    }
    for (const [id, { by }] of this.missing())
      this.ways.missed(
        id,
        by.map(({ serverId }) => serverId),
      );
  }

  hasAnswered(server: OriginId): boolean {
    return this.best.get(server)?.outcome === 'ANSWERED';
  }

  /** Every server that was named has answered, the first one among them. */
  get isClosed(): boolean {
    return this.missing().size === 0;
  }

  /**
   * Whom another round need not ask, for none who is missing is behind them; undefined when another round is of no use: all
   * claims have failed, or the same has been tried and taught nothing, so that a server which claims links it does not have
   * cannot make us go on.
   */
  nextRound(): { readonly visited: readonly OriginId[] } | undefined {
    if (!this.hasAnswered(this.root)) return this.hasLearned ? { visited: [] } : undefined;
    const targets = [...this.missing()].flatMap(([id, { isOpen }]) => (isOpen ? [id] : []));
    const isOpen = (from: OriginId, to: OriginId): boolean => !this.failedEdges.has(`${from} ${to}`);
    const links = new Map(this.answered().map((row) => [row.serverId, row.links]));
    const asked = this.ways.next(links, targets, isOpen, this.hasLearned);
    const known = [...this.have(), ...targets.slice(0, bounds.have)];
    return asked && { visited: known.filter((server) => server !== this.root && !asked.has(server)) };
  }

  /** Those whose answers are here, whole; nobody when they are so many that to name them costs more than to ask them again. */
  have(): readonly OriginId[] {
    const answered = this.answered();
    return answered.length > bounds.have ? [] : answered.map(({ serverId }) => serverId);
  }

  avoid(): readonly Edge[] {
    return [...this.failedEdges.values()].slice(-bounds.avoid);
  }

  answered(): readonly Row[] {
    return [...this.best.values()].filter(({ outcome }) => outcome === 'ANSWERED');
  }

  /** What came of a server, if anything was heard of it. */
  rowOf(server: OriginId): Row | undefined {
    const [claimant] = this.missing().get(server)?.by ?? [];
    return this.best.get(server) ?? (claimant && unheardOf(server, claimant));
  }

  /**
   * One row for each server that was named, the first one at the top, then by hop and name.
   * @param stale rows of those for whom a mirror answered.
   */
  rows(stale: ReadonlyMap<OriginId, Row>): readonly Row[] {
    const rows = [...new Map([...this.named(), ...stale]).values()];
    const key = (row: Row): number => (row.serverId === this.root ? -1 : row.hop);
    return rows.sort((a, b) => key(a) - key(b) || compareText(a.name, b.name) || compareText(a.serverId, b.serverId));
  }

  private named(): ReadonlyMap<OriginId, Row> {
    const rows = new Map(this.best);
    const unheard = new Map<Row, number>();
    for (const [id, { by }] of this.missing()) {
      const [claimant] = by;
      if (!claimant || rows.has(id)) continue;
      const count = (unheard.get(claimant) ?? 0) + 1;
      unheard.set(claimant, count);
      if (count <= bounds.unheardRows) rows.set(id, unheardOf(id, claimant));
    }
    for (const [claimant, count] of unheard) {
      const more = count - bounds.unheardRows;
      if (more <= 0) continue;
      const reason = `it links to ${more} more that are not named here: no word of them came`;
      rows.set(claimant.serverId, { ...claimant, reason });
    }
    return rows;
  }

  private missing(): ReadonlyMap<OriginId, Claim> {
    this.claims ??= this.findMissing();
    return this.claims;
  }

  private findMissing(): ReadonlyMap<OriginId, Claim> {
    const missing = new Map<OriginId, Claim>();
    if (!this.hasAnswered(this.root)) missing.set(this.root, { by: [], isOpen: false });
    for (const row of this.answered()) {
      for (const id of row.links) {
        if (this.hasAnswered(id)) continue;
        const known = missing.get(id);
        const isOpen = known?.isOpen === true || !this.failedEdges.has(`${row.serverId} ${id}`);
        missing.set(id, { by: known ? [...known.by, row] : [row], isOpen });
      }
    }
    return missing;
  }
}

/** That a server is linked to. */
interface Claim {
  readonly by: readonly Row[];
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
