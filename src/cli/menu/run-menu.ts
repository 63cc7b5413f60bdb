import { exit, toFailure } from '../failure.js';
import { OutputClosed } from '../io.js';
import type { Session } from '../session.js';
import { Back, Interrupted } from './leaving.js';
import type { Option, Prompts } from './prompts.js';

/** One entry of a menu; `doing` says what failed when it throws: `cannot join`. */
export interface Entry {
  readonly name: string;
  readonly doing: string;
  readonly work: (session: Session, prompts: Prompts) => Promise<void>;
}

/**
 * Shows a menu again and again. What an entry throws is said as a sentence, and the menu comes again: only Quit ends it,
 * and Ctrl-C, with status 130.
 */
export async function runMenu(
  session: Session,
  prompts: Prompts,
  title: string,
  first: Entry,
  entries: readonly Entry[],
): Promise<void> {
  const options: Option<Entry | undefined>[] = entries.map((entry) => ({ name: entry.name, value: entry }));
  options.push({ name: 'Quit', value: undefined });
  try {
    await attempt(session, prompts, first);
    for (;;) {
      const entry = await chosen(prompts, title, options);
      if (!entry) return;
      await attempt(session, prompts, entry);
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    session.status = exit.interrupted;
    await session.complain('interrupted\n');
  }
}

async function chosen<T>(prompts: Prompts, title: string, options: readonly Option<T>[]): Promise<T> {
  for (;;) {
    try {
      return await prompts.choose(title, options);
    } catch (error) {
      // There is nothing behind the menu to go back to.
      if (!(error instanceof Back)) throw error;
    }
  }
}

async function attempt(session: Session, prompts: Prompts, { doing, work }: Entry): Promise<void> {
  try {
    await work(session, prompts);
  } catch (error) {
    if (error instanceof Back) return;
    if (session.signal.aborted) throw new Interrupted();
    if (error instanceof Interrupted || error instanceof OutputClosed) throw error;
    await session.complain(toFailure(error, doing, session.settings.debug).text);
  }
}
