import { oneLine } from '../render/plain.js';
import type { Column } from '../render/table.js';
import { table } from '../render/table.js';
import type { Session } from '../session.js';
import { Back } from './leaving.js';
import type { Option, Prompts } from './prompts.js';

export interface List<T> {
  readonly message: string;
  /** What is said when there is nothing to pick. */
  readonly none: string;
  /** Gets the list; called anew whenever it is shown. */
  readonly fetch: () => Promise<readonly T[]>;
  readonly columns: (rows: readonly T[]) => readonly Column<T>[];
}

const refresh = Symbol('refresh');
const back = Symbol('back');
// The mark of the active line, and the last column, which some terminals break the line at.
const margin = 4;

/** One of a list of any length: typing narrows it down by any of its columns. @throws Back */
export async function pick<T>(session: Session, prompts: Prompts, list: List<T>): Promise<T> {
  for (;;) {
    const rows = await list.fetch();
    if (rows.length === 0) {
      await session.say(`${list.none}\n`);
      throw new Back();
    }
    const chosen = await prompts.search(list.message, finder(rows, list.columns(rows), session.columns - margin));
    if (chosen === back) throw new Back();
    if (chosen !== refresh) return chosen as T;
  }
}

function finder<T>(
  rows: readonly T[],
  layout: readonly Column<T>[],
  width: number,
): (typed: string) => readonly Option<T | typeof refresh | typeof back>[] {
  const lines = table(layout, rows, width).split('\n').slice(1);
  const all = rows.map((value, at) => ({
    option: { name: lines[at] ?? '', value },
    words: fold(`${lines[at] ?? ''} ${layout.map(({ text }) => oneLine(text(value))).join(' ')}`),
    first: fold(layout[0]?.text(value) ?? ''),
  }));
  const actions = [
    { name: 'refresh the list', value: refresh },
    { name: 'back to the menu', value: back },
  ] as const;
  return (typed) => {
    const term = fold(typed);
    const found = all.filter(({ words }) => words.includes(term));
    // What is typed in full comes before what only holds it: 1 before 10.
    found.sort((a, b) => Number(b.first === term) - Number(a.first === term));
    return [...found.map(({ option }) => option), ...actions.filter(({ name }) => name.includes(term))];
  };
}

function fold(text: string): string {
  return oneLine(text).toLowerCase();
}
