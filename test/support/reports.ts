import type { Report, Row } from '../../src/core/row.js';

export function rowOf(id: string, given: Partial<Row> = {}): Row {
  return {
    serverId: id,
    name: `name of ${id}`,
    outcome: 'ANSWERED',
    hop: 0,
    via: '',
    tookMs: 7,
    ageMs: undefined,
    reason: '',
    articles: 0,
    digest: new Uint8Array(0),
    held: 0,
    links: [],
    signed: undefined,
    ...given,
  };
}

export function answered(id: string, articles: number): Row {
  return rowOf(id, { articles, links: ['b'] });
}

export function reportOf(rows: readonly Row[], complete = false): Report {
  return { complete, next: undefined, rounds: 1, calls: 1, coverageChanged: false, rows };
}
