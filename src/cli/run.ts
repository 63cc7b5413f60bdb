import { type Command, CommanderError, type OptionValues } from 'commander';
import { codeOf } from '../core/errors.js';
import { exit, toFailure } from './failure.js';
import { type Io, OutputClosed } from './io.js';
import { createProgram } from './program.js';
import { Session } from './session.js';
import { readSettings } from './settings.js';
import { usage } from './usage.js';
import type { Runner } from './verb.js';

/**
 * One run of `moot` with the words after its name.
 * @returns the exit status; what went wrong has then been said on stderr. The first Ctrl-C ends what the command does, a
 * second one everything, at once.
 */
export async function run(argv: readonly string[], io: Io, version: string): Promise<number> {
  const interrupted = new AbortController();
  const unhook = io.onSignal(() => (interrupted.signal.aborted ? io.exit(exit.interrupted) : interrupted.abort()));
  const printed: string[] = [];
  let session: Session | undefined;
  const runner: Runner = (work) =>
    async function action(this: Command) {
      const settings = await readSettings(this, io.env, this.name() === 'doctor');
      session = new Session(this.name(), io, settings, interrupted.signal);
      await work(session, this.opts<Parameters<typeof work>[1] & OptionValues>(), ...this.args);
    };
  const program = createProgram({ version, runner, print: (text) => printed.push(text) });
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync([...argv], { from: 'user' });
    await io.stdout.write(printed.join(''));
    return session?.status ?? exit.done;
  } catch (error) {
    if (error instanceof OutputClosed) return exit.done;
    if (error instanceof CommanderError && error.exitCode === 0) return await printOnly(io, printed);
    if (interrupted.signal.aborted && codeOf(error) === 'cancelled') return exit.interrupted;
    const doing = session?.doing ?? commandOf(program, argv);
    const failure = toFailure(
      error instanceof CommanderError ? fromCommander(error, doing) : error,
      doing,
      argv.includes('--debug'),
    );
    await io.stderr.write(failure.text).catch(() => undefined);
    return failure.status;
  } finally {
    unhook();
    await session?.close();
  }
}

async function printOnly(io: Io, printed: readonly string[]): Promise<number> {
  await io.stdout.write(printed.join('')).catch(() => undefined);
  return exit.done;
}

function commandOf(program: Command, argv: readonly string[]): string | undefined {
  const names = new Set(program.commands.map((command) => command.name()));
  return argv.find((word) => names.has(word));
}

/** Commander says what is wrong in its message, and after a line break what may have been meant. */
function fromCommander(error: CommanderError, command: string | undefined): Error {
  const [what = '', meant] = error.message.replace(/^error: /, '').split('\n');
  const near = /Did you mean (?:one of )?(.+)\?/.exec(meant ?? '')?.[1];
  const help = command === undefined ? 'moot --help' : `moot ${command} --help`;
  const isCommand = error.code === 'commander.unknownCommand';
  return usage(what, near === undefined ? help : isCommand ? `moot ${near}` : near);
}
