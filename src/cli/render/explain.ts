import type { Report, Row } from '../../core/row.js';
import { oneLine } from './plain.js';
import { roughly } from './time.js';
import { cutTo } from './width.js';

interface Step {
  readonly row: Row;
  /** What stands before it: the lines of those that it hangs below. */
  readonly indent: string;
  readonly last: boolean;
  readonly top: boolean;
}

/** Columns of indent, at most: further down, the hop says how deep a row is. */
const deepest = 192;

/**
 * The rows as the tree that was walked: who asked whom, in order, with what came of it, then rounds and calls in words.
 * Each row is drawn once, whatever its `via` says; one whose asker has no row stands by itself and says so.
 */
export function explainLines(report: Report, columns: number): readonly string[] {
  const { rows } = report;
  const known = new Set(rows.map(({ serverId }) => serverId));
  const asked = new Map<string, Row[]>();
  for (const row of rows) asked.set(row.via, [...(asked.get(row.via) ?? []), row]);
  const drawn = new Set<Row>();
  const lines: string[] = [];
  const draw = (root: Row): void => {
    // A walk with a list of its own: a chain of servers may be longer than the stack of calls.
    const ahead: Step[] = [{ row: root, indent: '', last: true, top: true }];
    for (let step = ahead.pop(); step; step = ahead.pop()) {
      const { row, indent, last, top } = step;
      if (drawn.has(row)) continue;
      drawn.add(row);
      const branch = top ? '' : last ? '└─ ' : '├─ ';
      const stray = top && row.via !== '' ? `, asked by ${short(row.via)}, who is not in this account` : '';
      lines.push(cutTo(indent + branch + describe(row) + stray, columns));
      const below = top || indent.length >= deepest ? indent : indent + (last ? '   ' : '│  ');
      const children = (asked.get(row.serverId) ?? []).filter((child) => !drawn.has(child));
      for (const [at, child] of [...children.entries()].reverse())
        ahead.push({ row: child, indent: below, last: at === children.length - 1, top: false });
    }
  };
  for (const row of rows) if (row.via === '') draw(row);
  for (const row of rows) if (!drawn.has(row) && !known.has(row.via)) draw(row);
  for (const row of rows) if (!drawn.has(row)) draw(row);
  lines.push(cutTo(inWords(report), columns));
  return lines;
}

function describe(row: Row): string {
  const age = row.ageMs === undefined ? '' : ` (a copy ${roughly(row.ageMs)} old)`;
  const reason = row.reason === '' ? '' : ` — ${oneLine(row.reason)}`;
  const found = ['ANSWERED', 'STALE', 'WITHHELD'].includes(row.outcome) ? `, ${count(row.articles, 'article')}` : '';
  const name = oneLine(row.name) || short(row.serverId);
  return `${name}: ${row.outcome.toLowerCase()}${age}${found}, ${Math.round(row.tookMs)} ms, hop ${row.hop}${reason}`;
}

function inWords({ rounds, calls, complete, rows }: Report): string {
  const state = complete ? 'complete' : 'not complete';
  return `${count(rounds, 'round')}, ${count(calls, 'call')} to ${count(rows.length, 'server')}; ${state}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function short(id: string): string {
  return `${id.slice(0, 12)}…`;
}
