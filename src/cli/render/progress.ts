import { Writable } from 'node:stream';
import type { SingleBar } from 'cli-progress';
import type { Io, Output } from '../io.js';
import type { Settings } from '../settings.js';
import { cutTo } from './width.js';

const barColumns = 24;

interface Place {
  readonly io: Pick<Io, 'stderr'>;
  readonly settings: Pick<Settings, 'quiet' | 'json'>;
}

/**
 * How far a long work is, on the last line of the terminal: a bar where the end is known, else what has been done. It is
 * there for who looks on: nothing where stderr is no terminal, with --quiet, and with --json.
 */
export class Progress {
  private constructor(
    private readonly bar: SingleBar | undefined,
    private readonly stream: Writable | undefined,
    /** Undefined or 0: nobody knows how much there is. */
    private readonly total: number | undefined,
  ) {}

  static async open({ io, settings }: Place, total: number | undefined): Promise<Progress> {
    if (!io.stderr.isTTY || settings.quiet || settings.json) return new Progress(undefined, undefined, total);
    const { default: cli } = await import('cli-progress');
    const stream = terminalOf(io.stderr);
    const bar = new cli.SingleBar({
      stream,
      format: (_, { progress, maxWidth }, { words }: { words: string }) =>
        cutTo(total ? `${drawn(progress)} ${Math.floor(progress * 100)} %  ${words}` : words, maxWidth - 1),
      clearOnComplete: true,
      gracefulExit: false,
      // As the terminal has it: who is killed must not leave one behind that does not wrap.
      linewrap: null,
    });
    return new Progress(bar, stream, total);
  }

  /** `done` of the total, and in words. */
  show(done: number, words: string): void {
    if (!this.bar) return;
    if (this.bar.isActive) this.bar.update(done, { words });
    else this.bar.start(this.total ?? 0, done, { words });
  }

  /** Takes the line away, so that something else may be written; what is shown next brings it back. */
  async clear(): Promise<void> {
    if (!this.bar?.isActive) return;
    this.bar.stop();
    await new Promise((resolve) => this.stream?.write('', resolve));
  }
}

function drawn(progress: number): string {
  const full = Math.round(Math.min(1, progress) * barColumns);
  return `${'█'.repeat(full)}${'░'.repeat(barColumns - full)}`;
}

/** A terminal as the bar wants it. Nobody is hurt when it has gone: what it would have shown is told in other ways. */
function terminalOf(output: Output): Writable & { readonly isTTY: boolean; readonly columns: number } {
  const stream = new Writable({
    decodeStrings: false,
    write: (text: string, _, done) => {
      output.write(text).then(
        () => done(),
        () => done(),
      );
    },
  });
  return Object.defineProperties(Object.assign(stream, { isTTY: true, columns: output.columns }), {
    columns: { get: () => output.columns },
  });
}
