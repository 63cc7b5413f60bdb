import { input, search, select } from '@inquirer/prompts';
import { systemClock } from '../../core/clock.js';
import type { TerminalStreams } from '../io.js';
import { oneLine } from '../render/plain.js';
import type { Context } from './context.js';
import { Back, Interrupted } from './leaving.js';
import { readLines } from './read-lines.js';
import { waitFor } from './wait-for.js';
import { watchUntil } from './watch-until.js';

export interface Option<T> {
  readonly name: string;
  readonly value: T;
}

/** A line of a list that may change while it is shown. */
export interface Line<T> extends Option<T> {
  /** The same for the same thing, however the list changes around it. */
  readonly key: string;
}

/** Where a search stands. It is kept up to date while the search is on the screen, and the next one begins there. */
export interface Standing {
  typed: string;
  /** The key of the line that the mark is on. */
  active: string | undefined;
  /** When a key was last pressed, on the clock that never runs backwards. */
  touchedMs: number;
}

interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

const pageSize = 14;

/** Questions on a terminal. Each throws `Back` at Escape or Ctrl-D, and `Interrupted` at Ctrl-C. */
export class Prompts {
  constructor(
    private readonly terminal: TerminalStreams,
    /** Fires at a Ctrl-C that no prompt has seen, and when the program is told to end. */
    private readonly signal: AbortSignal,
  ) {}

  /** One of a few, by arrows or by number. */
  choose<T>(message: string, options: readonly Option<T>[]): Promise<T> {
    const config = { message, choices: [...options], pageSize, loop: false, theme: { indexMode: 'number' as const } };
    return this.asked((context) => select<T>(config, context));
  }

  /**
   * One of many: what is typed narrows them down.
   * @returns undefined when `changed` fired first: the list has then left the screen, and `standing` says where it stood.
   */
  search<T>(
    message: string,
    find: (typed: string) => readonly Line<T>[],
    standing: Standing,
    changed: AbortSignal,
  ): Promise<T | undefined> {
    const touched = (now: Partial<Standing>): void => {
      Object.assign(standing, now, { touchedMs: systemClock.monotonic() });
    };
    const marked = find(standing.typed).find(({ key }) => key === standing.active);
    const config = {
      message,
      pageSize,
      initialValue: standing.typed,
      ...(marked && { default: marked.value }),
      source: (typed = '') => {
        touched({ typed });
        return find(typed).map(({ name, value, key }) => ({ name, value, description: key }));
      },
      // The description of the line with the mark is all that the library tells of where it is. It is not for showing.
      theme: {
        style: {
          description: (active: string) => {
            touched({ active });
            return '';
          },
        },
      },
    };
    return this.asked(async ({ signal, ...terminal }) => {
      const context = {
        ...terminal,
        signal: AbortSignal.any([signal, changed]),
        get clearPromptOnDone() {
          return changed.aborted;
        },
      };
      try {
        return await search<T>(config, context);
      } catch (error) {
        if (changed.aborted && !signal.aborted) return undefined;
        throw error;
      }
    });
  }

  /** A line. `wrong` says why it cannot be meant, and it is asked again until it says nothing. */
  line(message: string, wrong: (typed: string) => string | undefined): Promise<string> {
    return this.asked((context) => input({ message, validate: (typed) => wrong(typed) ?? true }, context));
  }

  /** Many lines, pasted or typed, until one that is a single dot, or Ctrl-D. */
  lines(message: string): Promise<string> {
    return this.asked((context) => readLines(message, context), isEscape);
  }

  /**
   * What `work` gives. `doing`, as in `asking Hamlet`, is on the screen while it takes its time. Escape and Ctrl-C end the
   * waiting at once, whatever `work` makes of the signal that it got.
   */
  async waiting<T>(doing: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await this.asked((context) => waitFor(doing, work, context), isEscape);
    } catch (error) {
      if (error instanceof Back) this.terminal.output.write(`${oneLine(doing)}: not waited for any longer\n`);
      throw error;
    }
  }

  /** Lets `work` write as it likes, until a key leaves it. */
  watching(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    return this.asked((context) => watchUntil(work, context));
  }

  private async asked<T>(ask: (context: Context) => Promise<T>, leaves = isLeaving): Promise<T> {
    const { input: from, output } = this.terminal;
    const back = new AbortController();
    const interrupted = new AbortController();
    const onKey = (_: unknown, key: Key | undefined): void => {
      if (key?.ctrl === true && key.name === 'c') interrupted.abort();
      else if (key && leaves(key)) back.abort();
    };
    const onEnd = (): void => interrupted.abort();
    from.on('keypress', onKey);
    from.on('end', onEnd);
    try {
      const signal = AbortSignal.any([this.signal, interrupted.signal, back.signal]);
      return await ask({ input: from, output, signal });
    } catch (error) {
      if (this.signal.aborted || interrupted.signal.aborted) throw new Interrupted();
      if (back.signal.aborted) throw new Back();
      throw error;
    } finally {
      from.off('keypress', onKey);
      from.off('end', onEnd);
    }
  }
}

function isEscape({ name }: Key): boolean {
  return name === 'escape';
}

function isLeaving(key: Key): boolean {
  return isEscape(key) || (key.ctrl === true && key.name === 'd');
}
