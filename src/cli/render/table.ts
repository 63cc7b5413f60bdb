import stringWidth from 'string-width';
import { oneLine } from './plain.js';
import { cutTo, padTo } from './width.js';

export interface Column<T> {
  readonly head: string;
  readonly text: (row: T) => string;
  /** Numbers stand to the right. */
  readonly right?: boolean;
}

const gap = '  ';
const narrowest = 6;

/**
 * Rows in columns, the head first. Where they do not fit into `columns`, the widest are cut, never below six; and where that
 * is too wide still, each row is a list of its own. Pass Infinity where nobody looks at a terminal, so that a script gets all of it.
 */
export function table<T>(layout: readonly Column<T>[], rows: readonly T[], columns: number): string {
  const cells = [layout.map(({ head }) => head), ...rows.map((row) => layout.map(({ text }) => oneLine(text(row))))];
  const widths = narrow(
    layout.map((_, at) => Math.max(...cells.map((line) => stringWidth(line[at] ?? '')))),
    columns - gap.length * (layout.length - 1),
  );
  if (sum(widths) + gap.length * (layout.length - 1) > columns) return lists(cells, columns);
  return cells
    .map(
      (line) =>
        `${line
          .map((cell, at) => place(cell, widths[at] ?? 0, layout[at]?.right))
          .join(gap)
          .trimEnd()}\n`,
    )
    .join('');
}

/** A line for each cell, its head before it, and an empty one between two rows. */
function lists([heads = [], ...rows]: readonly (readonly string[])[], columns: number): string {
  const width = Math.max(...heads.map((head) => stringWidth(head)));
  const list = (row: readonly string[]): string =>
    row.map((cell, at) => `${cutTo(`${padTo(heads[at] ?? '', width)}${gap}${cell}`, columns)}\n`).join('');
  return rows.map(list).join('\n');
}

function place(cell: string, width: number, right = false): string {
  const cut = cutTo(cell, width);
  return right ? ' '.repeat(Math.max(0, width - stringWidth(cut))) + cut : padTo(cut, width);
}

function narrow(natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  for (let over = sum(widths) - room; over > 0; ) {
    const widest = Math.max(...widths);
    if (widest <= narrowest) break;
    const at = widths.indexOf(widest);
    const next = Math.max(narrowest, ...widths.filter((width) => width < widest));
    const less = Math.max(1, Math.min(over, widest - next));
    widths[at] = widest - less;
    over -= less;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
