import { createInterface } from 'node:readline';
import { input, search, select } from '@inquirer/prompts';
import type { TerminalStreams } from '../io.js';
import { Back, Interrupted } from './leaving.js';

export interface Option<T> {
  readonly name: string;
  readonly value: T;
}

interface Context extends TerminalStreams {
  readonly signal: AbortSignal;
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
    /** Fires at Ctrl-C while nothing is asked. */
    private readonly signal: AbortSignal,
  ) {}

  /** One of a few, by arrows or by number. */
  choose<T>(message: string, options: readonly Option<T>[]): Promise<T> {
    const config = { message, choices: [...options], pageSize, loop: false, theme: { indexMode: 'number' as const } };
    return this.asked((context) => select<T>(config, context));
  }

  /** One of many: what is typed narrows them down. */
  search<T>(message: string, find: (typed: string) => readonly Option<T>[]): Promise<T> {
    const source = (typed: string | undefined): Option<T>[] => [...find(typed ?? '')];
    return this.asked((context) => search<T>({ message, source, pageSize }, context));
  }

  /** A line. `wrong` says why it cannot be meant, and it is asked again until it says nothing. */
  line(message: string, wrong: (typed: string) => string | undefined): Promise<string> {
    return this.asked((context) => input({ message, validate: (typed) => wrong(typed) ?? true }, context));
  }

  /** Many lines, pasted or typed, until one that is a single dot, or Ctrl-D. */
  lines(message: string): Promise<string> {
    return this.asked(
      ({ input: from, output, signal }) =>
        new Promise((resolve, reject) => {
          const lines: string[] = [];
          output.write(`${message}\n`);
          const reader = createInterface({ input: from, output, terminal: true, prompt: '  ', historySize: 0 });
          const end = (settle: () => void): void => {
            settle();
            signal.removeEventListener('abort', left);
            reader.close();
          };
          // The line that was begun stands alone: what is said next begins at the left.
          const left = (): void => {
            output.write('\n');
            end(() => reject(new Back()));
          };
          signal.addEventListener('abort', left, { once: true });
          reader.on('SIGINT', () => {
            output.write('\n');
            end(() => reject(new Interrupted()));
          });
          reader.on('close', () => {
            // Ctrl-D; everything else has settled it by now.
            end(() => resolve(lines.join('\n')));
            output.write('\n');
          });
          reader.on('line', (line) => {
            if (line === '.') return end(() => resolve(lines.join('\n')));
            lines.push(line);
            reader.prompt();
          });
          reader.prompt();
        }),
      ({ name }) => name === 'escape',
    );
  }

  private async asked<T>(ask: (context: Context) => Promise<T>, leaves = isLeaving): Promise<T> {
    const { input: from, output } = this.terminal;
    const back = new AbortController();
    const gone = new AbortController();
    const onKey = (_: unknown, key: Key | undefined): void => {
      if (key && leaves(key)) back.abort();
    };
    const onEnd = (): void => gone.abort();
    from.on('keypress', onKey);
    from.on('end', onEnd);
    try {
      const signal = AbortSignal.any([this.signal, gone.signal, back.signal]);
      return await ask({ input: from, output, signal });
    } catch (error) {
      if (this.signal.aborted || gone.signal.aborted) throw new Interrupted();
      if (back.signal.aborted) throw new Back();
      // The library's word for Ctrl-C.
      if (error instanceof Error && error.name === 'ExitPromptError') throw new Interrupted();
      throw error;
    } finally {
      from.off('keypress', onKey);
      from.off('end', onEnd);
    }
  }
}

function isLeaving({ name, ctrl }: Key): boolean {
  return name === 'escape' || (ctrl === true && name === 'd');
}
