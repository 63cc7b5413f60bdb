import { describe, expect, it } from '@jest/globals';
import { explainLines } from '../../src/cli/render/explain.js';
import { reportOf, rowOf } from '../support/reports.js';

const wide = Number.POSITIVE_INFINITY;
const row = (id: string, via: string, hop: number, more = {}) => rowOf(id, { name: id, via, hop, ...more });

describe('N9 --explain draws the traversal of the query just made', () => {
  it('a ring is a line', () => {
    const rows = [row('A', '', 0, { articles: 2 }), row('B', 'A', 1, { articles: 1 }), row('C', 'B', 2)];
    expect(explainLines({ ...reportOf(rows, true), rounds: 1, calls: 2 }, wide)).toEqual([
      'A: answered, 2 articles, 7 ms, hop 0',
      '└─ B: answered, 1 article, 7 ms, hop 1',
      '   └─ C: answered, 0 articles, 7 ms, hop 2',
      '1 round, 2 calls to 3 servers; complete',
    ]);
  });

  it('a clique is drawn by who asked, not by who links', () => {
    const links = ['A', 'B', 'C', 'D'];
    const rows = [row('A', '', 0), row('B', 'A', 1), row('D', 'B', 2), row('C', 'A', 1)];
    expect(
      explainLines(
        reportOf(
          rows.map((one) => ({ ...one, links })),
          true,
        ),
        wide,
      ).map((line) => line.split(':')[0]),
    ).toEqual(['A', '├─ B', '│  └─ D', '└─ C', '1 round, 1 call to 4 servers; complete']);
  });

  it('a dead server says why, and a copy how old it is', () => {
    const dead = row('B', 'A', 1, { outcome: 'UNREACHABLE', reason: 'the server cannot\nbe reached\u001b[2J' });
    const stale = row('C', 'A', 1, { outcome: 'STALE', ageMs: 120_000 });
    const lines = explainLines({ ...reportOf([row('A', '', 0), dead, stale]), rounds: 2, calls: 3 }, wide);
    expect(lines.slice(1)).toEqual([
      '├─ B: unreachable, 7 ms, hop 1 — the server cannot be reached\ufffd[2J',
      '└─ C: stale (a copy 2 min old), 0 articles, 7 ms, hop 1',
      '2 rounds, 3 calls to 3 servers; not complete',
    ]);
  });

  it('every row is drawn once, even when its asker is unknown or the rows go in a circle', () => {
    const rows = [row('A', '', 0), row('X', 'nobody-at-all', 3), row('P', 'Q', 4), row('Q', 'P', 5), row('S', 'S', 1)];
    const lines = explainLines(reportOf(rows), wide);
    expect(lines).toHaveLength(rows.length + 1);
    expect(lines[1]).toContain(
      'X: answered, 0 articles, 7 ms, hop 3, asked by nobody-at-al…, who is not in this account',
    );
    for (const { name } of rows) expect(lines.filter((line) => line.includes(`${name}: `))).toHaveLength(1);
    expect(explainLines(reportOf([]), wide)).toEqual(['1 round, 1 call to 0 servers; not complete']);
  });

  it('40 servers in a chain are 40 lines, none wider than the terminal', () => {
    const rows = Array.from({ length: 40 }, (_, n) => row(`Server${n}`, n === 0 ? '' : `Server${n - 1}`, n));
    const lines = explainLines(reportOf(rows), 60);
    expect(lines).toHaveLength(41);
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(60);
    expect(lines[39]).toMatch(/…$/);
  });

  it('a chain of 5,000 servers does not break it', () => {
    const rows = Array.from({ length: 5000 }, (_, n) => row(`S${n}`, n === 0 ? '' : `S${n - 1}`, n));
    expect(explainLines(reportOf(rows), 40)).toHaveLength(5001);
  });
});
