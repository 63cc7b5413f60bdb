import type { Session } from '../session.js';

interface Listing<Item> {
  /** What --json gives of one. */
  readonly line: (item: Item) => object;
  readonly table: (items: readonly Item[], columns: number) => string;
  /** Said when there are none. */
  readonly none: string;
}

/** A list as every listing command shows it: a line each to scripts, as it comes, a table to people, and a note when it is empty. */
export async function showList<Item>(
  session: Session,
  items: Iterable<Item> | AsyncIterable<Item>,
  { line, table, none }: Listing<Item>,
): Promise<void> {
  const shown: Item[] = [];
  for await (const item of items) {
    await session.give(line(item));
    shown.push(item);
  }
  if (shown.length > 0) await session.say(table(shown, session.columns));
  else await session.note(`${none}\n`);
}
