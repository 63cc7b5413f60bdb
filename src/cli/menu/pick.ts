import { systemClock } from '../../core/clock.js';
import { oneLine } from '../render/plain.js';
import { type Column, table } from '../render/table.js';
import type { Session } from '../session.js';
import { Back } from './leaving.js';
import { keepUp, type Shown } from './live-list.js';
import type { Line, Prompts, Standing } from './prompts.js';

export interface List<T> {
  readonly message: string;
  /** What is being done while it is fetched: `asking Hamlet`. */
  readonly doing: string;
  /** What is said when there is nothing to pick. */
  readonly none: string;
  /** Gets the list; called anew again and again while it is shown. */
  readonly fetch: (signal: AbortSignal) => Promise<readonly T[]>;
  /** What a row is told by among the others, whatever changes about it. */
  readonly key: (row: T) => string;
  readonly columns: (rows: readonly T[]) => readonly Column<T>[];
}

const back = Symbol('back');
// The mark of the active line, what may be said after a row, and the last column, which some terminals break the line at.
const margin = 11;

/**
 * One of a list of any length: typing narrows it down by any of its columns. The list changes on the screen as it changes
 * where it comes from, and the mark stays on the row it is on. @throws Back
 */
export async function pick<T>(session: Session, prompts: Prompts, list: List<T>): Promise<T> {
  const standing: Standing = { typed: '', active: undefined, touchedMs: systemClock.monotonic() };
  let shown: Shown<T> = { rows: await prompts.waiting(list.doing, list.fetch), gone: new Set(), outdated: undefined };
  for (;;) {
    if (shown.rows.length === 0) {
      await session.say(`${list.none}\n`);
      throw new Back();
    }
    const change = new AbortController();
    const over = new AbortController();
    const next = keepUp(list, shown, standing, over.signal);
    next.then(
      () => change.abort(),
      () => change.abort(),
    );
    const find = finder(list, shown, session.columns - margin);
    const message = shown.outdated === undefined ? list.message : `${list.message} (not up to date: ${shown.outdated})`;
    try {
      const chosen = await prompts.search(message, find, standing, change.signal);
      if (chosen === back) throw new Back();
      if (chosen !== undefined) return await present(session, list, shown, chosen as T);
    } finally {
      over.abort();
    }
    shown = (await next) ?? shown;
  }
}

/** @throws Back when it was there only for the mark to have something to stand on. */
async function present<T>(session: Session, { key, columns }: List<T>, { rows, gone }: Shown<T>, row: T): Promise<T> {
  if (!gone.has(key(row))) return row;
  const name =
    columns(rows)
      .find(({ head }) => head === 'NAME')
      ?.text(row) ?? '';
  await session.complain(`moot: ${oneLine(name)} is not there any longer\n`);
  throw new Back();
}

function finder<T>(
  { key, columns }: List<T>,
  { rows, gone }: Shown<T>,
  width: number,
): (typed: string) => readonly Line<T | typeof back>[] {
  const layout = columns(rows);
  const lines = table(layout, rows, width).split('\n').slice(1);
  const all = rows.map((value, at) => {
    const name = `${lines[at] ?? ''}${gone.has(key(value)) ? '  (gone)' : ''}`;
    return {
      line: { name, value, key: key(value) },
      words: fold(`${name} ${layout.map(({ text }) => text(value)).join(' ')}`),
      exact: layout.slice(0, 2).map(({ text }) => fold(text(value))),
    };
  });
  const leave = { name: 'back to the menu', value: back, key: 'back' } as const;
  return (typed) => {
    const term = fold(typed);
    const found = all.filter(({ words }) => words.includes(term));
    // What is typed in full comes before what only holds it: 1 before 10.
    found.sort((a, b) => Number(b.exact.includes(term)) - Number(a.exact.includes(term)));
    return [...found.map(({ line }) => line), ...(leave.name.includes(term) ? [leave] : [])];
  };
}

function fold(text: string): string {
  return oneLine(text).toLowerCase();
}
